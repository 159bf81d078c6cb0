// jiebang-ctl as operators use it: as the role jb_ops, on a city of its own.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bin, city } from '../lib/city.mjs';

let town;
let folder;

before(async () => {
  town = await city({ template: 'empty', gateways: 0 });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbctl-'));
});
after(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await town?.stop();
});

/** Runs a command: its exit code and what it said. */
async function ctl(args, { input, env } = {}) {
  const child = spawn(path.join(bin, 'jiebang-ctl'), args, { env: { ...process.env, DATABASE_URL: town.ops, ...env } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
  child.stdin.on('error', () => {}); // it may end before it reads
  child.stdin.end(input ?? '');
  const [code] = await once(child, 'close');
  assert.doesNotMatch(err, /Sanitizer|runtime error/);
  return { code, out, err };
}

function file(name, text) {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text);
  return at;
}

test('without a command it shows what there is and fails', async () => {
  const { code, err } = await ctl([]);
  assert.equal(code, 2);
  assert.match(err, /advance-clock INTERVAL/);
});

test('--help lists every command and succeeds', async () => {
  const { code, out } = await ctl(['--help']);
  assert.equal(code, 0);
  for (const name of ['first-admin', 'import', 'export', 'verify', 'codes', 'calendar', 'set-clock', 'hash-password']) {
    assert.match(out, new RegExp(`^  ${name}\\b`, 'm'));
  }
});

test('an unknown command and a missing argument are refused', async () => {
  assert.equal((await ctl(['dance'])).code, 2);
  assert.equal((await ctl(['import', 'expert'])).code, 2);
  assert.equal((await ctl(['verify', 'now'])).code, 2);
});

test('a database that is not there is said', async () => {
  const { code, err } = await ctl(['verify'], { env: { DATABASE_URL: 'host=/nonexistent' } });
  assert.equal(code, 1);
  assert.match(err, /^verify: cannot connect to the database: /);
});

test('first-admin prints a token of which the database keeps only the hash', async () => {
  const { code, out } = await ctl(['first-admin']);
  assert.equal(code, 0);
  assert.match(out, /^[0-9a-f]{64}\n$/);
  const hash = createHash('sha256').update(Buffer.from(out.trim(), 'hex')).digest('hex');
  const rows = await town.sql("select encode(hash, 'hex') as hash, used_at from auth.one_time where kind = 'first_admin'");
  assert.deepEqual(rows, [{ hash, used_at: null }]);
});

test('hash-password reads stdin and prints an Argon2id hash, another one each time', async () => {
  const hashes = await Promise.all([1, 2].map(() => ctl(['hash-password'], { input: '示例 Passw0rd\n' })));
  for (const { code, out } of hashes) {
    assert.equal(code, 0);
    assert.match(out, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$[^$\s]+\$[^$\s]+\n$/);
  }
  assert.notEqual(hashes[0].out, hashes[1].out);
  assert.equal((await ctl(['hash-password'], { input: '' })).code, 2);
  assert.equal((await ctl(['hash-password'], { input: '\n' })).code, 1);
});

test('the clock moves where the city allows it, and nowhere else', async () => {
  await town.sql('update meta.clock set movable = false');
  const refused = await ctl(['set-clock', '2026-03-01T09:00:00+08:00']);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /the clock of this city cannot be moved/);
  await town.sql('update meta.clock set movable = true');
  const set = await ctl(['set-clock', '2026-03-01T09:00:00+08:00']);
  assert.deepEqual([set.code, set.out], [0, '2026-03-01T09:00:00+08:00\n']);
  assert.equal((await ctl(['advance-clock', '2 days 1 hour'])).out, '2026-03-03T10:00:00+08:00\n');
  assert.equal((await ctl(['advance-clock', 'soon'])).code, 1);
  const real = await ctl(['set-clock', 'real']);
  assert.equal(real.code, 0);
  assert.ok(Math.abs(Date.parse(real.out.trim()) - Date.now()) < 60000);
});

test('verify says each check, and fails when one fails', async () => {
  const good = await ctl(['verify']);
  assert.equal(good.code, 0, good.out);
  assert.match(good.out, /\d\d checks, 0 failed\n$/);
  // an item without any history: what must never be
  await town.sql(`insert into workflow.item (machine, preset, state, title, since, created_at)
    select machine, 'jinzhou', state, 'orphan', now(), now() from workflow.state limit 1`);
  const bad = await ctl(['verify']);
  assert.equal(bad.code, 1);
  assert.match(bad.out, /^FAILED every item has its whole history/m);
});

test('a calendar is loaded from its file', async () => {
  const days = [{ day: '2031-01-01', off: true, name: '元旦' }];
  const good = await ctl(['calendar', 'load', file('2031.json', JSON.stringify({ year: 2031, source: '示例', days }))]);
  assert.equal(good.code, 0, good.err);
  assert.deepEqual(await town.sql("select off, name from ref.calendar_day where day = '2031-01-01'"), [{ off: true, name: '元旦' }]);
  assert.equal((await ctl(['calendar', 'load', file('bad.json', '{"year"')])).code, 1);
  assert.equal((await ctl(['calendar', 'save', 'x'])).code, 2);
});

test('a file that cannot be text is refused before the database hears of it', async () => {
  const { code, err } = await ctl(['import', 'expert', file('nul.csv', 'a,b\n\0,1\n')]);
  assert.equal(code, 1);
  assert.match(err, /it has NUL bytes/);
  assert.match((await ctl(['import', 'expert', path.join(folder, 'none')])).err, /cannot read .*: No such file/);
});

const experts = '姓名,单位,职称级别,学位,专业类别,学科,技术领域,地域,来源\n' +
  '专家甲,示例评审院所甲,正高级,博士,技术,材料科学,新材料及应用,锦州市,示例数据，人物虚构\n';

test('a dry run of an import changes nothing', async () => {
  const dry = await ctl(['--dry-run', 'import', 'expert', file('experts.csv', experts)]);
  assert.equal(dry.code, 0, dry.out + dry.err);
  assert.deepEqual(JSON.parse(dry.out).errors, []);
  assert.doesNotMatch((await ctl(['export', 'expert'])).out, /专家甲/);
});

test('a bad row is named, and nothing of the file goes in', async () => {
  const { code, out } = await ctl(['import', 'expert', '-'], { input: `${experts},,,,,,,,\n` });
  assert.equal(code, 1);
  assert.ok(JSON.parse(out).errors.length > 0);
  assert.doesNotMatch((await ctl(['export', 'expert'])).out, /专家甲/);
});

test('what is imported is exported', async () => {
  const { code, out, err } = await ctl(['import', 'expert', '-'], { input: experts });
  assert.equal(code, 0, out + err);
  const exported = await ctl(['export', 'expert']);
  assert.equal(exported.code, 0);
  assert.match(exported.out, /专家甲/);
});

test('a library that does not exist is not exported', async () => {
  const { code, err } = await ctl(['export', 'dragon']);
  assert.equal(code, 1);
  assert.match(err, /there is no 'dragon' to export/);
});
