// The crash harness: the Jinzhou scenario and six generators work while gateways, the worker and
// PostgreSQL are killed -9 in turn. Whatever was acknowledged must be there afterwards, once.
// JB_CRASH_SECONDS lets generators and faults go on for so long.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import play from '../../samples/jinzhou/scenario.mjs';
import { Stage } from '../../samples/lib/stage.mjs';
import { city, root, until } from '../lib/city.mjs';
import { violations } from './checker.mjs';
import { OpLog, TryingClient } from './oplog.mjs';

const PASSWORD = 'Sample-city-2026';
const longer = Date.now() + Number(process.env.JB_CRASH_SECONDS ?? 0) * 1000;
const FAULT_EVERY = 80; // acknowledged operations
const FAULTS = 4;       // in a short run
const CHAINS = 5;       // of each generator, in a short run
const run = promisify(execFile);
// who generates, and the county that looks at it
const county = { poster1: 'county1', poster3: 'county1', poster4: 'county3', poster9: 'county6', poster10: 'county6', poster12: 'county8' };
const needs = JSON.parse(fs.readFileSync(path.join(root, 'samples/jinzhou/needs.json')))
  .filter((need, i, all) => county[need.account] && all.findIndex((one) => one.account === need.account) === i);
const log = new OpLog();
const chains = [];
const faults = { gateway: 0, worker: 0, postgres: 0 };
let place;
let town;
let batch;
let running = true;

/** The scenario with clients that try again, and a clock that waits for the database. */
class TryingStage extends Stage {
  #moment;

  async as(login) {
    if (!this.clients.has(login)) {
      const client = new TryingClient(this.url, log, () => this.#settle());
      this.clients.set(login, client);
      if (login) {
        await client.signIn(login, this.password);
        client.person = (await client.get('/session')).body.person;
      }
    }
    return this.clients.get(login);
  }

  clock(moment) {
    this.#moment = `${moment.replace(' ', 'T')}:00+08:00`;
  }

  async #settle() {
    while (this.#moment) {
      const moment = this.#moment;
      await until(() => town.ctl('set-clock', moment), 'the clock is set', 60000);
      if (this.#moment === moment) this.#moment = undefined;
    }
  }

  until(what, login, where, state) {
    return super.until(what, login, where, state, 60);
  }

  verify() {} // the checker does it
}

async function playQuietly() {
  const stage = new TryingStage('jinzhou', town.plain, path.join(root, 'samples/jinzhou'));
  const print = console.log;
  console.log = () => {};
  try {
    await play(stage);
  } finally {
    console.log = print;
    stage.close();
  }
}

async function clientOf(login) {
  const client = new TryingClient(town.plain, log);
  town.clients.push(client);
  await client.signIn(login, PASSWORD);
  return client;
}

/** One poster's needs: written, submitted, returned, submitted again, withdrawn, and the next. */
async function generate({ account, body }, goesOn) {
  const poster = await clientOf(account);
  const office = await clientOf(county[account]);
  for (let n = 0; goesOn(n); n += 1) {
    const chain = { title: `示例需求 ${randomUUID()}`, events: [] };
    const step = async (client, event, where, more) => {
      const answer = await client.post(where, more);
      assert.ok(answer.status < 300, `${event}: ${answer.status} ${answer.text}`);
      chain.events.push(event);
      return answer.body;
    };
    chain.id = (await step(poster, 'create', '/needs', { batch, ...body, title: chain.title })).id;
    chains.push(chain);
    const where = `/needs/${chain.id}`;
    await step(poster, 'submit', `${where}/submission`);
    await step(office, 'return', `${where}/events`, { event: 'return', reason: '请补充测试方法。' });
    await step(poster, 'submit', `${where}/submission`);
    await step(poster, 'withdraw', `${where}/events`, { event: 'withdraw', reason: '计划调整，撤回需求。' });
  }
}

/** Gone, or dead and not yet collected (whose command line is empty). */
function dead(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`).length === 0;
  } catch {
    return true;
  }
}

/** Every process of the cluster, as a power cut would find them: the postmaster and its children. */
async function killPostgres() {
  const postmaster = Number(fs.readFileSync(path.join(place, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
  const children = fs.readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').map(Number);
  for (const pid of [postmaster, ...children]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended by itself
    }
  }
  await until(() => [postmaster, ...children].every(dead), 'PostgreSQL is dead');
  if (!fs.existsSync(`/proc/${postmaster}`)) return;
  // in a container without an init nobody collects the dead, and their locks look as if held
  for (const lock of ['pg/postmaster.pid', 'socket/.s.PGSQL.5432.lock']) fs.rmSync(path.join(place, lock), { force: true });
}

const startPostgres = () => run(path.join(root, 'tools/cluster'), ['start', place]);

/** Settings of the server, in force for connections that are made from now on. */
async function setServer(settings) {
  for (const [name, value] of Object.entries(settings)) await town.sql(`alter system set ${name} = ${value}`);
  await town.sql('select pg_reload_conf()');
}

const kill = {
  async gateway() {
    const victim = town.gateways.filter((one) => one.alive)[faults.gateway % 2];
    victim.signal('SIGKILL');
    await victim.ended;
    await town.startGateway();
  },
  async worker() {
    town.worker.signal('SIGKILL');
    await town.worker.ended;
    town.startWorker();
  },
  async postgres() {
    await killPostgres();
    await startPostgres();
  },
};

async function faulting() {
  for (let n = 0, next = FAULT_EVERY; n < FAULTS || Date.now() < longer; n += 1, next = log.acknowledged.length + FAULT_EVERY) {
    await until(() => !running || log.acknowledged.length >= next, 'work goes on', 120000);
    if (!running) return;
    const what = ['gateway', 'postgres', 'worker'][n % 3];
    await kill[what]();
    faults[what] += 1;
  }
}

before(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbcrash-'));
  fs.chmodSync(place, 0o755);
  execFileSync(path.join(root, 'tools/cluster'), ['start', place, '--fast'], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.env.JB_TEST_CLUSTER = place;
  town = await city({ template: 'jinzhou', worker: true, match: true, gateways: 2, clock: '2026-07-01T09:00:00+08:00' });
  await setServer({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }); // made in a hurry, used in earnest
  await town.sql('checkpoint');
  const officer = await clientOf('officer1');
  const [programme] = (await officer.get('/programmes')).body.items;
  const made = await officer.post(`/programmes/${programme.id}/batches`, {
    name: '示例批次', doc_no: '示例科发〔2026〕99号', body: '征集', solicit_from: '2026-07-01T00:00:00+08:00', solicit_until: '2026-12-31T00:00:00+08:00' });
  batch = made.body.id;
  assert.equal((await officer.post(`/batches/${batch}/events`, { event: 'solicit' })).status, 200);
});

after(async () => {
  running = false;
  try {
    await town?.stop();
  } finally {
    execFileSync(path.join(root, 'tools/cluster'), ['stop', place]);
    fs.rmSync(place, { recursive: true, force: true });
  }
});

test('the scenario goes as written while everything is killed in turn', async () => {
  const monkey = faulting();
  const generators = needs.map((need) => generate(need, (n) => running && (n < CHAINS || Date.now() < longer)));
  try {
    await Promise.all([playQuietly(), ...generators]);
  } finally {
    running = false;
    await Promise.allSettled([monkey, ...generators]);
  }
  await monkey;
});

test('enough was done and each of the faults happened under it', () => {
  assert.ok(log.acknowledged.length >= 100, `${log.acknowledged.length} acknowledged`);
  for (const [what, times] of Object.entries(faults)) assert.ok(times >= 1, what);
  assert.ok(log.unknown.length >= 1, 'somebody was left without an answer');
});

test('what was due while the worker was down has been done, and told once', async () => {
  await until(async () => (await town.sql('select count(*)::int as n from workflow.outbox where done_at is null and available_at <= now()'))[0].n === 0,
    'the outbox is empty', 30000);
  assert.deepEqual(await town.sql('select item, event from workflow.timer where done_at is null and due <= workflow.now()'), []);
});

test('nothing acknowledged is lost and nothing happened twice', async () => {
  assert.deepEqual(await violations((text) => town.sql(text), log, chains), []);
});

/* What the checker must find: each is done, looked for, and undone. */
const wrongs = {
  'an edited history row': ["update workflow.history set to_state = 'lapsed' where seq = $seq", "update workflow.history set to_state = '$state' where seq = $seq"],
  'a second award': ["update workflow.item set state = 'won' where id = '$loser'", "update workflow.item set state = '$loser_state' where id = '$loser'"],
  'a deleted answer': ["update workflow.idempotency set status = null where key = '$key'", "update workflow.idempotency set status = $status where key = '$key'"],
  'a step told twice': ['insert into workflow.outbox (kind, item, payload, done_at) select kind, item, payload, now() from workflow.outbox where id = $outbox',
    'delete from workflow.outbox where id = (select max(id) from workflow.outbox)'],
  'a step that nobody was told': ['update workflow.outbox set item = null where id = $outbox', "update workflow.outbox set item = '$told' where id = $outbox"],
};

for (const [name, [wrong, right]] of Object.entries(wrongs)) {
  test(`the checker sees ${name}`, async () => {
    const [at] = await town.sql(`select h.seq, h.to_state as state, o.id as outbox, o.item as told, l.id as loser, l.state as loser_state
      from workflow.history h join workflow.outbox o on o.item = h.item and o.kind = 'moved' and (o.payload ->> 'version')::int = h.version
      cross join workflow.item w join workflow.item l on l.parent = w.parent and l.machine = 'claim' and l.id <> w.id
      where w.machine = 'claim' and w.state = 'contracted' and h.machine = 'need' order by h.seq limit 1`);
    const op = log.acknowledged.find((one) => one.key);
    const fill = (text) => text.replace(/\$(\w+)/g, (_, key) => ({ ...at, key: op.key, status: op.status })[key]);
    await town.sql(fill(wrong));
    const found = await violations((text) => town.sql(text), log, chains);
    await town.sql(fill(right));
    assert.notDeepEqual(found, []);
  });
}

test('with all that put right again the checker is content', async () => {
  assert.deepEqual(await violations((text) => town.sql(text), log, chains), []);
});

test('a database that acknowledges before it has written is caught losing', async () => {
  await setServer({ synchronous_commit: 'off' });
  for (const gateway of town.gateways.filter((one) => one.alive)) await gateway.stop();
  await town.startGateway();
  const [{ pid }] = await town.sql("select pid from pg_stat_activity where backend_type = 'walwriter'");
  process.kill(pid, 'SIGSTOP');
  await generate(needs[0], (n) => n < 4);
  await killPostgres();
  await startPostgres();
  const found = await violations((text) => town.sql(text), log, chains);
  assert.ok(found.some((one) => one.startsWith('lost: ')), `${found}`);
});
