// GET /live: who waits hears at once that the own desk has changed, and of nothing else; waiting is
// bounded, costs nobody else anything, and ends with the session, the client or the process.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { city, until } from '../../lib/city.mjs';
import { Live, ask, connection } from '../../lib/live.mjs';
import { register } from './people.mjs';

const PASSWORD = 'blue horse rides home';
const SOON = 5000; // for what happens at once; the machine may be busy
let town;
const accounts = {};
const open = [];

before(async () => {
  town = await city({ template: 'empty', tls: true, gateways: 2, settings: { live_beat_ms: 200, live_max: 40, pool: 4 } });
  for (const login of ['anna', 'bert', 'many']) accounts[login] = await register(town.client(), login, PASSWORD);
});
after(async () => {
  for (const live of open) live.close();
  await town?.stop();
});

async function person(login, base = town.plain) {
  const client = town.client({ base });
  await client.signIn(login, PASSWORD);
  return client;
}

async function wait(client, options) {
  const live = await Live.open(client, options);
  open.push(live);
  if (live.status === 200 && options?.method !== 'HEAD') await live.event(0, SOON);
  return live;
}

/** Tells somebody something, as the worker does after a commit. */
async function tell(login, what = 'unit_verified') {
  await town.sql(`with unit as (select m.unit from party.membership m join auth.account a on a.id = m.person where a.login = $1)
    select workflow.emit('told', null, jsonb_build_object('what', $2, 'unit', unit)) from unit`, [login, what]);
  const [{ id }] = await town.sql('select max(id) as id from workflow.outbox');
  const [{ told }] = await town.sqlAs('jb_worker', 'select job.deliver_inbox($1) as told', [String(id)]);
  assert.equal(told, 1);
}

/** A number of one gateway; of two that share a port the one that happened to answer. */
async function metric(name, of = town) {
  const client = of.client();
  const { text } = await client.get('/metrics');
  client.close();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)[1]);
}

test('the head comes at once: not to be kept, not to be buffered, without a length', async () => {
  const live = await wait(await person('anna'));
  assert.equal(live.status, 200);
  assert.equal(live.headers['content-type'], 'text/event-stream');
  assert.equal(live.headers['cache-control'], 'no-store');
  assert.equal(live.headers['x-accel-buffering'], 'no');
  assert.equal(live.headers['transfer-encoding'], 'chunked');
  assert.equal(live.headers['content-length'], undefined);
  assert.equal(live.headers['content-encoding'], undefined);
  assert.equal(live.headers.etag, undefined);
  assert.match(live.headers['content-security-policy'], /default-src 'self'/);
  assert.match(live.headers['x-request-id'], /^[0-9a-f-]{36}$/);
  assert.equal(live.retry, 5000);
  assert.deepEqual(live.events, [{ event: 'desk', data: { unread: 0 } }]);
});

test('a comment comes again and again, and nothing else while nothing happens', async () => {
  const live = await wait(await person('anna'), { headers: { 'accept-encoding': 'gzip' } });
  await until(() => live.beats >= 3, 'three signs of life', SOON);
  assert.equal(live.events.length, 1);
  assert.equal(live.headers['content-encoding'], undefined);
});

test('what is told to a person is heard on every stream of that person, whichever gateway has it, and by nobody else', async () => {
  const [anna, bert] = [await person('anna'), await person('bert')];
  const mine = await Promise.all(Array.from({ length: 4 }, () => wait(anna)));
  const other = await wait(bert);
  const before = mine[0].events[0].data.unread;
  await tell('anna');
  for (const live of mine) assert.deepEqual(await live.event(1, SOON), { event: 'desk', data: { unread: before + 1 } });
  const beats = other.beats;
  await until(() => other.beats > beats, 'the other is still there', SOON);
  assert.equal(other.events.length, 1);
  for (const live of [...mine, other]) live.close();
});

test('reading in one window is heard in another', async () => {
  const client = await person('anna');
  await tell('anna');
  const live = await wait(client);
  assert.ok(live.events[0].data.unread > 0);
  const inbox = await client.get('/inbox');
  assert.equal((await client.post('/inbox/read', { until: inbox.body.items[0].id })).status, 200);
  assert.deepEqual(await live.event(1, SOON), { event: 'desk', data: { unread: 0 } });
  live.close();
});

test('what is taken back with its transaction is never heard', async () => {
  const live = await wait(await person('anna'));
  await town.sql(`begin; select workflow.tell_desks(array[(select id from auth.account where login = 'anna')]); rollback`);
  const beats = live.beats;
  await until(() => live.beats > beats + 1, 'it lives on', SOON);
  assert.equal(live.events.length, 1);
  live.close();
});

test('over TLS as well', async () => {
  const client = await person('anna', town.url);
  const live = await wait(client);
  await tell('anna');
  await live.event(1, SOON);
  live.close();
});

test('Last-Event-ID and conditions change nothing', async () => {
  const live = await wait(await person('anna'), { headers: { 'last-event-id': '7', 'if-none-match': '*', range: 'bytes=1-' } });
  assert.equal(live.status, 200);
  assert.equal(live.events.length, 1);
  live.close();
});

test('a browser that opens the address sees the stream too', async () => {
  const live = await wait(await person('anna'), { headers: { accept: 'text/html' } });
  assert.equal(live.headers['content-type'], 'text/event-stream');
  live.close();
});

test('HEAD has the same head, no body, and its connection goes on', async () => {
  const client = await person('anna');
  const socket = connection(town.plainPort, ask(client).replace('GET', 'HEAD'));
  await until(() => socket.heard.includes('\r\n\r\n'), 'the head', SOON);
  assert.match(socket.heard, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(socket.heard, /Content-Type: text\/event-stream\r\n/);
  assert.doesNotMatch(socket.heard, /Connection: close|Content-Length/);
  const first = socket.heard.length;
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(() => socket.heard.slice(first).includes('"ok"'), 'the next answer', SOON);
  assert.match(socket.heard.slice(first), /^HTTP\/1\.1 200 OK\r\n/);
  socket.destroy();
});

test('nobody without a session, with one that is over, or by another method', async () => {
  const stranger = town.client({ base: town.plain });
  const answer = await stranger.get('/live');
  assert.equal(answer.status, 401);
  assert.equal(answer.problem, 'session_missing');
  const old = await stranger.get('/live', { headers: { cookie: `jb=${Buffer.alloc(32, 7).toString('base64url')}` } });
  assert.equal(old.problem, 'session_expired');
  assert.equal((await (await person('anna')).post('/live', {})).status, 405);
});

test('a program waits with its token, and no longer than the token lives', async () => {
  const client = await person('anna');
  await client.post('/session/reauth', { password: PASSWORD }, { key: null });
  const made = await client.post('/account/tokens', { name: '示例程序', scopes: ['read'], days: 1 });
  assert.equal(made.status, 201, made.text);
  const program = town.client({ base: town.plain });
  program.bearer = made.body.token;
  const live = await wait(program);
  assert.equal(live.status, 200);
  assert.equal((await client.delete(`/account/tokens/${made.body.id}`)).status, 204);
  await live.end(SOON);
  assert.ok(live.whole);
});

test('signing out in one window ends the streams of that session at once, and of no other', async () => {
  const [here, there] = [await person('bert'), await person('bert')];
  const [mine, other] = [await wait(here), await wait(there)];
  assert.equal((await here.delete('/session')).status, 204);
  await mine.end(SOON);
  assert.ok(mine.whole, 'with a regular end');
  const beats = other.beats;
  await until(() => other.beats > beats + 1, 'the other session goes on', SOON);
  assert.ok(!other.ended);
  assert.equal(other.events.length, 1);
  other.close();
});

test('a session that is revoked, or whose account is disabled, waits no longer', async () => {
  const [here, there] = [await person('bert'), await person('bert')];
  const live = await wait(there);
  const sessions = (await there.get('/sessions')).body.items;
  assert.equal((await here.delete(`/sessions/${sessions.find((one) => one.current).id}`)).status, 204);
  await live.end(SOON);
  const last = await wait(here);
  await town.sql(`update auth.account set state = 'disabled' where login = 'bert'; select auth.end_sessions(id) from auth.account where login = 'bert';`);
  await last.end(SOON);
  await town.sql(`update auth.account set state = 'active' where login = 'bert'`);
});

test('a new id of the session (S13) ends what waits under the old one', async () => {
  const client = await person('bert');
  const live = await wait(client);
  await client.post('/session/reauth', { password: PASSWORD }, { key: null });
  await live.end(SOON);
  const next = await wait(client);
  assert.equal(next.status, 200);
  next.close();
});

test('to wait is no sign of life: an idle session ends, though nobody says so', async () => {
  const client = await person('bert');
  // in two seconds it will have been idle for half an hour
  await town.sql(`update auth.session set seen_at = now() - interval '58 seconds' where account = (select id from auth.account where login = 'bert')`);
  const at = `update auth.session set seen_at = now() - interval '29 minutes 57 seconds'
    where account = (select id from auth.account where login = 'bert')`;
  const live = await wait(client);
  await town.sql(at);
  await town.sql(`select auth.tell_ended(id) from auth.account where login = 'bert'`); // it is asked, and is still good
  const beats = live.beats;
  await until(() => live.beats > beats + 1, 'it lives', SOON);
  assert.ok(!live.ended);
  await live.end(20000);
  assert.equal((await client.get('/session')).status, 401);
});

test('a person waits at six places of a process at most; more is refused with 429 and a time to come back', async () => {
  const client = await person('many');
  const lives = await Promise.all(Array.from({ length: 40 }, () => wait(client)));
  const held = lives.filter((live) => live.status === 200).length;
  assert.ok(held >= 6 && held <= 12, `${held} streams on two gateways`);
  const refused = lives.find((live) => live.status === 429);
  assert.equal(refused.headers['retry-after'], '60');
  await until(() => refused.ended, 'its answer');
  const answer = await until(async () => { // which of the two gateways answers is chance
    const one = await client.get('/live');
    return one.status === 429 && one;
  }, 'a refusal', SOON);
  assert.equal(answer.problem, 'too_many_streams');
  for (const live of lives) live.close();
  // the places are free again at once
  await until(async () => {
    const again = await wait(client);
    again.close();
    return again.status === 200;
  }, 'a place', SOON);
});

test('what the client goes on sending is thrown away, and its next requests are not answered', async () => {
  const client = await person('anna');
  const socket = connection(town.plainPort, `${ask(client)}${ask(client).replace('/live', '/healthz')}`);
  await until(() => socket.heard.includes('event: desk'), 'the stream', SOON);
  socket.write(`${ask(client).replace('/live', '/healthz')}${'x'.repeat(300000)}`);
  await tell('anna');
  await until(() => socket.heard.split('event: desk').length > 2, 'the event', SOON);
  assert.equal(socket.heard.split('HTTP/1.1 ').length, 2, 'one head');
  assert.match(socket.heard, /Connection: close\r\n/);
  socket.destroy();
});

test('HTTP/1.0 gets it without chunks', async () => {
  const socket = connection(town.plainPort, ask(await person('anna'), { version: '1.0' }));
  await until(() => socket.heard.includes('event: desk'), 'the stream', SOON);
  const [head, body] = socket.heard.split('\r\n\r\n');
  assert.doesNotMatch(head, /Transfer-Encoding|Content-Length/);
  assert.match(body, /^retry: 5000\n\nevent: desk\ndata: \{"unread":\d+\}\n\n/);
  socket.destroy();
});

test('a client that leaves is forgotten, whether it says so or not', async () => {
  const client = await person('anna');
  const count = async () => Math.max(...await Promise.all(Array.from({ length: 12 }, () => metric('jb_live_streams'))));
  for (const live of open.splice(0)) live.close();
  await until(async () => (await count()) === 0, 'nobody waits', 20000);
  const sockets = Array.from({ length: 4 }, () => connection(town.plainPort, ask(client)));
  await until(() => sockets.every((one) => one.heard.includes('event: desk')), 'they wait', SOON);
  assert.ok((await count()) > 0);
  sockets[0].end();
  sockets[1].resetAndDestroy();
  sockets[2].destroy();
  sockets[3].end();
  await until(async () => (await count()) === 0, 'they are gone', 20000);
  assert.equal(sockets[0].heard.includes('HTTP/1.1 200'), true);
});

test('a process has room for so many; beyond that 503, and nobody else is any the worse', async () => {
  const small = await city({ template: 'empty', settings: { live_max: 3, live_beat_ms: 100 } });
  try {
    for (const login of ['dora', 'emil']) await register(small.client(), login, PASSWORD);
    const clients = await Promise.all(['dora', 'emil'].map(async (login) => {
      const client = small.client();
      await client.signIn(login, PASSWORD);
      return client;
    }));
    const lives = await Promise.all([clients[0], clients[0], clients[1]].map((client) => Live.open(client)));
    assert.deepEqual(lives.map((live) => live.status), [200, 200, 200]);
    const full = await clients[1].get('/live');
    assert.equal(full.status, 503);
    assert.equal(full.problem, 'busy');
    assert.equal(full.headers['retry-after'], '60');
    assert.equal((await clients[1].get('/desk')).status, 200);
    lives[0].close();
    await until(async () => {
      const live = await Live.open(clients[1]);
      live.close();
      return live.status === 200;
    }, 'a place is free', SOON);
  } finally {
    await small.stop();
  }
});

/** A client that asks for the stream with the smallest window there is, and never reads. */
function deaf(port, request) {
  return spawn('/usr/bin/python3', ['-c', `
import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
s.connect(('127.0.0.1', ${port}))
s.sendall(sys.stdin.buffer.read())
time.sleep(600)`], { stdio: ['pipe', 'ignore', 'inherit'] });
}

test('who does not read is dropped when 16 KiB wait, long before the write deadline', async () => {
  const one = await city({ template: 'empty', settings: { live_beat_ms: 20, write_ms: 600000 } });
  let child;
  try {
    await register(one.client(), 'dora', PASSWORD);
    const client = one.client();
    await client.signIn('dora', PASSWORD);
    child = deaf(one.plainPort);
    child.stdin.end(ask(client));
    const streams = () => metric('jb_live_streams', one);
    await until(async () => (await streams()) === 1, 'it waits', SOON);
    const reader = await Live.open(client);
    const id = (await one.sql(`select id from auth.account where login = 'dora'`))[0].id;
    await until(async () => {
      await one.sql(`do $$ begin for i in 1..100 loop perform pg_notify('desk', '${id} ' || i); end loop; end $$`);
      return (await streams()) === 1;
    }, 'it is dropped', 25000);
    assert.ok(!reader.ended, 'who reads stays');
    assert.ok(reader.events.length > 100);
    reader.close();
  } finally {
    child?.kill('SIGKILL');
    await one.stop();
  }
});

test('a stream has a longest life, and an ordinary end', async () => {
  const one = await city({ template: 'empty', settings: { live_beat_ms: 100, live_s: 1 } });
  try {
    await register(one.client(), 'dora', PASSWORD);
    const client = one.client();
    await client.signIn('dora', PASSWORD);
    const live = await Live.open(client);
    await live.end(SOON);
    assert.ok(live.whole);
    assert.ok(live.beats >= 3);
  } finally {
    await one.stop();
  }
});

test('no deadline of the others ends it: neither of a head, nor idle, nor of a write', async () => {
  const one = await city({ template: 'empty', settings: { live_beat_ms: 300, head_ms: 500, idle_ms: 500, write_ms: 500, body_ms: 500 } });
  try {
    await register(one.client(), 'dora', PASSWORD);
    const client = one.client();
    await client.signIn('dora', PASSWORD);
    const live = await Live.open(client);
    const slow = connection(one.plainPort, 'GET /healthz HTTP/1.1\r\nHost: localh');
    await until(() => slow.over, 'half a head is ended as before', SOON);
    assert.match(slow.heard, /^HTTP\/1\.1 408/);
    await until(() => live.beats > 8, 'it has outlived them all', 20000);
    assert.ok(!live.ended);
  } finally {
    await one.stop();
  }
});

test('a gateway that stops ends its streams at once, tells each another time, and is not held up', async () => {
  const one = await city({ template: 'empty' });
  try {
    await register(one.client(), 'dora', PASSWORD);
    const client = one.client();
    await client.signIn('dora', PASSWORD);
    const lives = await Promise.all(Array.from({ length: 5 }, () => Live.open(client)));
    await Promise.all(lives.map((live) => live.event(0, SOON)));
    const began = Date.now();
    one.gateways[0].signal('SIGTERM');
    const { code } = await one.gateways[0].ended;
    assert.equal(code, 0);
    assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
    for (const live of lives) {
      await live.end(SOON);
      assert.ok(live.whole);
      assert.ok(live.retry >= 1000 && live.retry < 10000);
    }
    assert.ok(new Set(lives.map((live) => live.retry)).size > 1);
  } finally {
    await one.stop();
  }
});
