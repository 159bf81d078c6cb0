// What stands between a client and the gateway, and between the gateway and PostgreSQL, and carries
// their bytes one at a time, breaks off in the middle of a message, or falls silent without a word.
import { after, before, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { city, clusterFolder, until } from '../lib/city.mjs';
import { Proxy } from './proxy.mjs';

const SOCKET = '.s.PGSQL.5432';
const PATIENCE = 2500; // ms that the gateway has with a head, a body, a taker, a statement
let place;
let town;
let inner; // gateway - PostgreSQL
let outer; // client - gateway, with TLS
let plain; // client - gateway, without
let officer;

before(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbprox-'));
  inner = await Proxy.between({ path: path.join(place, SOCKET) }, { path: path.join(clusterFolder(), 'socket', SOCKET) });
  town = await city({ template: 'jinzhou', tls: true, socket: place, settings: { pool: 1, queue: 50, queue_ms: PATIENCE, statement_ms: PATIENCE,
    lock_ms: PATIENCE, head_ms: PATIENCE, body_ms: PATIENCE, write_ms: PATIENCE, idle_ms: 120000, cache_mb: 0 } });
  outer = await Proxy.between({ port: 0, host: '127.0.0.1' }, { port: town.port, host: '127.0.0.1' });
  plain = await Proxy.between({ port: 0, host: '127.0.0.1' }, { port: town.plainPort, host: '127.0.0.1' });
  officer = town.client({ base: town.plain });
  await officer.signIn('officer1', 'Sample-city-2026');
});
after(async () => {
  await Promise.all([outer?.close(), plain?.close()]);
  await town?.stop();
  await inner?.close();
  fs.rmSync(place, { recursive: true, force: true });
});
beforeEach(() => until(async () => (await officer.get('/units')).status === 200, 'the service has its database', 20000));

const units = async (name) => (await town.sql('select count(*)::int as n from party.unit where name = $1', [name]))[0].n;
const descriptors = () => fs.readdirSync(`/proc/${town.gateways[0].pid}/fd`).length;
const newUnit = () => ({ name: `示例企业${randomUUID()}`, kind: 'enterprise' });
const told = (answer) => `${answer.status} ${answer.problem ?? ''}`.trim();

/** Sends an act whose connection to PostgreSQL fails it, then again under the same key. */
async function tryTwice(way, bytes, how) {
  const unit = newUnit();
  const key = randomUUID();
  inner.stopAfter(way, bytes, how);
  const first = await officer.post('/units', unit, { key });
  assert.ok(inner.stopped, 'it has happened under this act');
  const again = await until(async () => {
    const answer = await officer.post('/units', unit, { key });
    return answer.status !== 503 && answer;
  }, 'the act is answered');
  return { first: told(first), again: told(again), made: await units(unit.name) };
}

test('PostgreSQL heard one byte at a time says the same', async () => {
  const whole = await officer.get('/units');
  inner.dribbles = true;
  try {
    assert.deepEqual((await officer.get('/units')).body, whole.body);
  } finally {
    inner.dribbles = false;
  }
});

test('a gateway that starts with a PostgreSQL of single bytes prepares, signs in and acts', async () => {
  inner.dribbles = true;
  inner.cut();
  try {
    const slow = town.client({ base: town.plain });
    await until(async () => (await slow.post('/session', { login: 'officer1', password: 'Sample-city-2026' })).status < 300, 'somebody signs in');
    assert.equal((await slow.post('/units', newUnit())).status, 201);
  } finally {
    inner.dribbles = false;
  }
});

test('an act whose answer from PostgreSQL breaks off is of unknown outcome, and its key finds it done once', async () => {
  assert.deepEqual(await tryTwice('back', 40, 'cut'), { first: '503 outcome_unknown', again: '201', made: 1 });
});

test('an act whose answer from PostgreSQL falls silent is of unknown outcome in time, and its key finds it done once', async () => {
  const began = Date.now();
  assert.deepEqual(await tryTwice('back', 40, 'silent'), { first: '503 outcome_unknown', again: '201', made: 1 });
  assert.ok(Date.now() - began < 8 * PATIENCE, `${Date.now() - began} ms`);
});

test('an act that breaks off on its way to PostgreSQL is done once by its second try', async () => {
  assert.deepEqual(await tryTwice('forth', 30, 'cut'), { first: '503 outcome_unknown', again: '201', made: 1 });
});

test('an act that falls silent on its way to PostgreSQL is done once by its second try', async () => {
  assert.deepEqual(await tryTwice('forth', 30, 'silent'), { first: '503 outcome_unknown', again: '201', made: 1 });
});

test('a read whose answer falls silent is a 503 that says when to come back', async () => {
  inner.stopAfter('back', 40, 'silent');
  const answer = await officer.get('/units');
  assert.equal(answer.status, 503, answer.text);
  assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
});

test('a PostgreSQL that takes connections and says nothing: not ready, alive, and back when it speaks', async () => {
  inner.deaf = true;
  inner.cut();
  try {
    await until(async () => (await officer.get('/readyz')).status === 503, 'it is not ready');
    const [read, alive] = [await officer.get('/units'), await officer.get('/healthz')];
    assert.deepEqual([read.status, alive.status], [503, 200]);
  } finally {
    inner.deaf = false;
    inner.cut();
  }
  await until(async () => (await officer.get('/readyz')).status === 200, 'it is ready again');
});

test('a client of single bytes signs in over TLS, reads and acts', async () => {
  outer.dribbles = true;
  try {
    const slow = town.client({ base: `https://localhost:${outer.port}` });
    await slow.signIn('officer1', 'Sample-city-2026');
    assert.deepEqual((await slow.get('/units')).body, (await officer.get('/units')).body);
    assert.equal((await slow.post('/units', newUnit())).status, 201);
  } finally {
    outer.dribbles = false;
  }
});

/** A client's message stops after so many bytes and nobody ever hangs up; the gateway has to. */
for (const [what, bytes] of [['head', 60], ['body', 600]]) {
  test(`a request that stops in its ${what} is let go and leaves nothing behind`, async () => {
    const unit = { ...newUnit(), note: '示例'.repeat(100) };
    const half = town.client({ base: `http://127.0.0.1:${plain.port}` });
    const open = descriptors();
    plain.stopAfter('forth', bytes, 'silent');
    half.post('/units', unit).catch(() => {}); // nobody will tell it
    await until(() => plain.stopped && descriptors() > open, 'it has stopped');
    await until(() => descriptors() <= open, 'the gateway has closed its end');
    assert.equal(await units(unit.name), 0);
  });
}

test('a taker that falls silent in the middle of long answers is let go', async () => {
  const open = descriptors();
  plain.stopAfter('back', 5000, 'silent');
  const taker = net.connect(plain.port, '127.0.0.1').on('error', () => {});
  taker.write('GET /codes/division HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(4000));
  await until(() => plain.stopped && descriptors() > open, 'it has stopped');
  await until(() => descriptors() <= open, 'the gateway has closed its end', 8 * PATIENCE);
  taker.destroy();
});
