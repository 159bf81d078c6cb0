// live.test.mjs - what the service really answers is what the contract says: every exchange of the
// scenarios, every read of a played city as every role, and all that the tests over HTTP have recorded.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { exchanges } from '../../tools/lib/exchanges.mjs';
import { city, clusterFolder } from '../lib/city.mjs';
import { objectsOf, roleAccounts } from '../lib/objects.mjs';
import { Cases, look, routes } from './lib/contract.mjs';

const PASSWORD = 'Sample-city-2026';
const EACH = 6; // things of each kind that a role looks at
let town;
let objects;

before(async () => {
  town = await city({ template: 'jinzhou_played', match: true });
  const other = await city({ template: 'liaoning_played', gateways: 0 }); // played once, for its exchanges
  await other.stop();
  objects = await objectsOf(town);
});
after(() => town?.stop());

/** All faults of these exchanges, and how many there were. */
function faultsOf(files) {
  const cases = new Cases();
  const found = [];
  let count = 0;
  for (const exchange of exchanges(files)) {
    count += 1;
    found.push(...look(exchange, cases));
  }
  return { count, faults: [...new Set([...found, ...cases.faults()])] };
}

for (const [name, least] of [['jinzhou', 300], ['liaoning', 120]]) {
  test(`every exchange of the ${name} scenario is as the contract says`, () => {
    const { count, faults } = faultsOf([path.join(clusterFolder(), `trace_${name}_played.jsonl`)]);
    assert.ok(count > least, `${count} exchanges`);
    assert.deepEqual(faults, []);
  });
}

test('every exchange of the tests over HTTP is as the contract says', (t) => {
  const file = path.join(clusterFolder(), 'trace_api.jsonl');
  if (!fs.existsSync(file)) {
    t.diagnostic('the tests over HTTP have not run on this cluster');
    return;
  }
  const { count, faults } = faultsOf([file]);
  t.diagnostic(`${count} exchanges`);
  assert.deepEqual(faults, []);
});

test('every read, as every role, of everything in a played city is as the contract says', async () => {
  const cases = new Cases();
  const faults = [];
  const answered = new Set();
  const reads = routes.filter((route) => route.method === 'GET');
  for (const login of Object.values(roleAccounts).flat()) {
    const client = town.client();
    if (login) await client.signIn(login, PASSWORD);
    for (const route of reads) {
      const query = (route.form ?? []).filter((field) => field.required).map((field) => `${field.name}=${encodeURIComponent('电子级二氧化钛')}`).join('&');
      const targets = objects.paths(route, EACH).map((target) => (query ? `${target}?${query}` : target));
      const answers = await Promise.all(targets.map((target) => client.get(target)));
      answers.forEach((answer, i) => {
        const exchange = { method: 'GET', path: targets[i], status: answer.status, headers: answer.headers, response: answer.body };
        if (answer.status < 300) answered.add(route.path);
        if (answer.status >= 500) faults.push(`${login} ${targets[i]}: ${answer.status}`);
        faults.push(...look(exchange, cases));
      });
    }
    client.close();
  }
  // a city that has no token and no role grant shows none; their lists are read all the same
  assert.deepEqual(reads.map((route) => route.path).filter((name) => !answered.has(name)), []);
  assert.deepEqual([...new Set([...faults, ...cases.faults()])], []);
});
