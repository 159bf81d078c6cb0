// limits.test.mjs - the bounds of a message, one within and one beyond (S2); the headers that every
// answer carries, errors too (S5); methods (S7). Each refusal is a problem document with its number.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gatewayTables } from '../../tools/lib/openapi.mjs';
import { bin, city } from '../lib/city.mjs';
import { Wire } from './http/wire.mjs';

const { routes } = gatewayTables(bin);
const HOST = 'Host: localhost\r\n';
const KEY = 'Idempotency-Key: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff\r\n';
let town;
let anybody;

before(async () => {
  town = await city({ template: 'jinzhou', settings: { head_ms: 1500, body_ms: 1500 } });
  anybody = town.client();
});
after(() => town?.stop());

/** The answer to these bytes on a connection of their own. */
async function said(...pieces) {
  const wire = new Wire(town.plain);
  try {
    await wire.say(...pieces);
    return await wire.answer();
  } finally {
    wire.close();
  }
}

/** It is a problem of this status and slug, in full. */
function isProblem(answer, status, slug) {
  assert.ok(answer, `no answer instead of ${slug}`);
  assert.equal(`${answer.status} ${answer.headers['content-type']}`, `${status} application/problem+json`, answer.body);
  const body = JSON.parse(Buffer.from(answer.body, 'latin1').toString());
  assert.equal(body.type, `/problems/${slug}`);
  assert.equal(body.status, status);
  assert.match(body.title, /\p{Script=Han}/u);
  assert.match(body.instance, /^urn:uuid:[0-9a-f-]{36}$/);
  return body;
}

const get = (target, fields = '') => `GET ${target} HTTP/1.1\r\n${HOST}${fields}\r\n`;
const post = (body, type = 'application/json', target = '/session') =>
  [`POST ${target} HTTP/1.1\r\n${HOST}${KEY}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`, Buffer.from(body)];

test('a target of 8000 bytes is read, one of 8001 is refused', async () => {
  const target = (length) => `/healthz?x=${'a'.repeat(length - '/healthz?x='.length)}`;
  isProblem(await said(get(target(8000))), 422, 'invalid');
  isProblem(await said(get(target(8001))), 414, 'target_too_long');
});

test('a head of 16384 bytes is read, one of 16385 is refused', async () => {
  const head = (length) => {
    const rest = get('/healthz', 'X-A: \r\n').length;
    return get('/healthz', `X-A: ${'a'.repeat(length - rest)}\r\n`);
  };
  assert.equal(head(16384).length, 16384);
  assert.equal((await said(head(16384))).status, 200);
  isProblem(await said(head(16385)), 431, 'head_too_large');
});

test('a hundred fields are read, a hundred and one are refused', async () => {
  const fields = (count) => Array.from({ length: count - 1 }, (_, i) => `X-${i}: 1\r\n`).join('');
  assert.equal((await said(get('/healthz', fields(100)))).status, 200);
  isProblem(await said(get('/healthz', fields(101))), 431, 'head_too_large');
});

test('a JSON body of 1 MiB is read, one byte more is refused', async () => {
  const body = (length) => `{"login":"a","password":"${'b'.repeat(length - '{"login":"a","password":""}'.length)}"}`;
  isProblem(await said(...post(body(1 << 20))), 422, 'invalid');
  isProblem(await said(...post(body((1 << 20) + 1))), 413, 'body_too_large');
});

test('a JSON body nests 32 levels, not 33', async () => {
  const nested = (depth) => `{"login":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  isProblem(await said(...post(nested(32))), 422, 'invalid');
  isProblem(await said(...post(nested(33))), 400, 'json_too_deep');
});

test('what is not JSON is refused by its line', async () => {
  for (const [body, slug, line] of [['{"login":"a",\n"login":"b"}', 'json_duplicate_key', 2], ['{\n"login":', 'json_syntax', 2],
    ['{"login":1e999}', 'json_bad_number', 1]]) {
    assert.equal(isProblem(await said(...post(body)), 400, slug).params.line, line);
  }
  const bad = Buffer.concat([Buffer.from('{"login":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  isProblem(await said(...post(bad)), 400, 'json_bad_utf8');
  isProblem(await said(...post('["a"]')), 400, 'json_not_object');
});

test('a form that is not one is refused', async () => {
  const type = 'application/x-www-form-urlencoded';
  const deep = `a${'[0]'.repeat(40)}=1`;
  const many = Array.from({ length: 2001 }, (_, i) => `f${i}=1`).join('&');
  for (const [body, slug] of [['login=%zz', 'form_bad_percent'], ['login=%c3%28', 'form_bad_text'], ['login[x=1', 'form_bad_name'],
    ['login=a&login=b', 'form_duplicate'], [many, 'form_too_many'], [deep, 'form_too_deep']]) {
    isProblem(await said(...post(body, type)), 400, slug);
  }
  const all = Array.from({ length: 1998 }, (_, i) => `f${i}=1`).join('&');
  isProblem(await said(...post(`login=a&password=b&${all}`, type)), 422, 'invalid');
});

test('a message of another kind is refused before any route is looked at', async () => {
  isProblem(await said('GET / HTTP/1.1\r\n\r\n'), 400, 'bad_request');
  isProblem(await said('GET / HTTP/3.0\r\n\r\n'), 505, 'http_version_unknown');
  isProblem(await said(get('/', 'Expect: 200-maybe\r\n')), 417, 'expectation_failed');
  isProblem(await said(get('/', 'Transfer-Encoding: gzip, chunked\r\n')), 501, 'transfer_coding_unknown');
  isProblem(await said('GET / HTTP/1.1\r\nHost: other.example\r\n\r\n'), 421, 'bad_host');
  assert.doesNotMatch(String((await said('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'))?.status), /^[25]/);
});

test('a message that does not come to its end is refused in time', async () => {
  isProblem(await said('GET /healthz HT'), 408, 'too_slow');
  isProblem(await said(`POST /session HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{`), 408, 'too_slow');
});

test('TRACE and CONNECT are refused everywhere, what is no method is not known (S7)', async () => {
  for (const target of ['/', '/needs', '/healthz']) {
    const trace = await said(`TRACE ${target} HTTP/1.1\r\n${HOST}\r\n`);
    isProblem(trace, 405, 'method_not_allowed');
    isProblem(await said(`BREW ${target} HTTP/1.1\r\n${HOST}\r\n`), 501, 'method_unknown');
  }
  isProblem(await said(`CONNECT localhost:443 HTTP/1.1\r\n${HOST}\r\n`), 405, 'method_not_allowed');
  const wrong = await anybody.delete('/healthz');
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS');
});

test('the headers of an act are looked at before its body', async () => {
  const refused = async (options, slug) => assert.equal((await anybody.post('/session', { login: 'a', password: 'b' }, options)).problem, slug);
  await refused({ key: 'seven' }, 'bad_key');
  await refused({ version: 'x' }, 'bad_version');
  await refused({ type: 'text/plain' }, 'bad_media_type');
  const officer = town.client();
  await officer.signIn('officer1', 'Sample-city-2026');
  assert.equal((await officer.post('/needs', {}, { key: null })).problem, 'no_key');
  const upload = await officer.post('/imports/unit', Buffer.from([0xff, 0xfe]), { type: 'text/csv' });
  assert.equal(upload.problem, 'upload_bad_text');
  const body = await officer.request('GET', '/desk', '{}');
  assert.equal(body.problem, 'body_unwanted');
});

const wanted = {
  'strict-transport-security': /^max-age=31536000/, 'x-content-type-options': /^nosniff$/, 'referrer-policy': /./,
  'content-security-policy': /default-src 'self'.*frame-ancestors 'none'.*base-uri 'none'.*form-action 'self'.*object-src 'none'/,
  'cross-origin-resource-policy': /^same-origin$/, 'cross-origin-opener-policy': /^same-origin$/, 'x-frame-options': /^DENY$/,
};

/** The headers that an answer lacks. */
function lacks(answer, isCached) {
  const missing = Object.entries(wanted).filter(([name, value]) => !value.test(answer.headers[name] ?? '')).map(([name]) => name);
  const cache = isCached && answer.status < 400 ? 'public, no-cache' : 'no-store';
  if (answer.headers['cache-control'] !== cache) missing.push(`cache-control ${answer.headers['cache-control']}`);
  if (answer.headers.server || answer.headers['x-powered-by']) missing.push('says what it is');
  return missing;
}

test('every answer of every route carries the headers of S5, refusals too, and no stack or SQL (S40)', async () => {
  const officer = town.client();
  await officer.signIn('officer1', 'Sample-city-2026');
  for (const route of routes) {
    const path = route.path.replace(/\{\w*id\}/g, '00000000-0000-4000-8000-000000000000').replace(/\{\w+\}/g, 'none');
    for (const client of [anybody, officer]) {
      if (route.path === '/session' && route.method === 'DELETE') continue;
      const answer = await client.request(route.method, path, route.method === 'GET' || route.method === 'DELETE' ? undefined : '{"no":1}',
        { type: route.flags.includes('upload') ? 'text/csv' : undefined });
      const where = `${route.method} ${path} ${answer.status}`;
      assert.deepEqual(lacks(answer, route.flags.includes('cached')), [], where);
      assert.ok(answer.status < 500, where);
      assert.doesNotMatch(answer.status < 400 ? '' : answer.text, /select |plpgsql|SQLSTATE|\.c:\d|services\//, where);
    }
  }
});

test('nothing that was refused has left anything behind', async () => {
  const [counts] = await town.sql(`select (select count(*) from workflow.item where created_at > now() - interval '1 hour' and machine = 'need') as needs,
    (select count(*) from workflow.idempotency) as keys, (select count(*) from lib.import where at > now() - interval '1 hour' and state = 'checked') as imports`);
  assert.deepEqual(counts, { needs: 0, keys: 0, imports: 0 });
});
