// Signing in and out over HTTP: cookies, the CSRF token, re-authentication, password changes (S8-S16).
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { city } from '../../lib/city.mjs';
import { register } from './people.mjs';

const PASSWORD = 'blue horse rides home';
let town;
let anna;

before(async () => {
  town = await city({ template: 'empty', tls: true });
  anna = await register(town.client(), 'anna', PASSWORD);
});
after(() => town?.stop());

async function signedIn(options) {
  const client = town.client(options);
  await client.signIn(anna.login, PASSWORD);
  return client;
}

test('the cookie is bound to this host, to TLS and to this site', async () => {
  const answer = await town.client().post('/session', { login: anna.login, password: PASSWORD });
  assert.equal(answer.status, 201);
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /^__Host-jb=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
});

test('the database never sees the session id', async () => {
  const client = await signedIn();
  const id = client.cookies.split('=')[1];
  const rows = await town.sql('select * from auth.session');
  assert.ok(rows.length > 0);
  assert.ok(!JSON.stringify(rows).includes(Buffer.from(id, 'base64url').toString('hex')));
});

test('a wrong password and a login that nobody has get the same answer', async () => {
  const wrong = await town.client().post('/session', { login: anna.login, password: 'x' });
  const nobody = await town.client().post('/session', { login: 'nobody.at.all', password: 'x' });
  assert.equal(wrong.status, 401);
  assert.equal(wrong.problem, 'wrong_credentials');
  delete wrong.body.instance;
  delete nobody.body.instance;
  assert.deepEqual(nobody.body, wrong.body);
  assert.equal(nobody.headers['set-cookie'], undefined);
});

test('a form signs in as well as JSON', async () => {
  const answer = await town.client().post('/session', new URLSearchParams({ login: anna.login, password: PASSWORD }));
  assert.equal(answer.status, 201);
});

test('who has no session is told so without a look at the database', async () => {
  const answer = await town.client().get('/session');
  assert.equal(answer.status, 401);
  assert.equal(answer.problem, 'session_missing');
  assert.match(answer.headers['www-authenticate'], /^Bearer/);
});

test('a session that was never opened is refused', async () => {
  const client = town.client({ headers: { cookie: `__Host-jb=${randomBytes(32).toString('base64url')}` } });
  assert.equal((await client.get('/session')).status, 401);
});

test('a bearer token that cannot be one is refused', async () => {
  const client = town.client();
  client.bearer = 'abc';
  const answer = await client.get('/session');
  assert.equal(answer.problem, 'bad_token');
});

test('signing out ends the session and clears the browser', async () => {
  const client = await signedIn();
  const answer = await client.delete('/session');
  assert.equal(answer.status, 204);
  assert.match(answer.headers['clear-site-data'], /"cookies"/);
  assert.match(answer.headers['set-cookie'][0], /Max-Age=0/);
});

test('the old id is worth nothing after signing out', async () => {
  const client = await signedIn();
  const headers = { cookie: client.cookies };
  await client.delete('/session');
  assert.equal((await town.client({ headers }).get('/session')).status, 401);
});

test('an act under a cookie needs the token', async () => {
  const client = await signedIn();
  client.csrf = undefined;
  const answer = await client.delete('/session');
  assert.equal(answer.status, 403);
  assert.equal(answer.problem, 'no_csrf');
  assert.equal((await client.get('/session')).status, 200);
});

test('the token of another session is not ours', async () => {
  const client = await signedIn();
  client.csrf = (await signedIn()).csrf;
  assert.equal((await client.delete('/session')).problem, 'no_csrf');
});

test('a form carries the token in a field', async () => {
  const client = await signedIn();
  const { csrf } = client;
  client.csrf = undefined;
  const answer = await client.post('/session/reauth', new URLSearchParams({ csrf, password: PASSWORD }));
  assert.equal(answer.status, 200);
});

for (const [what, headers] of [
  ['another origin', { origin: 'https://evil.example' }],
  ['no origin at all', { origin: 'null' }],
  ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling site', { 'sec-fetch-site': 'same-site' }],
]) {
  test(`an act from ${what} is refused, token or not`, async () => {
    const client = await signedIn();
    const answer = await client.delete('/session', { headers });
    assert.equal(answer.status, 403);
    assert.equal(answer.problem, 'bad_origin');
  });
}

test('an act from our own page goes through', async () => {
  const client = await signedIn();
  const headers = { origin: town.url, 'sec-fetch-site': 'same-origin' };
  assert.equal((await client.delete('/session', { headers })).status, 204);
});

test('giving the password again changes the id', async () => {
  const client = await signedIn();
  const old = client.cookies;
  assert.equal((await client.post('/session/reauth', { password: PASSWORD })).status, 200);
  assert.notEqual(client.cookies, old);
  assert.equal((await town.client({ headers: { cookie: old } }).get('/session')).status, 401);
  assert.equal((await client.get('/session')).status, 200);
});

test('a wrong password does not change the id', async () => {
  const client = await signedIn();
  const old = client.cookies;
  assert.equal((await client.post('/session/reauth', { password: 'x' })).status, 401);
  assert.equal(client.cookies, old);
});

test('a new password ends the other sessions', async () => {
  const berta = await register(town.client(), 'berta', PASSWORD);
  const here = town.client();
  const there = town.client();
  await here.signIn(berta.login, PASSWORD);
  await there.signIn(berta.login, PASSWORD);
  const answer = await here.post('/account/password', { password: PASSWORD, new_password: 'green cow walks home' });
  assert.equal(answer.status, 200);
  assert.equal((await there.get('/session')).status, 401);
  assert.equal((await here.get('/session')).status, 200);
});

test('a bad password is refused before anything is stored', async () => {
  const before = (await town.sql('select count(*)::int as n from auth.account'))[0].n;
  for (const [password, code] of [['short', 'too_short'], ['x'.repeat(129), 'too_long'], ['password123', 'password_common'],
    ['carla.example', 'password_context']]) {
    const answer = await town.client().post('/accounts', { ...anna.body, login: 'carla.example', password });
    assert.equal(answer.status, 422, password);
    assert.deepEqual(answer.body.errors.map((e) => [e.field, e.code]), [['password', code]]);
    assert.ok(answer.body.errors[0].message);
  }
  assert.equal((await town.sql('select count(*)::int as n from auth.account'))[0].n, before);
});

test('under the national profile a password has three kinds of letters', async () => {
  const strict = await city({ template: 'empty', settings: { password_profile: 'gb' } });
  try {
    const answer = await strict.client().post('/accounts', { ...anna.body, login: 'dora.example', password: PASSWORD });
    assert.equal(answer.status, 422);
    assert.deepEqual(answer.body.errors.map((e) => [e.field, e.code]), [['password', 'password_simple']]);
  } finally {
    await strict.stop();
  }
});

test('registering twice with one key makes one account', async () => {
  const key = randomUUID();
  const body = { ...anna.body, login: 'dora', password: PASSWORD };
  const first = await town.client().post('/accounts', body, { key });
  const second = await town.client().post('/accounts', body, { key });
  assert.equal(first.status, 201);
  assert.deepEqual(second.body, first.body);
  const other = await town.client().post('/accounts', { ...body, login: 'dora2' }, { key });
  assert.equal(other.problem, 'key_reused');
});

test('what is kept of a request is no hint of the password in it', async () => {
  const rows = await town.sql('select fp from workflow.idempotency');
  assert.ok(rows.length > 0);
  for (const { fp } of rows) assert.match(fp, /^[0-9a-f]{64}$/);
});

test('no log line holds a password, a session or a query value', async () => {
  const canary = `canary-${randomUUID()}`;
  const client = await signedIn();
  await town.client().post('/session', { login: 'canary', password: canary });
  await client.get(`/items?q=${canary}`);
  await client.get(`/session?token=${canary}`);
  const log = await town.gateways[0].stop().then(() => town.gateways[0].log);
  await town.startGateway();
  assert.match(log, /"route":"\/session"/);
  assert.ok(!log.includes(canary));
  assert.ok(!log.includes(client.cookies.split('=')[1]));
});
