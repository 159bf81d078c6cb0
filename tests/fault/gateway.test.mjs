// The gateway when clients and the database behave badly: slow, gone, too many, silent. It stays up,
// keeps its memory, and serves again at once when the trouble is over.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { city, root, until } from '../lib/city.mjs';

let place;
let town;
const sockets = [];

before(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbgate-'));
  fs.chmodSync(place, 0o755);
  execFileSync(path.join(root, 'tools/cluster'), ['start', place, '--fast'], { stdio: ['ignore', 'pipe', 'inherit'] }); // it will be stopped and stalled
  process.env.JB_TEST_CLUSTER = place;
  town = await city({ template: 'empty', settings: { pool: 4, queue: 40, queue_ms: 1500, statement_ms: 4000, head_ms: 30000,
    ip_connections: 5000, cache_mb: 0 } });
  execFileSync('prlimit', [`--pid=${gateway().pid}`, '--nofile=1024:1024']);
});
after(async () => {
  for (const socket of sockets) socket.destroy();
  await town?.stop();
  execFileSync(path.join(root, 'tools/cluster'), ['stop', place, '--fast']);
  fs.rmSync(place, { recursive: true, force: true });
});

const gateway = () => town.gateways[0];
const status = () => fs.readFileSync(`/proc/${gateway().pid}/status`, 'utf8');
const rss = () => Number(/VmRSS:\s+(\d+)/.exec(status())[1]); // KiB
const descriptors = () => fs.readdirSync(`/proc/${gateway().pid}/fd`).length;
const cpu = () => fs.readFileSync(`/proc/${gateway().pid}/stat`, 'utf8').split(' ').slice(13, 15).reduce((a, b) => a + Number(b), 0) / 100; // s
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function ask(where, options) {
  const client = town.client();
  try {
    return await client.get(where, { timeout: 15000, ...options });
  } finally {
    client.close();
  }
}
const serves = (what) => until(async () => (await ask('/items')).status === 200, what, 20000);

/** A connection that says `text` and then nothing; its end, however it comes, is no error. */
function hold(text) {
  const socket = net.connect(town.plainPort, '127.0.0.1', () => socket.write(text));
  socket.on('error', () => {}).on('data', () => {});
  sockets.push(socket);
  return socket;
}

async function letGo() {
  for (const socket of sockets.splice(0)) socket.destroy();
  await until(() => descriptors() < 60, 'the connections are closed', 20000);
}

/** A transaction that keeps everybody's reads of a table waiting. */
function block(table) {
  return town.sql(`begin; lock table ${table} in access exclusive mode; select pg_sleep(600); commit`).catch(() => {});
}
const unblock = () => town.sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
const blocked = () => town.sql("select 1 from pg_stat_activity where wait_event = 'PgSleep'");

test('1,200 slow clients under 1,024 descriptors: it stays up, quiet and idle, and serves when they go', async () => {
  const before = gateway().log.length;
  for (let i = 0; i < 1200; i += 1) hold('GET /items HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
  await until(() => descriptors() > 900, 'the descriptors fill up', 20000);
  const used = cpu();
  await pause(2000);
  assert.ok(cpu() - used < 0.5, `${cpu() - used} s of processor time in two seconds of nothing`);
  assert.ok(descriptors() <= 1024);
  assert.ok(gateway().alive);
  assert.ok(gateway().log.length - before < 400 * 1024, `${gateway().log.length - before} bytes of log`);
  await letGo();
  await serves('it serves again');
});

test('a storm of resets leaves no descriptor behind', async () => {
  await serves('it serves');
  const open = descriptors();
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => new Promise((resolve) => {
      const socket = net.connect(town.plainPort, '127.0.0.1', () => {
        socket.write(i % 2 ? 'GET /items HTTP/1.1\r\nHost: localhost\r\n\r\n' : 'GET /ite', () => socket.resetAndDestroy());
      });
      socket.on('error', () => {}).on('close', resolve);
    })));
  }
  await until(() => descriptors() <= open + 2, `back to ${open} descriptors`);
  await serves('it serves');
});

test('a client that leaves in the middle of its statement takes nothing with it', async () => {
  const open = descriptors();
  const blocker = block('core.face');
  await until(async () => (await blocked()).length === 1, 'the table is locked');
  for (let round = 0; round < 20; round += 1) hold('GET /items HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(async () => (await town.sql("select 1 from pg_stat_activity where usename = 'jb_gateway' and wait_event_type = 'Lock'")).length > 0, 'they wait');
  for (const socket of sockets.splice(0)) socket.resetAndDestroy();
  await unblock();
  await blocker;
  await serves('it serves');
  await until(() => descriptors() <= open + 2, `back to ${open} descriptors`);
  assert.deepEqual(await town.sql("select pid from pg_stat_activity where usename = 'jb_gateway' and state = 'idle in transaction'"), []);
});

test('a full pool answers 503 with Retry-After and keeps its memory', async () => {
  await serves('it serves');
  const blocker = block('core.face');
  await until(async () => (await blocked()).length === 1, 'the table is locked');
  const kib = rss();
  const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => ask(`/items?page=${1 + (i % 50)}&size=${1 + Math.floor(i / 50)}`)));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [503]);
  assert.ok(answers.every((a) => Number(a.headers['retry-after']) >= 1), 'each says when to try again');
  assert.ok(rss() - kib < 16 * 1024, `${rss() - kib} KiB more`);
  await unblock();
  await blocker;
  await serves('it serves again');
});

test('a database that is stopped is a 503 in time, and work goes on when it continues', async () => {
  await serves('it serves');
  const pids = (await town.sql("select pid from pg_stat_activity where usename = 'jb_gateway'")).map((row) => row.pid);
  const postmaster = Number(fs.readFileSync(path.join(place, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
  for (const pid of [...pids, postmaster]) process.kill(pid, 'SIGSTOP');
  try {
    const start = Date.now();
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('/items')));
    assert.deepEqual([...new Set(answers.map((a) => a.status))], [503]);
    assert.ok(Date.now() - start < 14000, `${Date.now() - start} ms`);
    assert.equal((await ask('/healthz')).status, 200);
  } finally {
    for (const pid of [...pids, postmaster]) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // it has been given up meanwhile
      }
    }
  }
  await serves('it serves again');
});

test('every connection to the database killed: each is made anew', async () => {
  const connections = async () => (await town.sql("select 1 from pg_stat_activity where usename = 'jb_gateway'")).length;
  await until(async () => (await connections()) >= 4, 'the pool is whole after the test before', 20000);
  const [{ n }] = await town.sql("select count(pg_terminate_backend(pid))::int as n from pg_stat_activity where usename = 'jb_gateway'");
  assert.ok(n >= 4);
  await serves('it serves again');
});

test('after all this it has not grown and ends with 0', async () => {
  assert.ok(rss() < 64 * 1024, `${rss()} KiB`);
  assert.equal(await gateway().stop(), 0);
});
