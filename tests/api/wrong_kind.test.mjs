// Every route that names a thing, asked with the id of every other kind of thing, by every role: it is
// not there (or not for you), never an internal error, and nothing happens. Then with things of its
// own kind whose bodies name the wrong ones. The routes come from the gateway itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { bin, city } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
const ROLES = {
  officer1: 'officer', leader1: 'leader', poster1: 'member', team1: 'member', expert1: 'expert', city1: 'city', sysadmin1: 'sysadmin',
};
const LOGINS = Object.keys(ROLES);
const READERS = ['officer1', 'team1', 'expert1'];
const AT_ONCE = 8;

/** What the first part of a path names: a machine, or a table. */
const KINDS = {
  batches: 'batch', needs: 'need', panels: 'panel', lists: 'list', items: 'list_item', claims: 'claim', notices: 'notice',
  objections: 'objection', contracts: 'contract', projects: 'project', programmes: 'programme', units: 'unit', users: 'person',
  memberships: 'membership', sessions: 'session', 'role-grants': 'grant', credits: 'credit', recommendations: 'letter',
  experts: 'record', achievements: 'record', patents: 'record', 'earlier-needs': 'record', imports: 'import', account: 'token',
  recommenders: 'recommender', terms: 'term', questions: 'question',
};
const TABLES = {
  programme: 'core.programme', unit: 'party.unit', person: 'party.person', membership: 'party.membership',
  letter: 'core.recommendation', record: 'lib.record', recommender: 'party.recommender', term: 'lib.term',
  question: 'core.question',
};

const { routes } = JSON.parse(execFileSync(path.join(bin, 'jiebang-gateway'), ['--routes'], { encoding: 'utf8' }));
const named = routes.filter((route) => route.path.includes('id}') && route.flow !== true);
const kindOf = (route) => KINDS[route.path.split('/')[1]];
let town;
let ids; // kind → id
let clients; // login → client

const VALUES = {
  code: (field) => 'x'.repeat(Math.max(field.min, 2)),
  secret: () => 'seven quiet herons wade',
  phone: () => '13800000000',
  email: () => 'ren@unit.example',
  credit_code: () => null,
  enum: (field) => field.words.split(' ')[0],
  words: (field, id) => [...Array(Math.max(field.min, 1)).keys()].map((n) => (/id/.test(field.name) ? id : `词${n}`)),
  ids: (field, id) => [id, ...Object.values(ids).filter((one) => one !== id).slice(0, Math.max(field.min - 1, 0))],
  boolean: () => true,
  integer: (field) => Math.max(field.min, 1),
  number: (field) => Math.max(field.min, 1),
  money: (field) => Math.max(Math.ceil(field.min / 1e6), 1),
  date: () => '2027-03-01',
  time: () => '2027-03-01T09:00:00+08:00',
  uuid: (field, id) => id,
  json: () => ({}),
  text: (field) => '示例文字'.repeat(Math.ceil(Math.max(field.min, 4) / 4)).slice(0, Math.max(field.min, 4)),
  prose: (field) => '示例说明文字'.repeat(Math.ceil(Math.max(field.min, 6) / 6)),
  object: (field, id, all) => bodyOf(field.fields, id, all),
  list: (field, id, all) => Array.from({ length: Math.max(field.min, 1) }, () => bodyOf(field.fields, id, all)),
};

/** A body of a form in which every reference is `id`; with all its fields or with those it needs. */
function bodyOf(form, id, all) {
  const fields = (form ?? []).filter((field) => all || field.required || ['uuid', 'ids', 'list'].includes(field.kind));
  return Object.fromEntries(fields.map((field) => [field.name, VALUES[field.kind](field, id, all)]).filter(([, value]) => value !== null));
}

/** Asks `requests` of [login, method, path, body], some at a time; gives [status, line] for each. */
async function askAll(requests) {
  const answers = [];
  const queue = [...requests];
  const work = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [login, method, where, body] = next;
      const answer = await clients[login].request(method, where, body);
      answers.push([answer.status, `${answer.status} ${answer.problem ?? ''} ${login} ${method} ${where} ${JSON.stringify(body)}`]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

/** The logins whose roles the route names. */
const mayAsk = (route) => LOGINS.filter((login) => route.perm.some((role) => role === 'signed' || role === 'public' || ROLES[login] === role));
const fill = (route, id) => route.path.replace(/\{\w+\}/g, (name) => (name.endsWith('id}') ? id : 'x'));
const takesBody = (route) => ['POST', 'PUT', 'PATCH'].includes(route.method);

before(async () => {
  town = await city({ template: 'jinzhou_played' });
  clients = Object.fromEntries(await Promise.all(LOGINS.map(async (login) => {
    const client = town.client();
    await client.signIn(login, PASSWORD);
    return [login, client];
  })));
  ids = Object.fromEntries((await town.sql(
    // a challenge that has come the whole way, so that it has all that its earlier states need
    "select distinct on (machine) machine, id from workflow.item order by machine, state = 'started' desc, created_at, id")).map((one) => [one.machine, one.id]));
  for (const [kind, table] of Object.entries(TABLES)) {
    const [row] = await town.sql(`select id from ${table} order by id limit 1`);
    if (row) ids[kind] = row.id;
  }
});
after(() => town?.stop());

test('every route that names a thing says of which kind', () => {
  assert.ok(named.length > 80, `${named.length} routes`);
  assert.deepEqual(named.filter((route) => !kindOf(route)).map((route) => route.path), []);
  for (const machine of ['batch', 'need', 'panel', 'list', 'list_item', 'claim', 'notice', 'objection', 'contract', 'project']) {
    assert.ok(ids[machine], `the played city has a ${machine}`);
  }
});

test('a thing of another kind is not there, for anybody, and nothing happens to it', async () => {
  const before = await town.sql('select count(*) as n from workflow.history');
  const answers = await askAll(named.flatMap((route) => Object.entries(ids).filter(([kind]) => kind !== kindOf(route)).flatMap(([, id]) =>
    (route.method === 'GET' ? READERS : LOGINS).map((login) =>
      [login, route.method, fill(route, id), takesBody(route) ? bodyOf(route.form, id, false) : undefined]))));
  const wrong = answers.filter(([status]) => status < 400 || status >= 500).map(([, line]) => line);
  assert.deepEqual(wrong, []);
  assert.deepEqual(await town.sql('select count(*) as n from workflow.history'), before);
});

test('an event of one kind of thing is not for the path of another', async () => {
  const events = await town.sql(`select machine, event from workflow.event where route like '%/events' order by 1, 2`);
  const routesOfEvents = named.filter((route) => route.path.endsWith('{id}/events'));
  const answers = await askAll(routesOfEvents.flatMap((route) => events.filter(({ machine }) => ids[machine] && machine !== kindOf(route))
    .flatMap(({ machine, event }) => ['officer1', 'leader1', 'poster1', 'team1'].map((login) =>
      [login, 'POST', fill(route, ids[machine]), { event, reason: '示例理由说明文字' }]))));
  assert.deepEqual(answers.filter(([status]) => status !== 404 && status !== 403).map(([, line]) => line), []);
});

test('a body that names things of the wrong kind is refused', async () => {
  const wrong = ['need', 'panel', 'person'].map((kind) => ids[kind]);
  const writes = named.filter((route) => takesBody(route) && ids[kindOf(route)]);
  const answers = await askAll(writes.flatMap((route) => wrong.flatMap((id) => [true, false].flatMap((all) =>
    mayAsk(route).map((login) => [login, route.method, fill(route, ids[kindOf(route)]), bodyOf(route.form, id, all)])))));
  assert.deepEqual(answers.filter(([status]) => status >= 500).map(([, line]) => line), []);
});

test('so is one to a route that names nothing itself', async () => {
  const writes = routes.filter((route) => takesBody(route) && !route.path.includes('{') && !route.flow && !/^\/(session|account)/.test(route.path));
  const answers = await askAll(writes.flatMap((route) => Object.values(ids).flatMap((id) => [true, false].flatMap((all) =>
    LOGINS.map((login) => [login, route.method, route.path, bodyOf(route.form, id, all)])))));
  assert.deepEqual(answers.filter(([status]) => status >= 500).map(([, line]) => line), []);
});

test('after all this the invariants hold', async () => {
  const { stdout } = await town.ctl('verify');
  assert.match(stdout, /\b0 failed/);
});

test('also while the things are in the states they have passed', async () => {
  const states = await town.sql('select machine, state from workflow.state where not final order by 1, 2');
  const writes = named.filter((route) => takesBody(route) && !route.path.endsWith('/events'));
  await town.sql('delete from core.approval where item = $1', [ids.list_item]); // a round is filed once
  const failed = [];
  for (const { machine, state } of states.filter((one) => ids[one.machine])) {
    await town.sql('update workflow.item set state = $1 where id = $2', [state, ids[machine]]);
    const answers = await askAll(writes.filter((route) => kindOf(route) === machine).flatMap((route) =>
      ['need', 'person', 'claim'].flatMap((kind) => mayAsk(route).map((login) =>
        [login, route.method, fill(route, ids[machine]), bodyOf(route.form, ids[kind], true)]))));
    failed.push(...answers.filter(([status]) => status >= 500).map(([, line]) => `${machine} ${state}: ${line}`));
  }
  assert.deepEqual(failed, []);
});
