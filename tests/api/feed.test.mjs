// The feed as the match engine reads it: nothing is lost by late commits, nothing is told twice without
// need, a whole city's records tell exactly those whom the row policies let see them, and the engine that
// follows it holds what the database holds.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { city, root, until } from '../lib/city.mjs';
import { EngineClient, bytesUuid } from '../lib/engine.mjs';

let town;
let units;

before(async () => {
  town = await city({ template: 'jinzhou', gateways: 0 });
  units = (await town.sql("select id from party.unit where state = 'verified' order by id limit 40")).map((row) => row.id);
  await town.sqlAs('jb_match', 'select feed.position()'); // the first one begins anew
});
after(() => town?.stop());

/** A transaction that stays open until it is told: a psql of its own. */
class Session {
  constructor() {
    this.child = spawn('psql', ['--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', '-d', town.admin], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.said = '';
    this.child.stdout.setEncoding('utf8').on('data', (text) => { this.said += text; });
    this.n = 0;
  }

  async run(text) {
    const mark = `done ${(this.n += 1)}`;
    this.child.stdin.write(`${text};\n\\echo ${mark}\n`);
    await until(() => this.said.includes(mark), 'a statement is done');
  }

  end() {
    this.child.stdin.end();
    return new Promise((resolve) => { this.child.once('exit', resolve); });
  }
}

const position = async () => (await town.sqlAs('jb_match', 'select feed.position() as p'))[0].p;
const changes = (after, limit = 500) => town.sqlAs('jb_match', 'select * from feed.changes($1, $2::int)', [after, limit]);
const touch = (...ids) => town.sql(`do $$ begin perform feed.touch_all('unit', '{${ids}}'); end $$`);
const ids = (rows) => rows.map((row) => row.id).sort();

/** All pages from a position until there is no more. */
async function rest(from, limit) {
  const rows = [];
  for (let at = from; ;) {
    const page = await changes(at, limit);
    if (page.length === 0) return { rows, at };
    rows.push(...page);
    at = page.at(-1).position;
  }
}

test('what commits late is told late, and once', async () => {
  const start = await position();
  const slow = new Session();
  await slow.run(`begin; select feed.touch('unit', '${units[0]}')`);
  await touch(units[1]);
  const first = await changes(start);
  assert.deepEqual(ids(first), [units[1]], 'what is committed is told although an older transaction is open');
  const behind = first[0].position;
  assert.deepEqual(await changes(behind), [], 'and not told again while it is');
  await touch(units[2]);
  const second = await changes(behind);
  assert.deepEqual(ids(second), [units[2]]);
  await slow.run('commit');
  const third = await changes(second[0].position);
  assert.deepEqual(ids(third), [units[0]], 'the late one comes, though its number is lower');
  assert.deepEqual(await changes(third[0].position), []);
  assert.deepEqual(ids((await rest(start, 500)).rows), [units[0], units[1], units[2]].sort(), 'an old position is told all of it');
  await slow.end();
});

test('what is taken back is never told', async () => {
  const start = await position();
  const fickle = new Session();
  await fickle.run(`begin; select feed.touch('unit', '${units[3]}')`);
  await fickle.run('rollback');
  await fickle.end();
  assert.deepEqual(await changes(start), []);
});

test('one large transaction comes in pages, and what commits between them is not lost', async () => {
  const start = await position();
  await touch(...units.slice(0, 25));
  const page = await changes(start, 10);
  assert.equal(page.length, 10);
  await touch(...units.slice(25, 30));
  const { rows } = await rest(page.at(-1).position, 10);
  assert.deepEqual(ids([...page, ...rows]), units.slice(0, 30).sort(), 'each once');
});

test('a record that was touched often is told once, as it is now', async () => {
  const start = await position();
  const [{ id }] = await town.sql("select id from party.unit where state = 'verified' order by id desc limit 1");
  await touch(id, id, id);
  const before = await changes(start);
  assert.equal(before.length, 1);
  await town.sql(`update party.unit set intro = '示例：新的简介' where id = '${id}'`);
  const [after_] = await changes(start);
  assert.match(after_.doc.body, /新的简介/);
  assert.ok(after_.version > before[0].version, 'another document has a higher version');
  await town.sql(`update party.unit set state = 'pending' where id = '${id}'`);
  const [gone] = await changes(start);
  assert.equal(gone.doc, null, 'what may not be found any more has no document');
  assert.ok(gone.version > after_.version);
});

test('who made it is told of with the expert', async () => {
  const doc = (kind) => `select id from lib.record where title = '示例${kind}'`;
  const save = (kind, body) => town.sql(`do $$ begin perform auth.enter_system('test'); perform lib.save('${kind}', null, '${JSON.stringify(body)}'); end $$`);
  await save('patent', { number: 'CN202110000001X', title: '示例专利', unit_name: '示例无关单位', inventors: ['示例发明人'] });
  const start = await position();
  await save('expert', { name: '示例发明人', unit_name: '示例无关单位', title_level: 'senior', fields: ['material'] });
  const { rows } = await rest(start, 500);
  const [{ id: expert }] = await town.sql(doc('发明人'));
  const patent = rows.filter((row) => row.kind === 'patent').at(-1);
  assert.ok(patent.doc.links.some((link) => link.to === expert && link.weight === 1));
});

test('a position of another database is refused, so that everything is read anew', async () => {
  await assert.rejects(changes('000000000000.1'), /position_unknown/);
});

test('in a city that has been played through, a record tells whom the policies show it to, and nobody else', async () => {
  const played = await city({ template: 'jinzhou_played', gateways: 0 });
  try {
    await played.sql(fs.readFileSync(path.join(root, 'tests/sql/lib/feed_scopes.sql'), 'utf8'));
    assert.deepEqual(await played.sql('select * from public.scope_faults()'), []);
    const kinds = (await played.sql('select kind, count(*)::int as n from public.fed_now() group by kind order by kind')).map((row) => row.kind);
    assert.deepEqual(kinds, ['achievement', 'claim', 'earlier', 'expert', 'item', 'need', 'patent', 'project', 'unit']);
    const match = await played.startMatch();
    await until(() => /"event":"index and database are equal"/.test(match.log), 'the engine has all of it');
    assert.doesNotMatch(match.log, /cannot be taken/);
  } finally {
    await played.stop();
  }
});

test('the engine that follows holds what the database holds, a second after the commit', async () => {
  await town.startMatch();
  await until(() => /"event":"index and database are equal"/.test(town.match.log), 'index and database are equal');
  const engine = new EngineClient(town.options.settings.match);
  const find = async (words) => (await engine.ask({ ask: 'SEARCH', subject: { title: words }, filter: { kinds: 8, scopes: ['public'] }, limit: 5 }))
    .list.map((candidate) => bytesUuid(candidate.id));
  const [unit] = units;
  assert.ok(!(await find('等离子喷涂涡轮叶片')).includes(unit));
  await town.sql(`do $$ begin
    update party.unit set intro = '示例：等离子喷涂涡轮叶片' where id = '${unit}';
    perform feed.touch('unit', '${unit}'); end $$`);
  const begun = Date.now();
  await until(async () => (await find('等离子喷涂涡轮叶片')).includes(unit), 'the change is found');
  assert.ok(Date.now() - begun < 1500, `found after ${Date.now() - begun} ms`);
  engine.end();
  assert.doesNotMatch(town.match.log, /"level":"error"/);
});
