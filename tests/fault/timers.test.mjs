// Deadlines while others work on the same things: no deadlock, nothing forgotten, nothing fired twice.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { city, until } from '../lib/city.mjs';

let town;
const sessions = [];

before(async () => { town = await city({ template: 'jinzhou', gateways: 0, clock: '2026-07-01T09:00:00+08:00' }); });
after(async () => {
  for (const child of sessions) child.kill();
  await town?.stop();
});

/** A batch that solicits until a moment that has passed already. */
async function dueBatch() {
  const id = randomUUID();
  await town.sql(`do $$ begin
    insert into workflow.item (id, preset, machine, state, title, public, since, created_at)
    values ('${id}', 'jinzhou', 'batch', 'soliciting', '示例批次', true, workflow.now(), workflow.now());
    insert into core.batch (id, programme, name, solicit_from, solicit_until)
    select '${id}', id, '示例批次', workflow.now() - interval '2 days', workflow.now() - interval '1 day' from core.programme limit 1;
    insert into workflow.history (item, machine, version, event, to_state, role, at)
    values ('${id}', 'batch', 1, 'create', 'soliciting', 'system', workflow.now());
    insert into workflow.timer (item, event, due) values ('${id}', 'solicit_end', workflow.now() - interval '1 day');
  end $$`);
  return id;
}

/** A transaction of somebody else, driven line by line. */
function session() {
  const child = spawn('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', town.admin], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  sessions.push(child);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { out += text; });
  let n = 0;
  return {
    ended: new Promise((resolve) => { child.once('exit', resolve); }),
    get out() { return out; },
    async say(text) {
      n += 1;
      child.stdin.write(`${text}\n\\echo said ${n}\n`);
      await until(() => out.includes(`said ${n}\n`), `${text}: ${out}`, 10000);
    },
    end: () => child.stdin.end(),
  };
}

const stateOf = async (id) => (await town.sql('select state from workflow.item where id = $1', [id]))[0].state;

test('a deadline waits for nobody who is changing its item, and fires when he has done', async () => {
  const [held, free] = [await dueBatch(), await dueBatch()];
  const other = session();
  await other.say(`begin; select from workflow.item where id = '${held}' for update;`);
  await town.sql("set statement_timeout = '5s'; select job.run_timers(50)");
  assert.equal(await stateOf(free), 'solicited');
  await other.say(`update workflow.timer set due = due where item = '${held}' and done_at is null; commit;`);
  other.end();
  assert.equal(await other.ended, 0, other.out);
  assert.equal(await stateOf(held), 'soliciting');
  await town.runDue();
  assert.equal(await stateOf(held), 'solicited');
});

test('four workers at once fire each of forty deadlines once', async () => {
  const all = await Promise.all(Array.from({ length: 40 }, dueBatch));
  await Promise.all([town.runDue(), town.runDue(), town.runDue(), town.runDue()]);
  await town.runDue(); // what one has skipped because another had it in hand
  const rows = await town.sql(`select count(*)::int as n from workflow.history
    where event = 'solicit_end' and item = any (string_to_array($1, ',')::uuid[])`, [all.join(',')]);
  assert.equal(rows[0].n, 40);
  assert.deepEqual(await town.sql('select item from workflow.timer where done_at is null and due <= workflow.now()'), []);
});

test('what came due while no worker ran is done by the next one, in the order of the deadlines', async () => {
  const [late, early] = [await dueBatch(), await dueBatch()];
  await town.sql(`update workflow.timer set due = due - interval '3 days' where item = '${early}'`);
  await town.runDue();
  const rows = await town.sql(`select item from workflow.history where event = 'solicit_end' and item in ('${late}', '${early}') order by seq`);
  assert.deepEqual(rows.map((row) => row.item), [early, late]);
});
