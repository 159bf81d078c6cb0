// problems.test.mjs - the refusals of a service that is pressed: too many requests of one address, no
// connection to the database left, no database, and one that goes away in the middle of an act.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { city, until } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
let town;

before(async () => {
  town = await city({ template: 'jinzhou',
    settings: { pool: 1, queue: 1, queue_ms: 60000, lock_ms: 60000, statement_ms: 60000, ip_requests: 3, proxies: '127.0.0.1' } });
});
after(async () => {
  await town?.sql(`select pg_terminate_backend(pid) from pg_stat_activity where query like '%held by a test%' and pid <> pg_backend_pid()`);
  await town?.stop();
});

const isProblem = (answer, status, slug) => {
  assert.equal(`${answer.status} ${answer.problem}`, `${status} ${slug}`, answer.text);
  assert.ok(answer.body.title && answer.body.detail && answer.body.instance);
};

/** Keeps the units locked until let go. */
async function hold() {
  const held = town.sql(`do $do$ begin lock table party.unit in access exclusive mode; -- held by a test
    perform pg_sleep(120); end $do$`).catch(() => undefined);
  await until(async () => (await town.sql(`select 1 from pg_locks where relation = 'party.unit'::regclass and mode = 'AccessExclusiveLock' and granted`)).length > 0,
    'the lock is held', 60000);
  return async () => {
    await town.sql(`select pg_terminate_backend(pid) from pg_stat_activity where query like '%held by a test%' and pid <> pg_backend_pid()`);
    await held;
  };
}

const waiting = (client) => until(async () =>
  (await town.sql(`select 1 from pg_stat_activity where usename = 'jb_gateway' and wait_event_type = 'Lock'`)).length > 0, `${client} waits`, 60000);

test('an address that asks too often is told when to come back', async () => {
  const eager = town.client({ headers: { 'x-forwarded-for': '203.0.113.9' } });
  const answers = [];
  for (let i = 0; i < 40 && answers.at(-1)?.status !== 429; i += 1) answers.push(await eager.get('/healthz'));
  isProblem(answers.at(-1), 429, 'too_many_requests');
  assert.match(answers.at(-1).headers['retry-after'], /^[1-9]\d*$/);
});

test('a full queue is a 503 with Retry-After, and the ones that waited are served', async () => {
  const officer = town.client();
  await officer.signIn('officer1', PASSWORD);
  const letGo = await hold();
  const first = officer.get('/units');
  await waiting('the first');
  const more = Array.from({ length: 4 }, () => officer.get('/units'));
  const busy = (await Promise.race(more));
  isProblem(busy, 503, 'busy');
  assert.match(busy.headers['retry-after'], /^[1-9]\d*$/);
  await letGo();
  assert.equal((await first).status, 200);
  const rest = await Promise.all(more);
  assert.equal(rest.filter((answer) => answer.status === 200).length, 1);
});

test('a read whose database goes away is unavailable, an act of unknown outcome, and both come back', async () => {
  const officer = town.client();
  await officer.signIn('officer1', PASSWORD);
  const tries = [
    [() => officer.get('/units'), 'unavailable'],
    [() => officer.post('/units', { name: '示例企业丁', kind: 'enterprise' }), 'outcome_unknown'],
  ];
  for (const [send, slug] of tries) {
    await until(async () => (await officer.get('/units')).status === 200, 'the service has its database', 60000);
    const letGo = await hold();
    const answer = send();
    await waiting(slug);
    await town.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'jb_gateway' and wait_event_type = 'Lock'`);
    isProblem(await answer, 503, slug);
    await letGo();
  }
  await until(async () => (await officer.get('/units')).status === 200, 'the service has its database', 60000);
  assert.equal((await officer.get('/units', { query: { q: '示例企业丁' } })).body.total, 1, 'the sample has one; the act left none');
});
