// ./run as an operator meets it: what it leaves on the disk, what happens when one of its processes
// is killed, and that nothing is left running when it ends, however it ends.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client, freePort, root, until } from '../lib/city.mjs';

let place;
let dir;
let port;
let release;
let run;

/** Our processes: those that run from the folder's bin/ or on its cluster. */
function processes(what = '') {
  const found = [];
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const mine = line.startsWith(`${dir}/bin/`) || line.includes(`-D ${dir}/pg`);
      if (mine && line.includes(what)) found.push({ pid: Number(pid), line, uid: fs.statSync(`/proc/${pid}`).uid });
    } catch {
      // it ended while we looked
    }
  }
  return found;
}

const probe = async () => {
  const client = new Client(`https://localhost:${port}`);
  try {
    return (await client.get('/readyz', { timeout: 2000 })).status;
  } finally {
    client.close();
  }
};

function start() {
  const ready = path.join(place, `ready-${Date.now()}`);
  const child = spawn(path.join(root, 'run'),
    ['--production', '--dir', dir, '--port', String(port), '--gateways', '2', '--no-install', '--ready-file', ready],
    { stdio: ['ignore', 'ignore', 'pipe'] });
  const self = { child, log: '' };
  child.stderr.setEncoding('utf8').on('data', (text) => { self.log += text; });
  self.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  self.ready = until(() => {
    if (child.exitCode !== null) throw new Error(self.log);
    return fs.existsSync(ready);
  }, 'run is ready', 120000);
  return self;
}

const again = (options) => spawnSync(path.join(root, 'run'), ['--production', '--no-install', ...options], { encoding: 'utf8', timeout: 60000 });

before(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbrun-'));
  fs.chmodSync(place, 0o755);
  dir = path.join(place, 'var');
  ({ port, release } = await freePort());
  run = start();
  await run.ready;
});

after(() => {
  run.child.kill('SIGKILL');
  for (const { pid } of processes()) process.kill(pid, 'SIGKILL');
  release();
  fs.rmSync(place, { recursive: true, force: true });
});

test('a production start names the first administrator\'s token and no account', async () => {
  assert.match(run.log, /first administrator's token.*[0-9a-f]{64}/s);
  assert.doesNotMatch(run.log, /样例/);
});

test('no process runs as root', () => {
  const uids = processes().map((process_) => process_.uid);
  assert.ok(uids.length >= 4, 'PostgreSQL, two gateways and a worker');
  assert.ok(uids.every((uid) => uid !== 0));
});

test('secrets can be read by the services alone', () => {
  for (const name of ['app', 'tls.key']) {
    assert.equal(fs.statSync(path.join(dir, 'secret', name)).mode & 0o777, 0o400, name);
  }
  assert.equal(fs.statSync(path.join(dir, 'secret')).mode & 0o777, 0o700);
});

test('no secret stands on a command line', () => {
  const secret = fs.readFileSync(path.join(dir, 'secret/app'), 'utf8').trim();
  assert.equal(secret.length, 64);
  assert.ok(processes().every(({ line }) => !line.includes(secret)));
});

test('a second run on the same folder is refused', () => {
  const end = again(['--dir', dir, '--port', String(port + 1)]);
  assert.equal(end.status, 1);
  assert.match(end.stderr, /another run already uses/);
});

test('a port that is taken is refused before anything starts', () => {
  const end = again(['--dir', path.join(place, 'other'), '--port', String(port)]);
  assert.equal(end.status, 1);
  assert.match(end.stderr, /is taken/);
  assert.ok(!fs.existsSync(path.join(place, 'other/pg')));
});

for (const [options, refusal] of [
  [['--port', '70000'], /--port is a number from 1 to 65535, not '70000'/],
  [['--gateways', '0'], /--gateways is a number from 1/],
  [['--plain'], /--plain needs a value/],
  [['--scenario', 'nowhere'], /no scenario 'nowhere'; there are: jinzhou liaoning/],
]) {
  test(`${options.join(' ')} is refused before anything starts`, () => {
    const elsewhere = path.join(place, 'never');
    const end = again(['--dir', elsewhere, ...options]);
    assert.equal(end.status, 1);
    assert.match(end.stderr, refusal);
    assert.ok(!fs.existsSync(elsewhere));
  });
}

for (const name of ['jiebang-worker', 'jiebang-match', 'jiebang-gateway']) {
  test(`${name} killed is started again, and the service answers all the while`, async () => {
    const victims = processes(name).map(({ pid }) => pid);
    process.kill(victims[0], 'SIGKILL');
    await until(() => {
      const now = processes(name).map(({ pid }) => pid);
      return now.length === victims.length && !now.includes(victims[0]);
    }, `${name} is back`);
    await until(async () => (await probe()) === 200, 'the service answers');
  });
}

/** Asks the private cluster; throws while it does not answer. */
function ask(text) {
  const conninfo = `${execFileSync(path.join(root, 'tools/cluster'), ['conninfo', dir], { encoding: 'utf8' }).trim()} dbname=jiebang`;
  return execFileSync('psql', ['-XqAt', '-d', conninfo, '-c', text], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

test('PostgreSQL killed is started again and the gateways find it', async () => {
  const postmaster = Number(fs.readFileSync(path.join(dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(postmaster, 'SIGKILL');
  // its backends outlive it for a moment, and through them the gateways still answer
  const started = () => Number(fs.readFileSync(path.join(dir, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
  await until(() => started() !== postmaster && ask('select 1') === '1', 'PostgreSQL is back', 60000);
  await until(async () => (await probe()) === 200, 'the service answers', 30000);
});

test('killed itself, it leaves no process behind, and the next start finds the data', async () => {
  ask("insert into meta.setting values ('kept', '\"yes\"')");
  run.child.kill('SIGKILL');
  await run.ended;
  await until(() => processes().length === 0, 'all have ended', 40000);
  run = start();
  await run.ready;
  assert.equal(ask("select value #>> '{}' from meta.setting where name = 'kept'"), 'yes');
});

test('asked to end, it ends with 0 and leaves no process behind', async () => {
  run.child.kill('SIGTERM');
  assert.deepEqual(await run.ended, { code: 0, signal: null });
  assert.deepEqual(processes(), []);
});

test('a folder that holds a production database takes no sample city', () => {
  const end = spawnSync(path.join(root, 'run'), ['--no-install', '--dir', dir, '--port', String(port), '--city', 'jinzhou'],
    { encoding: 'utf8', timeout: 60000 });
  assert.equal(end.status, 1);
  assert.match(end.stderr, /holds 'production'/);
  assert.deepEqual(processes(), []);
});
