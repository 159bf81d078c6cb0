// GET /live: who waits hears of changes to the own desk, until the session ends, the gateway stops or there
// is no more room.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { city, until } from '../../lib/city.mjs';
import { creditCode } from './people.mjs';

const PASSWORD = 'Sample-city-2026';
let town;
before(async () => { town = await city({ template: 'jinzhou', gateways: 2, settings: { live_beat_ms: 200, live_max: 8 } }); });
after(() => town?.stop());

const open = [];
/** A stream as it comes: { status, headers, text, ended }. */
async function listen(client, { base = town.plain, headers = {} } = {}) {
  const stream = { text: '', ended: false };
  await new Promise((done, failed) => {
    stream.request = http.get(new URL('/live', base), { agent: false, headers: { cookie: client?.cookies ?? '', ...headers } }, (answer) => {
      Object.assign(stream, { status: answer.statusCode, headers: answer.headers });
      answer.setEncoding('utf8');
      answer.on('data', (part) => { stream.text += part; });
      answer.on('close', () => { stream.ended = true; });
      answer.on('error', () => {});
      done();
    });
    stream.request.on('error', failed);
  });
  open.push(stream);
  return stream;
}
const events = (stream) => [...stream.text.matchAll(/event: desk\ndata: (.*)\n\n/g)].map(([, data]) => JSON.parse(data));
async function hangUp() {
  for (const stream of open.splice(0)) stream.request.destroy();
  await until(async () => (await metric('jb_live_streams')) === 0, 'nobody waits');
}
/** Of both gateways: each answers in turn, so it is asked until both have said the same. */
async function metric(name) {
  let most = 0;
  for (let i = 0; i < 12; i += 1) {
    const client = town.client({ keepAlive: false });
    const line = new RegExp(`^${name} (\\d+)$`, 'm').exec((await client.get('/metrics')).text);
    client.close();
    most = Math.max(most, Number(line[1]));
  }
  return most;
}
async function signedIn(login) {
  const client = town.client({ keepAlive: false });
  await client.signIn(login, PASSWORD);
  return client;
}
const idOf = async (login) => (await town.sql('select id from auth.account where login = $1', [login]))[0].id;

test('the head comes at once, then how to come back and what is unread, then signs of life', async () => {
  const stream = await listen(await signedIn('drafter1'), { headers: { 'last-event-id': '7', 'accept-encoding': 'gzip' } });
  assert.equal(stream.status, 200);
  assert.equal(stream.headers['content-type'], 'text/event-stream');
  assert.equal(stream.headers['cache-control'], 'no-store');
  assert.equal(stream.headers['content-encoding'], undefined);
  assert.equal(stream.headers['content-length'], undefined);
  assert.equal(stream.headers['x-accel-buffering'], 'no');
  await until(() => events(stream).length === 1, 'the first news');
  assert.match(stream.text, /^retry: \d+\n\n/);
  assert.ok(Number.isInteger(events(stream)[0].unread));
  await until(() => (stream.text.match(/^: $/gm) ?? []).length >= 3, 'signs of life');
  assert.equal(stream.ended, false);
  await hangUp();
});

test('who is not signed in is refused, and HEAD has no stream', async () => {
  assert.equal((await town.client().get('/live')).problem, 'session_missing');
  const client = await signedIn('drafter1');
  const head = await client.request('HEAD', '/live');
  assert.deepEqual([head.status, head.headers['content-type'], head.raw.length], [200, 'text/event-stream', 0]);
  assert.equal(await metric('jb_live_streams'), 0);
});

test('what the worker brings to a desk is heard by its people, through any gateway, and by nobody else', async () => {
  const officers = [await listen(await signedIn('officer1')), await listen(await signedIn('officer1'))];
  const other = await listen(await signedIn('team1'));
  await until(() => [...officers, other].every((one) => events(one).length === 1), 'the first news');
  const before = events(officers[0])[0].unread;
  const made = await town.client().post('/accounts', { login: 'newcomer', password: PASSWORD, name: '示例人员', consent_version: '1',
    unit: { name: '示例新来公司', kind: 'enterprise', code: creditCode() } });
  assert.equal(made.status, 201, made.text);
  await town.runDue();
  for (const one of officers) await until(() => events(one).length > 1 && events(one).at(-1).unread > before, 'news of the newcomer');
  assert.equal(events(other).length, 1);
  await hangUp();
});

test('a stream ends when its session does', async () => {
  const client = await signedIn('drafter1');
  const kept = await listen(await signedIn('drafter1'));
  const stream = await listen(client);
  await until(() => events(stream).length === 1, 'the first news');
  assert.equal((await client.delete('/session')).status, 204);
  await until(() => stream.ended, 'it ends', 3000);
  assert.equal(kept.ended, false);
  await hangUp();
});

test('one person has six at most; the next is told to come later', async () => {
  const client = await signedIn('drafter1');
  for (let i = 0; i < 20; i += 1) {
    const stream = await listen(client);
    if (stream.status === 200) continue;
    await until(() => stream.ended, 'the refusal is whole');
    assert.equal(stream.status, 429);
    assert.equal(JSON.parse(stream.text).type.split('/').pop(), 'too_many_streams');
    assert.match(stream.headers['retry-after'], /^[1-9]\d*$/);
    assert.ok(i >= 6);
    await hangUp();
    return;
  }
  assert.fail('twenty were let in');
});

test('a process has no more than it is told', async () => {
  const clients = [];
  for (const login of ['drafter1', 'team1', 'officer1', 'county1']) clients.push(await signedIn(login));
  let refused;
  for (let i = 0; i < 40 && !refused; i += 1) {
    const stream = await listen(clients[i % clients.length]);
    if (stream.status === 503) refused = stream;
  }
  assert.equal(refused?.status, 503);
  assert.match(refused.headers['retry-after'], /^[1-9]\d*$/);
  await hangUp();
});

test('who does not read is dropped', async () => {
  const client = await signedIn('drafter1');
  const id = await idOf('drafter1');
  const deaf = net.connect(town.plainPort, '127.0.0.1');
  deaf.on('error', () => {});
  deaf.write(`GET /live HTTP/1.1\r\nHost: 127.0.0.1:${town.plainPort}\r\nCookie: ${client.cookies}\r\n\r\n`);
  await until(async () => (await metric('jb_live_streams')) === 1, 'it waits');
  deaf.pause();
  await until(async () => {
    await town.sql("select pg_notify('desk', $1 || ' ' || (g % 1000)) from generate_series(1, 20000) g", [id]);
    return (await metric('jb_live_streams')) === 0;
  }, 'it is dropped');
  deaf.destroy();
});

test('a gateway that stops ends its streams at once', async () => {
  const client = await signedIn('team1');
  const streams = [await listen(client), await listen(client), await listen(client)];
  const began = Date.now();
  await Promise.all(town.gateways.splice(0).map((gateway) => gateway.stop()));
  assert.ok(Date.now() - began < 5000, 'it did not wait for them');
  await until(() => streams.every((one) => one.ended), 'all have ended');
  await town.startGateway();
  open.length = 0;
});
