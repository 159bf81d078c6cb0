// The gateway as a server: hosts, proxies, methods, kept answers, throttling, stopping, certificates.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { city, until } from '../../lib/city.mjs';
import { register } from './people.mjs';

let town;

before(async () => {
  town = await city({ template: 'empty', tls: true });
});
after(() => town?.stop());

const plain = () => town.client({ base: town.plain });

/** Bytes to the plain port, and all that comes back until it closes. */
function raw(bytes, port = town.plainPort) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', reject)
      .on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.setTimeout(20000, () => socket.destroy(new Error('no end')));
  });
}

test('every answer carries the security headers, refusals too', async () => {
  const answers = [
    await plain().get('/healthz'), await plain().get('/nothing/here'), await plain().get('/session'),
    await plain().post('/healthz'), await plain().get('/codes'), await plain().request('OPTIONS', '/session'),
    await plain().post('/accounts', '{', { type: 'application/json' }),
  ];
  assert.deepEqual(answers.map((a) => a.status), [200, 404, 401, 405, 200, 204, 400]);
  const heads = answers.map((a) => a.headers);
  const bad = await raw('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n');
  heads.push(Object.fromEntries(bad.split('\r\n').map((l) => l.split(': ')).map(([n, v]) => [n.toLowerCase(), v])));
  for (const headers of heads) {
    assert.match(headers['content-security-policy'], /^default-src 'self'; frame-ancestors 'none'/);
    assert.match(headers['strict-transport-security'], /max-age=\d{8}/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'same-origin');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.match(headers['cache-control'], /no-store|no-cache/);
  }
});

test('a host that is not ours is refused', async () => {
  const answer = await plain().get('/healthz', { headers: { host: 'evil.example' } });
  assert.equal(answer.status, 421);
  assert.equal(answer.problem, 'bad_host');
  assert.equal((await plain().get('/healthz', { headers: { host: '[::1]:99' } })).status, 200);
});

test('a path says which methods it knows', async () => {
  const answer = await plain().request('PATCH', '/session');
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.allow, 'GET, HEAD, POST, DELETE, OPTIONS');
  assert.equal((await plain().request('TRACE', '/session')).status, 405);
  assert.equal((await plain().request('PROPFIND', '/session')).status, 501);
});

test('HEAD is GET without the body', async () => {
  const get = await plain().get('/healthz');
  const head = await plain().request('HEAD', '/healthz');
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
  assert.equal(head.headers['content-length'], String(get.raw.length));
});

test('a refusal speaks the reader\'s language', async () => {
  const zh = await plain().get('/nothing');
  const en = await town.client({ base: town.plain, lang: 'fr, en;q=0.8, zh;q=0.2' }).get('/nothing');
  assert.match(zh.body.title, /不存在/);
  assert.match(en.body.title, /nothing here/);
  assert.equal(zh.headers['content-type'], 'application/problem+json');
  assert.equal(`urn:uuid:${zh.headers['x-request-id']}`, zh.body.instance);
});

test('a problem explains itself under its type', async () => {
  const { body } = await plain().get('/nothing');
  const page = await plain().get(body.type);
  assert.equal(page.status, 200);
  assert.equal(page.body.status, 404);
});

test('requests that come at once are answered in their order', async () => {
  const paths = ['/healthz', '/problems/busy', '/codes', '/nothing', '/healthz'];
  const text = await raw(paths.map((p, i) => `GET ${p} HTTP/1.1\r\nHost: localhost\r\n${
    i === 4 ? 'Connection: close\r\n' : ''}\r\n`).join(''));
  assert.deepEqual([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => m[1]), ['200', '200', '200', '404', '200']);
});

test('a client that has only finished sending still gets its answer', async () => {
  const text = await new Promise((resolve, reject) => {
    let all = '';
    const socket = net.connect({ port: town.plainPort, host: '127.0.0.1', allowHalfOpen: true }, () =>
      socket.end('GET /codes HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    socket.setEncoding('latin1').on('data', (t) => { all += t; }).on('end', () => resolve(all)).on('error', reject);
  });
  assert.match(text, /^HTTP\/1\.1 200/);
});

test('plain HTTP to the TLS port is told so', async () => {
  assert.match(await raw('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', town.port), /^HTTP\/1\.1 400 .*HTTPS only/s);
});

test('only TLS 1.2 and 1.3 are spoken', async () => {
  const hello = (minVersion) => new Promise((resolve, reject) => {
    const socket = tls.connect({ port: town.port, host: '127.0.0.1', rejectUnauthorized: false, minVersion,
      maxVersion: minVersion, ciphers: 'ALL:@SECLEVEL=0' }, () => {
      resolve([socket.getProtocol(), socket.getCipher().name]);
      socket.destroy();
    }).on('error', reject);
  });
  assert.deepEqual(await hello('TLSv1.3'), ['TLSv1.3', 'TLS_AES_128_GCM_SHA256']);
  assert.deepEqual(await hello('TLSv1.2'), ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256']);
  await assert.rejects(hello('TLSv1.1'));
});

/** An answer as it is on the wire, not unpacked. */
function bytes(at, headers) {
  return new Promise((resolve, reject) => {
    http.get(new URL(at, town.plain), { headers }, (res) => {
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk))
        .on('end', () => resolve({ headers: res.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject);
  });
}

test('a public answer is kept, tagged and packed', async () => {
  const first = await plain().get('/codes');
  const packed = await bytes('/codes', { 'accept-encoding': 'gzip' });
  assert.equal(first.status, 200);
  assert.ok(first.raw.length > 1024);
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(packed.body), first.raw);
  assert.notEqual(packed.headers.etag, first.headers.etag);
  for (const tag of [first.headers.etag, packed.headers.etag]) {
    const same = await plain().get('/codes', { headers: { 'if-none-match': tag } });
    assert.equal(same.status, 304);
    assert.equal(same.text, '');
  }
});

async function metric(name, client = plain()) {
  const text = (await client.get('/metrics')).text;
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

test('what is kept is dropped when the database says so, also after its listener was lost', async () => {
  await plain().get('/codes');
  const hits = await metric('jb_cache_hits_total');
  await plain().get('/codes');
  assert.equal(await metric('jb_cache_hits_total'), hits + 1);

  let clears = await metric('jb_cache_clears_total');
  await town.sql('notify public_changed');
  await until(async () => await metric('jb_cache_clears_total') > clears, 'the cache is dropped', 1000);

  clears = await metric('jb_cache_clears_total');
  await town.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%'");
  await until(async () => await metric('jb_cache_clears_total') > clears, 'the cache is dropped');
});

test('the numbers are for this machine only', async () => {
  assert.equal((await plain().get('/metrics')).status, 200);
  assert.equal((await plain().get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status, 404);
});

test('a forwarded address is believed from a configured proxy only', async () => {
  const behind = await city({ settings: { proxies: '127.0.0.1', ip_sign_in_burst: 2, ip_sign_ins: 1 } });
  try {
    const tryFrom = (ip) => behind.client().post('/session', { login: 'nobody', password: 'x' },
      { headers: { 'x-forwarded-for': `198.51.100.1, ${ip}` } });
    for (let i = 0; i < 2; i += 1) assert.equal((await tryFrom('203.0.113.1')).status, 401);
    const third = await tryFrom('203.0.113.1');
    assert.equal(third.status, 429);
    assert.ok(Number(third.headers['retry-after']) > 0);
    assert.equal((await tryFrom('203.0.113.2')).status, 401);
  } finally {
    await behind.stop();
  }
});

test('several processes share the port', async () => {
  const pair = await city({ gateways: 2 });
  try {
    const prefixes = new Set();
    for (let i = 0; i < 60 && prefixes.size < 2; i += 1) {
      const client = pair.client();
      prefixes.add((await client.get('/healthz')).headers['x-request-id'].slice(0, 18));
      client.close();
    }
    assert.equal(prefixes.size, 2);
  } finally {
    await pair.stop();
  }
});

test('a new certificate is taken without dropping anybody', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbcert-'));
  const cert = path.join(folder, 'c.pem');
  const key = path.join(folder, 'k.pem');
  const make = (name) => execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-days', '40', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  make('first');
  const own = await city({ tls: true, settings: { cert, key } });
  const connect = () => new Promise((resolve, reject) => {
    const socket = tls.connect({ port: own.port, host: '127.0.0.1', rejectUnauthorized: false }, () => resolve(socket)).on('error', reject);
  });
  try {
    const old = await connect();
    assert.equal(old.getPeerCertificate().subject.CN, 'first');
    make('second');
    own.gateways[0].signal('SIGHUP');
    await until(async () => {
      const socket = await connect();
      const name = socket.getPeerCertificate().subject.CN;
      socket.destroy();
      return name === 'second';
    }, 'the new certificate');
    const answer = new Promise((resolve) => { old.once('data', resolve); });
    old.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match((await answer).toString('latin1'), /^HTTP\/1\.1 200/);
    old.destroy();
  } finally {
    await own.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('SIGTERM lets the work at hand be finished and ends', async () => {
  const own = await city();
  const anna = await register(own.client(), 'anna', 'blue horse rides home');
  const idle = net.connect(own.plainPort, '127.0.0.1');
  const closed = new Promise((resolve) => { idle.once('close', resolve); });
  await new Promise((resolve) => { idle.once('connect', resolve); });
  idle.resume();
  const work = own.client().post('/session', { login: anna.login, password: 'blue horse rides home' });
  await until(async () => await metric('jb_kdf_waiting', own.client()) > 0
    || await metric('jb_requests_waiting', own.client()) > 0, 'the request is at work', 2000).catch(() => {});
  own.gateways[0].signal('SIGTERM');
  const answer = await work;
  assert.equal(answer.status, 201);
  await closed;
  assert.equal((await own.gateways[0].ended).code, 0);
  await own.stop();
});
