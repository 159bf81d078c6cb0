// The match engine against a database that restarts, loses notifications and contradicts it, and
// gateways that ask too much, leave, or talk nonsense: what it holds is what the database holds.
import { after, afterEach, before, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import net from 'node:net';
import { bin, city, root, until } from '../lib/city.mjs';
import { EngineClient, FEED, bytesUuid, makeFeed, uuidBytes } from '../lib/engine.mjs';

const EXPERT = 1 << 2;
let town;
let folder;
let engines = [];

before(async () => { town = await city({ template: 'empty', gateways: 0 }); });
after(() => town?.stop());
beforeEach(async () => {
  await makeFeed(town);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jm-'));
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.end()));
  engines = [];
  fs.rmSync(folder, { recursive: true, force: true });
});

/** An engine process with a client at hand; `end()` stops it and gives its exit code. */
function engine(...args) {
  return engineAt(town.admin.replace('user=postgres', 'user=jb_match'), ...args);
}

function engineAt(database, ...args) {
  const socket = path.join(folder, 'socket');
  const child = spawn(process.env.JB_MATCH ?? path.join(bin, 'jiebang-match'),
    [`--socket=${socket}`, `--dir=${path.join(folder, 'kept')}`, '--log-level=debug', '--threads=2', ...args],
    { env: { ...process.env, DATABASE_URL: database }, stdio: ['ignore', 'inherit', 'pipe'] });
  const self = { child, log: '', socket, clients: [], ended: once(child, 'exit').then(([code]) => code) };
  child.stderr.setEncoding('utf8').on('data', (text) => { self.log += text; });
  self.client = () => {
    const client = new EngineClient(socket);
    self.clients.push(client);
    return client;
  };
  self.up = async () => {
    await until(async () => {
      if (!self.it || self.it.gone) self.it = self.client(); // the file may be one that a killed engine left
      return (await self.it.status()).outcome === 'OK';
    }, 'it answers');
    return self;
  };
  self.end = async (signal = 'SIGTERM') => {
    for (const client of self.clients) client.end();
    const patience = setTimeout(() => child.kill('SIGKILL'), 30000);
    child.kill('SIGCONT');
    child.kill(signal);
    const code = await self.ended;
    clearTimeout(patience);
    assert.doesNotMatch(self.log, /Sanitizer|runtime error/);
    return code;
  };
  engines.push(self);
  return self;
}

const doc = (title, more = {}) => ({ title, keywords: ['硅片', '抛光'], body: '面向集成电路的大尺寸单晶硅片低缺陷抛光工艺。',
  scopes: ['public'], ...more });
const put = (id, version, more = {}, loud = true, kind = 'expert') => town.sql(
  'select feed.put($1, $2::uuid, $3::bigint, $4::jsonb, $5::boolean)', [kind, id, version, JSON.stringify(doc('大尺寸硅片', more)), loud]);
const ask = (client, more = {}) => client.ask({ ask: 'MATCH', subject: { title: '大尺寸硅片抛光' },
  filter: { kinds: EXPERT, scopes: ['public'] }, limit: 10, patience_ms: 5000, ...more });
const items = async (it) => (await it.status()).items ?? 0;

test('what is in the database is found, and what is new within a second', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  await put(first, 1);
  const { it } = await engine().up();
  assert.deepEqual((await ask(it)).list.map((one) => bytesUuid(one.id)), [first]);
  const began = Date.now();
  await put(second, 1);
  await until(async () => await items(it) === 2, 'the second is there');
  assert.ok(Date.now() - began < 1000, `it took ${Date.now() - began} ms`);
  assert.equal((await ask(it)).list.length, 2);
});

test('a change without a notification is seen all the same', async () => {
  const { it } = await engine().up();
  await put(randomUUID(), 1, {}, false);
  const began = Date.now();
  await until(async () => await items(it) === 1, 'it is there');
  assert.ok(Date.now() - began < 2000, `it took ${Date.now() - began} ms`);
});

test('what is removed is gone', async () => {
  const id = randomUUID();
  await put(id, 1);
  const { it } = await engine().up();
  assert.equal(await items(it), 1);
  await town.sql('select feed.remove($1::uuid, 2)', [id]);
  await until(async () => await items(it) === 0, 'it is gone');
  assert.equal((await ask(it)).list.length, 0);
});

test('it goes on from its snapshot and reads only what is new', async () => {
  await town.sql(`select feed.put('expert', gen_random_uuid(), 1, $1::jsonb, false) from generate_series(1, 300)`,
    [JSON.stringify(doc('大尺寸硅片'))]);
  let self = await engine().up();
  assert.equal(await items(self.it), 300);
  assert.equal(await self.end(), 0);
  await put(randomUUID(), 1);
  self = await engine().up();
  await until(async () => await items(self.it) === 301, 'the new one');
  await until(async () => (await self.it.status()).put > 0, 'it is counted');
  assert.equal((await self.it.status()).put, 1);
  await until(() => /index and database are equal/.test(self.log), 'compared');
});

test('a killed engine is whole again from its last snapshot and the log', async () => {
  await put(randomUUID(), 1);
  let self = await engine('--snapshot-changes=1').up();
  await until(() => /snapshot written/.test(self.log), 'a snapshot');
  await put(randomUUID(), 1);
  await until(async () => await items(self.it) === 2, 'both');
  self.child.kill('SIGKILL');
  await self.ended;
  self = await engine().up();
  await until(async () => await items(self.it) === 2, 'both again');
});

test('a damaged snapshot is not used', async () => {
  await put(randomUUID(), 1);
  let self = await engine().up();
  assert.equal(await self.end(), 0);
  const file = path.join(folder, 'kept/current/index');
  const bytes = fs.readFileSync(file);
  bytes[bytes.length >> 1] ^= 255;
  fs.writeFileSync(file, bytes.subarray(0, bytes.length - 7));
  self = await engine().up();
  assert.match(self.log, /"no_snapshot":"/);
  assert.equal(await items(self.it), 1);
});

test('what the log never told is found by comparing', async () => {
  const [kept, lost, extra] = [randomUUID(), randomUUID(), randomUUID()];
  await put(kept, 1);
  await put(extra, 1);
  let self = await engine().up();
  assert.equal(await self.end(), 0);
  await put(lost, 1);
  await town.sql('delete from feed.fed where id = $1::uuid', [extra]);
  await town.sql('delete from feed.log');
  self = await engine().up();
  await until(() => /index and database are equal/.test(self.log), 'repaired');
  assert.match(self.log, /index and database differ/);
  const found = (await ask(self.it)).list.map((one) => bytesUuid(one.id));
  assert.deepEqual(found.sort(), [kept, lost].sort());
});

test('a position of another time makes it read all anew, and it answers meanwhile', async () => {
  await put(randomUUID(), 1);
  const self = await engine().up();
  await town.sql("update feed.epoch set name = 'b'; select pg_notify('feed_changed', '')");
  await put(randomUUID(), 1);
  await until(async () => await items(self.it) === 2, 'both');
  assert.match(self.log, /the database knows no such position/);
  assert.equal((await ask(self.it)).outcome, 'OK');
});

test('a record that cannot be read is named and holds up nothing', async () => {
  const bad = randomUUID();
  await put(bad, 1, { trl: 12 });
  await put(randomUUID(), 1);
  const { it, log } = await engine().up();
  assert.equal(await items(it), 1);
  assert.equal((await it.status()).bad >= 1, true);
  const self = engines.at(-1);
  assert.ok(self.log.includes(bad), log);
  assert.match(self.log, /a number is out of bounds/);
});

test('when its connections to the database are cut, it answers on and catches up', async () => {
  await put(randomUUID(), 1);
  const { it } = await engine().up();
  await town.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'jb_match'");
  assert.equal((await ask(it)).list.length, 1);
  await put(randomUUID(), 1);
  await until(async () => await items(it) === 2, 'the second');
});

test('the database restarts: it answers meanwhile, and then follows again', async () => {
  const place = path.join(folder, 'cluster');
  const cluster = (command) => execFileSync(path.join(root, 'tools/cluster'), [command, place, '--fast'], { encoding: 'utf8' }).trim();
  fs.chmodSync(folder, 0o755);
  const admin = `${cluster('start')} dbname=postgres`;
  const psql = (text) => execFileSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', admin], { input: text, stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    psql(fs.readFileSync(path.join(root, 'sql/roles.sql'), 'utf8'));
    psql(FEED);
    psql("select feed.put('expert', gen_random_uuid(), 1, '{\"title\":\"大尺寸硅片\",\"scopes\":[\"public\"]}', true)");
    const { it } = await engineAt(admin.replace('user=postgres', 'user=jb_match')).up();
    psql('checkpoint'); // a fast cluster may lose what it has just committed
    cluster('stop');
    assert.equal((await ask(it)).list.length, 1);
    cluster('start');
    psql("select feed.put('expert', gen_random_uuid(), 1, '{\"title\":\"大尺寸硅片\",\"scopes\":[\"public\"]}', true)");
    await until(async () => await items(it) === 2, 'the second');
    assert.equal((await ask(it)).list.length, 2);
  } finally {
    cluster('stop');
  }
});

test('a term list is taken over without a restart', async () => {
  const self = await engine().up();
  await town.sql(`update feed.term set version = 2, rows = '[{"rule":"synonym","term":"硅片","other":"wafer","weight":0.9}]';
    select pg_notify('feed_changed', 'terms')`);
  await until(() => /"event":"term list".*"version":2,"terms":1/.test(self.log), 'the list');
});

test('questions before the library is read are told so', async () => {
  await town.sql(`create or replace function feed.position() returns text language sql as $$
    select pg_sleep(3600)::text $$`);
  const self = engine();
  await until(() => fs.existsSync(self.socket), 'its socket');
  const client = self.client();
  assert.equal((await ask(client)).outcome, 'STARTING');
  assert.equal((await client.status()).outcome, 'STARTING');
  client.end();
  assert.equal(await self.end(), 0);
});

test('one who floods is told OVERLOADED, every question is answered, and others are served', async () => {
  await town.sql(`select feed.put('expert', gen_random_uuid(), 1, $1::jsonb, false) from generate_series(1, 500)`,
    [JSON.stringify(doc('大尺寸硅片'))]);
  const self = await engine('--threads=1', '--queue=8', '--in-flight=16').up();
  const flood = self.client();
  const answers = await Promise.all(Array.from({ length: 400 }, () => ask(flood)));
  const count = (outcome) => answers.filter((one) => one.outcome === outcome).length;
  assert.ok(count('OVERLOADED') > 0 && count('OK') > 0, `${count('OK')} OK, ${count('OVERLOADED')} overloaded`);
  assert.equal(count('OVERLOADED') + count('OK'), 400);
  assert.equal((await ask(self.it)).outcome, 'OK');
});

test('a question of no patience is LATE, and nonsense ends the connection alone', async () => {
  const self = await engine().up();
  const rude = net.connect(self.socket);
  rude.on('error', () => {});
  rude.write(Buffer.from([255, 255, 255, 255, 1]));
  await once(rude, 'close');
  const odd = self.client();
  const bad = await odd.ask({ ask: 'MATCH', subject: { title: 'x' }, limit: 10 });
  assert.equal(bad.outcome, 'BAD');
  assert.match(bad.why, /filter/);
  const unknown = await ask(self.it, { subject: { id: uuidBytes(randomUUID()) } });
  assert.equal(unknown.outcome, 'UNKNOWN');
});

test('a hung gateway that never reads costs the others nothing', async () => {
  await put(randomUUID(), 1);
  const self = await engine().up();
  const deaf = self.client();
  deaf.socket.pause();
  for (let i = 0; i < 2000; i += 1) ask(deaf).catch(() => {});
  for (let i = 0; i < 20; i += 1) assert.equal((await ask(self.it)).outcome, 'OK');
  deaf.end();
});

test('SIGHUP opens the log anew', async () => {
  const log = path.join(folder, 'log');
  const self = await engine(`--log-file=${log}`).up();
  fs.renameSync(log, `${log}.1`);
  self.child.kill('SIGHUP');
  await until(() => fs.existsSync(log), 'a new log');
  assert.equal(await self.end(), 0);
  assert.match(fs.readFileSync(log, 'utf8'), /"event":"stopped"/);
});
