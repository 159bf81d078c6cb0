// openapi.test.mjs - proto/openapi.yaml says what the gateway's tables say: routes, permissions,
// forms, problems; and its examples are what they claim to be.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { bin } from '../lib/city.mjs';
import { Cases, contract, operationOf, operations, pointer, problems, root, routes } from './lib/contract.mjs';

const name = (route) => `${route.method} ${route.path}`;

test('the file is what tools/openapi.mjs builds now', () => {
  execFileSync('node', [path.join(root, 'tools/openapi.mjs'), '--check'], { env: { ...process.env, JB_BIN: bin } });
});

test('every route is an operation, and every operation a route', () => {
  assert.ok(routes.length > 150);
  const described = operations.map((one) => one.name);
  assert.deepEqual(routes.map(name).filter((one) => !described.includes(one)), []);
  assert.equal(described.length, routes.length);
});

test('every operation has the permission of its route, and asks for credentials unless it is public', () => {
  for (const route of routes) {
    const operation = operationOf(route);
    assert.deepEqual(operation['x-permission'], route.perm, name(route));
    assert.notEqual(route.perm.length, 0, name(route));
    const open = operation.security.some((way) => Object.keys(way).length === 0);
    assert.equal(open, route.perm.includes('public'), name(route));
    const byCookie = operation.security.find((way) => way.session);
    assert.equal(byCookie.csrf !== undefined, route.method !== 'GET', name(route));
    assert.equal(operation['x-reauth'] === true, route.flags.includes('reauth'), name(route));
  }
});

test('every name in a path, every field of a query and every header of an act is a parameter', () => {
  for (const route of routes) {
    const given = operationOf(route).parameters.map((one) => (one.$ref ? one.$ref.split('/').pop() : `${one.in}:${one.name}`));
    for (const [, part] of route.path.matchAll(/\{(\w+)\}/g)) assert.ok(given.includes(`path:${part}`), name(route));
    const query = given.filter((one) => one.startsWith('query:'));
    assert.deepEqual(query, route.method === 'GET' ? (route.form ?? []).map((field) => `query:${field.name}`) : [], name(route));
    if (route.method === 'POST') assert.equal(given.includes('Key'), !route.flags.includes('no_key'), name(route));
  }
});

/** The schema behind a $ref. */
const resolved = (schema) => (schema.$ref ? schema.$ref.slice(2).split('/').reduce((at, part) => at[part], contract) : schema);

test('every body takes the fields of its form and no others', () => {
  const compare = (fields, schema, where) => {
    assert.equal(schema.additionalProperties, false, where);
    assert.deepEqual(Object.keys(schema.properties), fields.map((field) => field.name), where);
    assert.deepEqual(schema.required ?? [], fields.filter((field) => field.required).map((field) => field.name), where);
    for (const field of fields.filter((one) => one.fields)) {
      const member = schema.properties[field.name];
      compare(field.fields, member.items ?? member, `${where} ${field.name}`);
    }
  };
  for (const route of routes.filter((one) => !['GET', 'DELETE'].includes(one.method) && !one.flags.includes('upload'))) {
    compare(route.form ?? [], resolved(operationOf(route).requestBody.content['application/json'].schema), name(route));
  }
});

test('every problem of problems.def is in the contract, under its status, and no other', () => {
  const told = Object.keys(contract['x-problems']);
  assert.deepEqual(problems.map((one) => one.slug).filter((slug) => !told.includes(slug)), []);
  assert.equal(told.length, problems.length);
  for (const { slug, status, zh, en } of problems) {
    assert.deepEqual(contract['x-problems'][slug], { status, zh, en });
    assert.ok(contract.components.responses[`Problem${status}`].description.split(', ').includes(slug), slug);
  }
});

test('operation ids are unique and every reference leads somewhere', () => {
  const ids = operations.map((one) => one.operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  let count = 0;
  JSON.stringify(contract, (key, value) => {
    if (key === '$ref' && typeof value === 'string') {
      count += 1;
      assert.ok(resolved({ $ref: value }), value);
    }
    return value;
  });
  assert.ok(count > 1000);
});

test('every schema is used', () => {
  const text = JSON.stringify(contract);
  for (const schema of Object.keys(contract.components.schemas)) {
    assert.ok(text.includes(`"#/components/schemas/${schema}"`), schema);
  }
});

test('every body and answer has an example, and it holds', () => {
  const cases = new Cases();
  for (const { name: where, operation } of operations) {
    const [, method, target] = /(\w+) (.*)/.exec(where);
    const parts = ['paths', target, method.toLowerCase()];
    const body = operation.requestBody?.content['application/json'];
    if (body) {
      assert.ok('example' in body, `${where}: the body has no example`);
      cases.add(`${where} body`, pointer(...parts, 'requestBody', 'content', 'application/json', 'schema'), body.example);
    }
    const answers = Object.entries(operation.responses).filter(([status]) => /^2/.test(status));
    const withJson = answers.filter(([, answer]) => answer.content?.['application/json']);
    if (withJson.length === 0) continue;
    const shown = withJson.filter(([, answer]) => 'example' in answer.content['application/json']);
    assert.ok(shown.length > 0, `${where}: the answer has no example`);
    for (const [status, answer] of shown) {
      cases.add(`${where} ${status}`, pointer(...parts, 'responses', status, 'content', 'application/json', 'schema'),
        answer.content['application/json'].example);
    }
  }
  assert.ok(cases.size > 200);
  assert.deepEqual(cases.faults(), []);
});
