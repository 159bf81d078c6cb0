// More clients than the service has room for, for some seconds: nobody is left without an answer, each
// answer is either what was asked for or says clearly when to come back, and afterwards the gateway is
// as it was. What is asserted is behaviour, never speed.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { city, until } from '../lib/city.mjs';

const POOL = 2, QUEUE = 20, CLIENTS = 120, SECONDS = 8;
const answers = new Map(); // what was answered, by kind -> "status slug" -> times
const wrongs = [];         // answers that should not be, and ends without one
const made = [];           // names of acknowledged units
let town;
let officer;
const readiness = [];
let kibBefore;

const kib = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${town.gateways[0].pid}/status`, 'utf8'))[1]);

before(async () => {
  town = await city({ template: 'jinzhou', settings: { pool: POOL, queue: QUEUE, queue_ms: 400, cache_mb: 0, ip_connections: 1000, access_log: 'off' } });
  officer = town.client();
  await officer.signIn('officer1', 'Sample-city-2026');
});
after(() => town?.stop());

/** A client that shares the officer's session; each has a connection of its own. */
function clientOf() {
  const client = town.client({ headers: { cookie: officer.cookies } });
  client.csrf = officer.csrf;
  return client;
}

const kinds = {
  list: (client) => client.get('/items', { timeout: 15000 }),
  search: (client) => client.get('/experts', { query: { q: '半导体', facets: 'true' }, timeout: 15000 }),
  work: (client) => client.get('/units', { timeout: 15000 }),
  act: async (client) => {
    const name = `示例企业${randomUUID()}`;
    const answer = await client.post('/units', { name, kind: 'enterprise' }, { timeout: 15000 });
    if (answer.status === 201) made.push(name);
    return answer;
  },
};

function note(kind, answer) {
  const counts = answers.get(kind) ?? answers.set(kind, {}).get(kind);
  const told = `${answer.status} ${answer.problem ?? ''}`.trim();
  counts[told] = (counts[told] ?? 0) + 1;
  const clear = answer.status === 503 && /^[1-9]\d*$/.test(answer.headers['retry-after'] ?? '') && answer.body?.title;
  if (answer.status >= 300 && !clear) wrongs.push(`${kind}: ${told} ${answer.text.slice(0, 200)}`);
}

/** Asks without a pause until the end, whatever it is told. */
async function press(kind, end) {
  const client = clientOf();
  while (Date.now() < end && wrongs.length < 5) {
    try {
      note(kind, await kinds[kind](client));
    } catch (error) {
      wrongs.push(`${kind}: no answer (${error.message})`);
    }
  }
}

/** What /readyz says in the middle of it, and how long nobody had to wait for it. */
async function watch(end) {
  const client = town.client();
  while (Date.now() < end) {
    readiness.push((await client.get('/readyz', { timeout: 15000 })).status);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

const total = (pattern) => [...answers.values()].flatMap(Object.entries).filter(([told]) => pattern.test(told)).reduce((sum, [, n]) => sum + n, 0);

test(`${CLIENTS} clients without a pause, where ${POOL + QUEUE} fit: each answer is a 2xx or a clear 503`, async () => {
  for (const kind of Object.keys(kinds)) note(kind, await kinds[kind](officer)); // everything has been prepared once
  kibBefore = kib();
  const end = Date.now() + SECONDS * 1000;
  const names = Object.keys(kinds);
  await Promise.all([watch(end), ...Array.from({ length: CLIENTS }, (_, i) => press(names[i % names.length], end))]);
  assert.deepEqual(wrongs, []);
});

test('it really was too much: some were sent away, and many were served', (t) => {
  t.diagnostic(JSON.stringify(Object.fromEntries(answers)));
  assert.ok(total(/^503/) > 0, 'nobody was sent away');
  assert.ok(total(/^2/) > CLIENTS, 'hardly anybody was served');
});

test('no kind of request starves', () => {
  for (const [kind, counts] of answers) assert.ok(Object.entries(counts).some(([told, n]) => told.startsWith('2') && n > 1), kind);
});

test('what was acknowledged is there once, and nothing else is', async () => {
  const [row] = await town.sql(`select count(*)::int as n, count(distinct name)::int as names from party.unit where name ~ '^示例企业[0-9a-f]{8}-'`);
  assert.deepEqual(row, { n: made.length, names: made.length });
});

test('the database was there all the time, and so it said: ready throughout', () => {
  assert.ok(readiness.length >= 3, `${readiness.length} looks`);
  assert.deepEqual([...new Set(readiness)], [200]);
});

test('when they have gone, everybody is served at once and no connection is left', async () => {
  for (const client of town.clients.splice(0)) client.close();
  const sockets = () => fs.readdirSync(`/proc/${town.gateways[0].pid}/fd`).length;
  await until(() => sockets() < 40, 'the connections are closed', 20000);
  const client = town.client();
  const late = await Promise.all(Array.from({ length: 10 }, () => client.get('/items')));
  assert.deepEqual([...new Set(late.map((answer) => answer.status))], [200]);
});

test('its memory is near what it was', async () => {
  await until(() => kib() < kibBefore + 16 * 1024, `back to ${kibBefore} KiB and 16 MiB`, 20000);
});
