// matrix.test.mjs - who may do what to whose things, for every route of the table: without
// credentials nothing but what is public; with a role that the route does not name, nothing; and what
// one may not see looks exactly like what does not exist (S18, S19).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { examplesOf, gatewayTables } from '../../tools/lib/openapi.mjs';
import { bin, city } from '../lib/city.mjs';
import { objectsOf, roleAccounts } from '../lib/objects.mjs';

const PASSWORD = 'Sample-city-2026';
const EACH = 3; // things of each kind that are tried
const AT_ONCE = 8;
const { routes } = gatewayTables(bin);
const examples = examplesOf();
const accounts = Object.values(roleAccounts).flat().filter(Boolean);
const roles = {};
const people = {};
let town;
let objects;

before(async () => {
  town = await city({ template: 'jinzhou_played' });
  objects = await objectsOf(town);
  await Promise.all(accounts.map(async (login) => {
    people[login] = town.client();
    await people[login].signIn(login, PASSWORD);
    roles[login] = (await people[login].get('/session')).body.roles;
  }));
});
after(() => town?.stop());

const name = (route) => `${route.method} ${route.path}`;
const isPublic = (route) => route.perm.includes('public');
const hasNames = (route) => route.path.includes('{');
/** What a person does to the own session and account has no other's object; session.test.mjs has it. */
const isOwn = (route) => route.perm.includes('signed') && !hasNames(route);
const permits = (route, login) => route.perm.includes('signed') || route.perm.some((role) => roles[login].includes(role));
const shelfOf = (route) => hasNames(route) && objects.paths(route, EACH);

/** One request as well-formed as can be, with the body of the contract's own example. */
function knock(client, route, path) {
  const body = examples[name(route)]?.request;
  if (route.method === 'GET') {
    const query = Object.fromEntries((route.form ?? []).filter((field) => field.required).map((field) => [field.name, '示例']));
    return client.get(path, { query });
  }
  if (route.method === 'DELETE') return client.delete(path);
  const type = route.flags.includes('upload') ? 'text/csv; charset=utf-8' : undefined;
  return client.request(route.method, path, type ? '名称\n甲\n' : body ?? {}, { type });
}

/** All that a refusal says but its own number. */
const said = (answer) => JSON.stringify({ status: answer.status, ...answer.body, instance: undefined });

/** Runs `work` on each of the list, a few at once; collects what it returns. */
async function each(list, work) {
  const faults = [];
  const rest = [...list];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (rest.length > 0) faults.push(...((await work(rest.shift())) ?? []));
  }));
  return faults;
}

test('every route declares who may knock', () => {
  const known = [...Object.keys(roleAccounts), 'signed'];
  for (const route of routes) {
    assert.ok(route.perm.length > 0, name(route));
    assert.deepEqual(route.perm.filter((role) => !known.includes(role)), [], name(route));
  }
});

test('every role of the table is tried by somebody who has it', () => {
  for (const role of new Set(routes.flatMap((route) => route.perm))) {
    if (['public', 'signed'].includes(role)) continue;
    assert.ok(accounts.some((login) => roles[login].includes(role)), role);
  }
});

test('every name in a path can be filled with things that exist', () => {
  // the sample city has neither tokens nor grants; their routes are tried with what is absent
  const none = ['/account/tokens/{id}', '/role-grants/{id}/decision', '/credits/{id}/revocation'];
  for (const route of routes.filter(hasNames)) {
    if (none.includes(route.path)) continue;
    assert.ok(shelfOf(route).length > 0, name(route));
  }
});

test('without credentials everything that is not public is refused with 401, whether it exists or not', async () => {
  const stranger = town.client();
  const faults = await each(routes.filter((route) => !isPublic(route)), async (route) => {
    const wrong = [];
    for (const path of hasNames(route) ? [...shelfOf(route), objects.absent(route)] : [route.path]) {
      const answer = await knock(stranger, route, path);
      if (answer.status !== 401 || answer.problem !== 'session_missing' || !answer.headers['www-authenticate']) {
        wrong.push(`${route.method} ${path}: ${answer.status} ${answer.problem}`);
      }
    }
    return wrong;
  });
  assert.deepEqual(faults, []);
});

test('a role that the route does not name is refused before anything is looked at', async () => {
  const tries = routes.filter((route) => !isPublic(route) && !isOwn(route))
    .flatMap((route) => accounts.filter((login) => !permits(route, login)).map((login) => ({ route, login })));
  assert.ok(tries.length > 1000);
  const faults = await each(tries, async ({ route, login }) => {
    const wrong = [];
    for (const path of hasNames(route) ? [...shelfOf(route), objects.absent(route)] : [route.path]) {
      const answer = await knock(people[login], route, path);
      if (answer.status !== 403 || answer.problem !== 'role_missing') {
        wrong.push(`${login} ${route.method} ${path}: ${answer.status} ${answer.problem}`);
      }
    }
    return wrong;
  });
  assert.deepEqual(faults, []);
});

test('a role that the route names is told of what is absent that it is not there', async () => {
  const tries = routes.filter((route) => !isPublic(route) && hasNames(route))
    .flatMap((route) => accounts.filter((login) => permits(route, login)).map((login) => ({ route, login })));
  const faults = await each(tries, async ({ route, login }) => {
    const answer = await knock(people[login], route, objects.absent(route));
    // a PUT of a code list or a year makes what was not there; an unverified unit is refused before
    const made = route.method === 'PUT' && ['/codes/{list}', '/calendar/{year}'].includes(route.path);
    const right = made ? answer.status < 500 : answer.status === 404 || answer.status === 403;
    return right ? [] : [`${login} ${name(route)}: ${answer.status} ${answer.text.slice(0, 200)}`];
  });
  assert.deepEqual(faults, []);
});

test('a read gives the thing, or looks exactly as if it were absent', async () => {
  let given = 0;
  const tries = routes.filter((route) => route.method === 'GET' && hasNames(route) && !route.flags.includes('text'))
    .flatMap((route) => accounts.map((login) => ({ route, login })));
  const faults = await each(tries, async ({ route, login }) => {
    const absent = await knock(people[login], route, objects.absent(route));
    const wrong = [];
    for (const path of shelfOf(route)) {
      const answer = await knock(people[login], route, path);
      if (answer.status === 200) given += 1;
      else if (said(answer) !== said(absent)) wrong.push(`${login} ${path}: ${said(answer)} and absent ${said(absent)}`);
    }
    return wrong;
  });
  assert.deepEqual(faults, []);
  assert.ok(given > 500);
});
