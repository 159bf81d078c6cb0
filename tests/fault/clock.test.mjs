// Clocks that are wrong. Time is the database's: whatever the machine of a gateway or of the worker
// believes, sessions last as long as they should and deadlines fire when they should.
// libfaketime moves what a process takes for the time of day (its steady clock stays as it is).
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bin, city, until } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
const NOW = '2026-07-01T09:00:00+08:00';
const run = promisify(execFile);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbclock-'));
const offset = path.join(folder, 'offset');
const library = fs.readdirSync('/usr/lib', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .map((entry) => `/usr/lib/${entry.name}/faketime/libfaketime.so.1`).find((name) => fs.existsSync(name));
/** What moves the clock of a process; the offset may change while it runs. */
const moved = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: offset, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
const clocks = { ahead: '+400d', behind: '-400d', right: '+0' };
let town;
let poster;

const setClock = (name) => fs.writeFileSync(offset, clocks[name]);
/** How far the gateway's own words are from this machine's time, in days. */
async function daysOff() {
  const { headers } = await town.client().get('/healthz');
  return Math.round((new Date(headers.date) - Date.now()) / 86400000);
}

before(async () => {
  assert.ok(library, 'libfaketime is installed');
  setClock('right');
  town = await city({ template: 'jinzhou', clock: NOW, env: moved, workerArgs: ['--log-level=debug'], settings: { cache_mb: 0 } });
  poster = town.client();
  await poster.signIn('poster1', PASSWORD);
});
after(async () => {
  await town?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

for (const [name, days] of [['ahead', 400], ['behind', -400]]) {
  test(`a gateway whose clock jumps ${days} days ${name === 'ahead' ? 'on' : 'back'} goes on serving`, async () => {
    setClock(name);
    assert.equal(await daysOff(), days);
    assert.deepEqual([(await poster.get('/readyz')).status, (await poster.get('/items')).status], [200, 200]);
  });

  test(`and a session is neither ended nor made younger (${name})`, async () => {
    setClock('right');
    const client = town.client();
    await client.signIn('poster2', PASSWORD);
    const began = (await client.get('/session')).body.expires_at;
    setClock(name);
    const answer = await client.get('/session');
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.expires_at, began);
  });

  test(`and one that was opened meanwhile lasts as long as any (${name})`, async () => {
    setClock(name);
    const client = town.client();
    await client.signIn('poster3', PASSWORD);
    assert.equal((await client.get('/session')).status, 200);
    setClock('right');
    assert.equal((await client.get('/session')).status, 200);
  });

  test(`and an act is dated by the database (${name})`, async () => {
    setClock(name);
    const unit = await poster.post('/units', { name: `示例企业${randomUUID()}`, kind: 'enterprise' });
    assert.equal(unit.status, 201, unit.text);
    assert.deepEqual(await town.sql("select abs(extract(epoch from now() - created_at)) < 3600 as right from party.unit where id = $1", [unit.body.id]), [{ right: true }]);
  });
}

test('a session that is over by the database\'s clock is over, though the gateway\'s says otherwise', async () => {
  setClock('behind');
  const client = town.client();
  await client.signIn('poster4', PASSWORD);
  await town.sql("update auth.session set ends_at = now() - interval '1 minute' where account = (select id from auth.account where login = 'poster4')");
  assert.equal((await client.get('/session')).status, 401);
});

/** A batch whose solicitation ends at an interval from the database's now. */
async function batch(until_) {
  const id = randomUUID();
  await town.sql(`do $do$ begin
    insert into workflow.item (id, preset, machine, state, title, public, since, created_at)
    values ('${id}', 'jinzhou', 'batch', 'soliciting', '示例批次', true, workflow.now(), workflow.now());
    insert into core.batch (id, programme, name, solicit_from, solicit_until)
    select '${id}', id, '示例批次', workflow.now() - interval '2 days', workflow.now() + interval '${until_}' from core.programme limit 1;
    insert into workflow.history (item, machine, version, event, to_state, role, at)
    values ('${id}', 'batch', 1, 'create', 'soliciting', 'system', workflow.now());
    insert into workflow.timer (item, event, due) values ('${id}', 'solicit_end', workflow.now() + interval '${until_}');
  end $do$`);
  return id;
}
const stateOf = async (id) => (await town.sql('select state from workflow.item where id = $1', [id]))[0].state;

/** All that is due, by a worker whose clock is wrong. */
const work = () => run(path.join(bin, 'jiebang-worker'), ['--once'],
  { env: { ...process.env, DATABASE_URL: town.admin.replace('user=postgres', 'user=jb_worker'), ...moved } });

test('a worker whose clock is ahead fires no deadline before its time', async () => {
  const id = await batch('1 day');
  setClock('ahead');
  await work();
  assert.equal(await stateOf(id), 'soliciting');
});

test('a worker whose clock is behind fires what is due', async () => {
  const id = await batch('-1 minute');
  setClock('behind');
  await work();
  assert.equal(await stateOf(id), 'solicited');
});

test('a running worker whose clock jumps fires a deadline when the database\'s clock comes to it', async () => {
  setClock('right');
  const id = await batch('1 hour');
  const worker = town.startWorker();
  await until(() => worker.log.includes('housekeeping'), 'the first round is over', 20000);
  setClock('behind');
  assert.equal(await stateOf(id), 'soliciting');
  await town.clock.advance('2 hours');
  await until(async () => (await stateOf(id)) === 'solicited', 'the deadline has fired', 20000);
});
