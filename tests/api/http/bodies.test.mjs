// bodies.test.mjs - bodies and queries that cannot be read, and fields that are wrong: each gets a
// problem document that says what and where, in the reader's language, and the connection goes on.
// The server's address is in JB_PLAIN_URL.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, test } from 'node:test';
import { noteAnswer } from '../../lib/refusals.mjs';

const url = process.env.JB_PLAIN_URL;
assert.ok(url, 'JB_PLAIN_URL names the server');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
after(() => agent.destroy());

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function send(method, path, { type, body, lang = 'zh' } = {}) {
  return new Promise((resolve, reject) => {
    const headers = { 'Accept-Language': lang, ...(type && { 'Content-Type': type }) };
    const request = http.request(url + path, { method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const problem = /problem\+json/.test(answer.headers['content-type']) ? JSON.parse(text) : null;
        noteAnswer(problem);
        resolve({ status: answer.statusCode, headers: answer.headers, text, problem });
      });
    });
    request.on('error', reject).end(body);
  });
}

const post = (type, body, lang) => send('POST', '/first-admin', { type, body, lang });

/** This body is refused by that name. */
const refuses = (name, type, body, status, slug) => test(name, async () => {
  const { status: seen, problem } = await post(type, body);
  assert.deepEqual([seen, problem?.type, problem?.status], [status, `/problems/${slug}`, status]);
  assert.match(problem.title, /\p{Script=Han}/u);
});

refuses('JSON that is malformed', JSON_TYPE, '{"login":', 400, 'json_syntax');
refuses('JSON with something behind it', JSON_TYPE, '{}{}', 400, 'json_syntax');
refuses('JSON with a NUL in a text', JSON_TYPE, '{"login":"\\u0000"}', 400, 'json_syntax');
refuses('JSON with a member twice', JSON_TYPE, '{"login":"a","login":"b"}', 400, 'json_duplicate_key');
refuses('JSON that is not UTF-8', JSON_TYPE, Buffer.from('{"login":"\xff"}', 'latin1'), 400, 'json_bad_utf8');
refuses('JSON with a number that does not fit', JSON_TYPE, '{"login":1e999}', 400, 'json_bad_number');
refuses('JSON nested 33 deep', JSON_TYPE, `${'['.repeat(33)}${']'.repeat(33)}`, 400, 'json_too_deep');
refuses('JSON nested a hundred thousand deep', JSON_TYPE, '['.repeat(100000), 400, 'json_too_deep');
refuses('JSON that is no object', JSON_TYPE, '[]', 400, 'json_not_object');
refuses('a form with a broken percent', FORM_TYPE, 'login=%4', 400, 'form_bad_percent');
refuses('a form that is not UTF-8', FORM_TYPE, 'login=%ff', 400, 'form_bad_text');
refuses('a form with a NUL', FORM_TYPE, 'login=%00', 400, 'form_bad_text');
refuses('a form with a name that is none', FORM_TYPE, 'a b=1', 400, 'form_bad_name');
refuses('a form with a gap in a list', FORM_TYPE, 'a[1].b=1', 400, 'form_bad_name');
refuses('a form with a field twice', FORM_TYPE, 'login=a&login=b', 400, 'form_duplicate');
refuses('a form of 2001 fields', FORM_TYPE, Array.from({ length: 2001 }, (_, i) => `n${i}=`).join('&'), 400, 'form_too_many');
refuses('a form nested 33 deep', FORM_TYPE, `a${'.a'.repeat(32)}=1`, 400, 'form_too_deep');
refuses('a body of a type that is not read here', 'text/plain', 'login=a', 415, 'bad_media_type');
refuses('a body over 1 MiB', JSON_TYPE, `{"login":"${'a'.repeat(1 << 20)}"}`, 413, 'body_too_large');

test('a refusal of JSON says the line', async () => {
  const { problem } = await post(JSON_TYPE, '{\n"login":"a",\n"login":"b"}', 'en');
  assert.equal(problem.params.line, 3);
  assert.match(problem.title, /line 3/);
});

test('a query is read as strictly as a form', async () => {
  // A broken percent does not get that far: it is no target.
  for (const [query, slug] of [['a=%4', 'bad_request'], ['a=%ff', 'form_bad_text'], ['a=1&a=2', 'form_duplicate']]) {
    const { status, problem } = await send('GET', `/healthz?${query}`);
    assert.deepEqual([status, problem?.type], [400, `/problems/${slug}`], query);
  }
});

test('a query field that nobody asked for is refused by its name', async () => {
  const { status, problem } = await send('GET', '/healthz?nobody=1');
  assert.equal(status, 422);
  assert.deepEqual(problem.errors.map(({ field, code }) => [field, code]), [['nobody', 'unknown_field']]);
});

for (const [lang, message] of [['zh', /必填/], ['en', /required/]]) {
  test(`every wrong field is told, in ${lang}`, async () => {
    const body = { login: 'x'.repeat(500), email: 'nobody', unit: { name: '', code: '91110000600037341N' }, nobody: 1 };
    const { status, problem } = await post(JSON_TYPE, JSON.stringify(body), lang);
    assert.equal(status, 422);
    const codes = Object.fromEntries(problem.errors.map((error) => [error.field, error.code]));
    assert.equal(codes.login, 'too_long');
    assert.equal(codes.email, 'bad_email');
    assert.equal(codes.password, 'required');
    assert.equal(codes['unit.name'], 'required');
    assert.equal(codes['unit.code'], 'bad_check_digit');
    assert.equal(codes.nobody, 'unknown_field');
    for (const error of problem.errors) assert.ok(error.message && !error.message.includes('{'), error.code);
    assert.match(problem.errors.find((error) => error.code === 'required').message, message);
  });
}

test('a form and JSON of the same fields get the same answer', async () => {
  const form = await post(FORM_TYPE, 'login=a&email=nobody&unit.code=91110000600037341N&unit.name=');
  const json = await post(JSON_TYPE, JSON.stringify({
    login: 'a', email: 'nobody', unit: { code: '91110000600037341N', name: '' } }));
  assert.equal(form.status, 422);
  assert.deepEqual(form.problem.errors, json.problem.errors);
});

test('a password is never said back', async () => {
  const { text } = await post(JSON_TYPE, JSON.stringify({ login: 'a', password: 'geheim\u0007geheim', email: 'geheim' }));
  assert.doesNotMatch(text, /geheim/);
});

test('all this on one connection that is still good', async () => {
  assert.equal((await send('GET', '/healthz')).status, 200);
});
