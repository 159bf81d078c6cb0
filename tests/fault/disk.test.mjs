// A disk that is full: under PostgreSQL's tables, under its log of changes, under the gateway's own
// logs. Who is refused is told so, what was acknowledged stays, and all goes on when there is space.
// The disks are small tmpfs mounts, which needs root (or sudo without a password) and a machine that
// allows it: an ordinary container does not, and then nothing of this is tested, which is said.
import { after, before, test as always } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { city, root, until } from '../lib/city.mjs';

const PLENTY = 1 << 30;
let place;
let data; // PostgreSQL's disk
let logs; // the gateway's
let town;
let officer;
const made = []; // the names of what was acknowledged

const asRoot = (program, ...args) => execFileSync(...(process.getuid() === 0 ? [program, args] : ['sudo', ['-n', program, ...args]]), { stdio: ['ignore', 'pipe', 'pipe'] });
const cluster = (command, ...more) => execFileSync(path.join(root, 'tools/cluster'), [command, data, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });

/** null, or why there can be no small disk here. */
function refused() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbtry-'));
  try {
    asRoot('mount', '-t', 'tmpfs', '-o', 'size=1m', 'jiebang-test', folder);
    asRoot('umount', folder);
    return null;
  } catch (error) {
    return String(error.stderr || error.message).trim();
  } finally {
    fs.rmdirSync(folder);
  }
}

const reason = refused();
if (reason) console.log(`# NOT TESTED: full disks, because nothing can be mounted here: ${reason}`);
const test = reason ? () => {} : always;

function disk(name) {
  const folder = path.join(place, name);
  fs.mkdirSync(folder);
  asRoot('mount', '-t', 'tmpfs', '-o', `size=${PLENTY},mode=755,uid=${process.getuid()}`, 'jiebang-test', folder);
  return folder;
}

/** Leaves a disk so many bytes beside what is on it; tmpfs counts in pages. */
function leave(folder, bytes) {
  const { blocks, bfree, bsize } = fs.statfsSync(folder);
  asRoot('mount', '-o', `remount,size=${bytes === PLENTY ? PLENTY : (blocks - bfree) * bsize + bytes}`, folder);
}

before(async () => {
  if (reason) return;
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbdisk-'));
  fs.chmodSync(place, 0o755);
  [data, logs] = [disk('data'), disk('logs')];
  cluster('start', '--fast');
  process.env.JB_TEST_CLUSTER = data;
  town = await city({ template: 'jinzhou', settings: { cache_mb: 0, access_log: path.join(logs, 'access.log') } });
  officer = town.client();
  await officer.signIn('officer1', 'Sample-city-2026');
});
after(async () => {
  if (reason) return;
  for (const folder of [data, logs].filter(Boolean)) leave(folder, PLENTY);
  try {
    if (data) cluster('start', '--fast'); // a test may have left it down
    await town?.stop();
  } finally {
    if (data) cluster('stop', '--fast');
    for (const folder of [data, logs].filter(Boolean)) asRoot('umount', '-l', folder);
    fs.rmSync(place, { recursive: true, force: true });
  }
});
async function make() {
  const name = `示例企业${randomUUID()}`;
  const answer = await officer.post('/units', { name, kind: 'enterprise' });
  if (answer.status < 300) made.push(name);
  return answer;
}
const found = async () => (await town.sql('select name from party.unit where name = any (string_to_array($1, \',\'))', [made.join(',')])).length;

/** Acts until one is refused. */
async function refusal() {
  for (let i = 0; i < 500; i += 1) {
    const answer = await make();
    if (answer.status >= 300) return answer;
  }
  throw new Error('500 acts went through');
}

test('tables without space: an act is a 503 that says when to come back, and reads go on', async () => {
  leave(data, 32 * 1024);
  const refused = await refusal();
  assert.deepEqual([refused.status, refused.problem], [503, 'busy']);
  assert.match(refused.headers['retry-after'], /^[1-9]\d*$/);
  assert.deepEqual([(await officer.get('/units')).status, (await officer.get('/readyz')).status], [200, 200]);
});

test('with space again the next act goes through, and all that was acknowledged is there', async () => {
  leave(data, PLENTY);
  assert.equal((await make()).status, 201);
  assert.ok(made.length >= 1);
  assert.equal(await found(), made.length);
});

test('no space for the log of changes: 503 and not ready, but alive', async () => {
  leave(data, 32 * 1024);
  for (let i = 0; i < 200; i += 1) { // PostgreSQL gives up when the next segment cannot be made
    try {
      await town.sql('do $do$ begin perform pg_logical_emit_message(true, $$test$$, repeat($$x$$, 1000)); perform pg_switch_wal(); end $do$');
    } catch {
      break;
    }
  }
  await until(async () => (await officer.get('/readyz')).status === 503, 'it is not ready');
  const act = await make();
  assert.equal(act.status, 503, act.text);
  assert.match(act.headers['retry-after'], /^[1-9]\d*$/);
  assert.equal((await officer.get('/healthz')).status, 200);
});

test('with space again PostgreSQL starts, the gateway finds it, and all that was acknowledged is there', async () => {
  leave(data, PLENTY);
  cluster('start', '--fast');
  await until(async () => (await make()).status === 201, 'an act goes through');
  assert.equal(await found(), made.length);
});

const accessLog = () => fs.readFileSync(path.join(logs, 'access.log'), 'utf8');

test('no space for the gateway\'s logs: it answers as before', async () => {
  leave(logs, 0);
  const size = accessLog().length;
  let last;
  for (let i = 0; i < 200; i += 1) last = await officer.get('/healthz');
  assert.equal(last.status, 200);
  await until(async () => Number(/^jb_access_lines_lost_total (\d+)$/m.exec((await officer.get('/metrics')).text)?.[1]) > 0, 'lost lines are counted');
  assert.ok(accessLog().length - size < 8192, 'the log is full');
  assert.equal((await make()).status, 201);
});

test('with space again the gateway logs whole lines', async () => {
  leave(logs, PLENTY);
  const id = randomUUID();
  await officer.get(`/none-${id}`);
  const line = await until(() => accessLog().split('\n').find((one) => one.includes(id)), 'the request is logged', 10000);
  assert.equal(JSON.parse(line).status, 404);
});
