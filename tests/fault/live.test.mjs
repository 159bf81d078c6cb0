// Who waits for news of the desk when the database goes away: they stay, hear what they may have missed
// once it is back, and what happens from then on.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { city, root, until } from '../lib/city.mjs';
import { Live } from '../lib/live.mjs';

const PASSWORD = 'Sample-city-2026';
const cluster = (command) => execFileSync(path.join(root, 'tools/cluster'), [command, place, '--fast'], { stdio: ['ignore', 'pipe', 'inherit'] });
let place;
let town;
let client;
let person;

before(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'jblive-'));
  fs.chmodSync(place, 0o755);
  cluster('start');
  process.env.JB_TEST_CLUSTER = place; // it will be killed
  town = await city({ template: 'jinzhou', gateways: 2, settings: { live_beat_ms: 300, statement_ms: 3000, queue_ms: 1000 } });
  client = town.client();
  await client.signIn('team1', PASSWORD);
  person = (await client.get('/session')).body.person.id;
});
after(async () => {
  await town?.stop();
  cluster('stop');
  fs.rmSync(place, { recursive: true, force: true });
});

/** So many messages for the person, written where nobody announces it. */
const write = (n) => town.sql(`insert into workflow.inbox (person, outbox, kind, at)
  select $1, (select coalesce(least(min(outbox), 0), 0) from workflow.inbox) - g, 'told', now() from generate_series(1, $2::int) g`, [person, String(n)]);
const announce = () => town.sql('select workflow.tell_desks(array[$1::uuid])', [person]);

async function listen(n) {
  const lives = await Promise.all(Array.from({ length: n }, () => Live.open(client)));
  for (const live of lives) await live.event(0);
  return lives;
}

test('the listening connection is lost: each hears what it may have missed, once, and the next news', async () => {
  const lives = await listen(4);
  const before = lives[0].events[0].data.unread;
  await town.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'jb_gateway' and query like 'listen%'`);
  await write(3);
  for (const live of lives) assert.deepEqual(await live.event(1), { event: 'desk', data: { unread: before + 3 } });
  const beats = lives.map((live) => live.beats);
  await until(() => lives.every((live, i) => live.beats > beats[i] + 3), 'they live on');
  assert.ok(lives.every((live) => live.events.length === 2 && !live.ended), 'told once');
  await announce();
  for (const live of lives) await live.event(2);
  for (const live of lives) live.close();
});

test('PostgreSQL is killed while they wait: they stay, and news flow again', async () => {
  const lives = await listen(4);
  const before = lives[0].events[0].data.unread;
  const postmaster = Number(fs.readFileSync(path.join(place, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
  const backends = execFileSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' }).trim().split('\n').map(Number);
  for (const pid of [postmaster, ...backends]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // gone with the first
    }
  }
  const beats = lives.map((live) => live.beats);
  await until(() => lives.every((live, i) => live.beats > beats[i] + 4), 'signs of life without a database');
  assert.ok(lives.every((live) => !live.ended && live.events.length === 1));
  assert.equal((await client.get('/live')).status, 503, 'nobody new is let in meanwhile');
  // in a container without an init nobody collects the dead, and their locks look as if held
  for (const lock of ['pg/postmaster.pid', 'socket/.s.PGSQL.5432.lock']) fs.rmSync(path.join(place, lock), { force: true });
  await until(() => {
    cluster('start');
    return true;
  }, 'PostgreSQL is up');
  await write(2);
  for (const live of lives) {
    await until(() => live.events.some((event) => event.data.unread === before + 2), 'what was missed is told');
    assert.ok(!live.ended);
  }
  const heard = lives.map((live) => live.events.length);
  await announce();
  await until(() => lives.every((live, i) => live.events.length > heard[i]), 'the next news');
  for (const live of lives) live.close();
});

test('a session that ended while nobody could say so waits no longer', async () => {
  const other = town.client();
  await other.signIn('team2', PASSWORD);
  const live = await Live.open(other);
  await live.event(0);
  await town.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'jb_gateway' and query like 'listen%'`);
  await town.sql(`delete from auth.session s using auth.account a where a.id = s.account and a.login = 'team2'`);
  await live.end();
  assert.ok(live.whole, 'with a regular end');
});
