// matrix_browser.test.mjs - what another site can make a browser do: nothing. Every act of the table
// without the token, with a wrong one, from another origin; and no read changes anything (S16).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { examplesOf, gatewayTables } from '../../tools/lib/openapi.mjs';
import { bin, city } from '../lib/city.mjs';
import { objectsOf } from '../lib/objects.mjs';

const PASSWORD = 'Sample-city-2026';
const { routes } = gatewayTables(bin);
const examples = examplesOf();
const acts = routes.filter((route) => route.method !== 'GET');
let town;
let objects;
let officer;

before(async () => {
  town = await city({ template: 'jinzhou_played' });
  objects = await objectsOf(town);
  officer = town.client();
  await officer.signIn('officer1', PASSWORD);
});
after(() => town?.stop());

/** How many rows each table has and what they hold, but for what is written of those who look. */
async function everything() {
  const tables = await town.sql(`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') and (schemaname, tablename) not in
      (('auth', 'event'), ('auth', 'session'), ('auth', 'attempt'), ('auth', 'place')) order by 1`);
  const parts = tables.map(({ name }) => `select '${name}' as name, count(*) as rows, coalesce(sum(hashtext(t::text)::bigint), 0) as sum from ${name} t`);
  return town.sql(`select * from (${parts.join(' union all ')}) x order by name`);
}

const pathOf = (route) => (route.path.includes('{') ? objects.paths(route, 1)[0] ?? objects.absent(route) : route.path);
const typeOf = (route) => (route.flags.includes('upload') ? 'text/csv' : undefined);
const bodyOf = (route) => (route.method === 'DELETE' ? undefined : typeOf(route) ? 'a\nb\n' : examples[`${route.method} ${route.path}`]?.request ?? {});

/** Every act of the table as the officer, with these headers; the slugs that came, with the statuses. */
async function tryAll(list, headers) {
  const faults = [];
  for (const route of list) {
    const answer = await officer.request(route.method, pathOf(route), bodyOf(route), { type: typeOf(route), headers });
    faults.push(`${route.method} ${route.path} ${answer.status} ${answer.problem}`);
  }
  return faults;
}

test('no act goes through without the token, with a wrong one, or from another site, and nothing changes', async () => {
  const before_ = await everything();
  // sign-in, registration and the like carry no session's power, and need no token
  const own = acts.filter((route) => !route.perm.includes('public'));
  assert.ok(own.length > 80);
  const right = officer.csrf;
  for (const [csrf, headers, slug] of [
    [undefined, {}, '403 no_csrf'],
    ['x'.repeat(43), {}, '403 no_csrf'],
    [right, { origin: 'https://other.example' }, '403 bad_origin'],
    [right, { origin: 'null' }, '403 bad_origin'],
    [right, { 'sec-fetch-site': 'cross-site' }, '403 bad_origin'],
    [right, { 'sec-fetch-site': 'same-site' }, '403 bad_origin'],
  ]) {
    officer.csrf = csrf;
    const wrong = (await tryAll(own, headers)).filter((line) => !line.endsWith(slug));
    assert.deepEqual(wrong, [], `${csrf} ${JSON.stringify(headers)}`);
  }
  officer.csrf = right;
  const others = acts.filter((route) => route.perm.includes('public'));
  const wrong = (await tryAll(others, { 'sec-fetch-site': 'cross-site' })).filter((line) => !line.endsWith('403 bad_origin'));
  assert.deepEqual(wrong, []);
  assert.deepEqual(await everything(), before_);
});

test('a token in the query is no token', async () => {
  const { csrf } = officer;
  officer.csrf = undefined;
  const answer = await officer.post(`/inbox/read?csrf=${csrf}`, { until: 1 });
  officer.csrf = csrf;
  assert.notEqual(answer.status, 200);
});

test('a form that carries the token is taken', async () => {
  const { csrf } = officer;
  officer.csrf = undefined;
  const without = await officer.post('/inbox/read', new URLSearchParams({ until: '1' }));
  assert.equal(without.problem, 'no_csrf');
  const origin = town.plain;
  const answer = await officer.post('/inbox/read', new URLSearchParams({ until: '1', csrf }), { headers: { origin, 'sec-fetch-site': 'same-origin' } });
  officer.csrf = csrf;
  assert.equal(answer.status, 200, answer.text);
});

test('no read changes anything, whoever reads', async () => {
  const before_ = await everything();
  for (const login of ['', 'officer1', 'poster1', 'auditor1', 'expert1']) {
    const client = town.client();
    if (login) await client.signIn(login, PASSWORD);
    for (const route of routes.filter((one) => one.method === 'GET')) {
      for (const method of ['GET', 'HEAD']) {
        const query = Object.fromEntries((route.form ?? []).filter((field) => field.required).map((field) => [field.name, '示例']));
        const answer = await client.request(method, pathOf(route), undefined, { query });
        assert.ok(answer.status < 500, `${login} ${method} ${route.path} ${answer.status}`);
      }
    }
  }
  assert.deepEqual(await everything(), before_);
});
