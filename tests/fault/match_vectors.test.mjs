// An embedding endpoint beside the match engine: off unless it is named, and whatever it does or does not
// do, questions are answered; what it has said once it is not asked again.
import { after, afterEach, before, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { bin, city, until } from '../lib/city.mjs';
import { EngineClient, bytesUuid, makeFeed, uuidBytes } from '../lib/engine.mjs';

const ACHIEVEMENT = 1 << 4;
const EMBED = 10; // engine.h, REASON_EMBED
const SEA = '海参养殖水质调控';
const WAFER = '大尺寸单晶硅片抛光';
const STONE = '大尺寸石材抛光';
let town;
let folder;
let endpoint;
let engines = [];

before(async () => { town = await city({ template: 'empty', gateways: 0 }); });
after(() => town?.stop());
beforeEach(async () => {
  await makeFeed(town);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jmv-'));
  endpoint = await serveVectors();
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.end()));
  engines = [];
  await endpoint.end();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** An OpenAI-compatible endpoint of three dimensions: what a text is about. A test changes what it does. */
async function serveVectors() {
  const self = { asked: [], keys: [], open: [], extra: 0, say: (text) => [/海|水产/.test(text) ? 1 : 0, /硅|半导体/.test(text) ? 1 : 0, 0.1] };
  self.reply = (res, { input, model }) => {
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: self.say(text).concat(Array(self.extra).fill(0)) }));
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ object: 'list', model, data: data.reverse() })); // the index counts, not the order
  };
  const server = http.createServer(async (req, res) => {
    let body = '';
    for await (const part of req.setEncoding('utf8')) body += part;
    const question = JSON.parse(body);
    self.asked.push(...question.input);
    self.keys.push(req.headers.authorization);
    self.open.push(res);
    self.reply(res, question);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  self.url = `http://127.0.0.1:${server.address().port}/v1/embeddings`;
  self.end = async () => {
    server.closeAllConnections();
    server.close();
  };
  return self;
}

function engine(...args) {
  const socket = path.join(folder, 'socket');
  const child = spawn(process.env.JB_MATCH ?? path.join(bin, 'jiebang-match'),
    [`--socket=${socket}`, `--dir=${path.join(folder, 'kept')}`, '--threads=2', ...args],
    { env: { ...process.env, DATABASE_URL: town.admin.replace('user=postgres', 'user=jb_match') }, stdio: ['ignore', 'inherit', 'pipe'] });
  const self = { child, log: '', ended: once(child, 'exit').then(([code]) => code) };
  child.stderr.setEncoding('utf8').on('data', (text) => { self.log += text; });
  self.up = async () => {
    await until(async () => {
      if (!self.it || self.it.gone) self.it = new EngineClient(socket);
      return (await self.it.status()).outcome === 'OK';
    }, 'it answers');
    return self;
  };
  self.end = async () => {
    self.it?.end();
    child.kill('SIGTERM');
    const code = await self.ended;
    assert.doesNotMatch(self.log, /Sanitizer|runtime error/);
    return code;
  };
  engines.push(self);
  return self;
}

const on = (...more) => engine(`--embed-url=${endpoint.url}`, '--embed-model=示例模型', '--embed-weight=50', ...more);
const ready = async (self) => {
  await self.up();
  await until(async () => (await self.it.status()).embed_ready === 1, 'every record has its vector');
  return self;
};
const put = (id, title, body = title) => town.sql('select feed.put($1, $2::uuid, 1, $3::jsonb, true)',
  ['achievement', id, JSON.stringify({ title, body, scopes: ['public'] })]);
const ask = (self, subject = { title: '半导体衬底抛光' }, more = {}) => self.it.ask({
  ask: 'MATCH', subject, filter: { kinds: ACHIEVEMENT, scopes: ['public'] }, limit: 10, reasons: 10, patience_ms: 2000, ...more,
});
const place = (answer, id) => answer.list.findIndex((one) => bytesUuid(one.id) === id);
const vectorShare = (candidate) => candidate.reasons.filter((one) => one.kind === EMBED).reduce((sum, one) => sum + one.share, 0);
const assertSums = (answer) => {
  for (const one of answer.list) {
    assert.ok(Math.abs(one.reasons.reduce((sum, reason) => sum + (reason.share ?? 0), 0) - one.score) < 1e-6);
  }
};
async function library() {
  const ids = [randomUUID(), randomUUID(), randomUUID()];
  await put(ids[0], SEA);
  await put(ids[1], STONE);
  await put(ids[2], WAFER);
  return ids;
}

test('without an address nothing is sent and nothing is said of vectors', async () => {
  await library();
  const self = await engine().up();
  const answer = await ask(self);
  assert.equal(answer.vectors, undefined);
  assert.equal(endpoint.asked.length, 0);
  assertSums(answer);
});

test('a cosine joins the score, is a reason of its own, and shares still sum to the score', async () => {
  const [, stone, wafer] = await library();
  const self = await ready(on());
  const answer = await ask(self, { title: '半导体石材抛光' });
  assert.equal(answer.vectors, 'used');
  assert.match(answer.version, /-e[0-9a-f]{8}$/);
  assertSums(answer);
  assert.ok(Math.abs(vectorShare(answer.list[place(answer, wafer)]) - 0.5) < 0.02);
  assert.ok(vectorShare(answer.list[place(answer, stone)]) < 0.1);
});

test('a record that is asked about has its own vector', async () => {
  const [, , wafer] = await library();
  const self = await ready(on());
  const before = endpoint.asked.length;
  const other = randomUUID();
  await put(other, '半导体晶圆抛光');
  await until(async () => endpoint.asked.length > before, 'the new one is asked for');
  await until(async () => {
    const answer = await ask(self, { id: uuidBytes(wafer) });
    return answer.vectors === 'used' && vectorShare(answer.list[place(answer, other)] ?? { reasons: [] }) > 0.4;
  }, 'its vector counts');
});

test('what it has said is kept: neither a restart nor a repeated question asks it again', async () => {
  await library();
  let self = await ready(on());
  await ask(self);
  await until(async () => Number((await town.sql('select count(*) as n from feed.vector'))[0].n) === 4, 'all are kept');
  const { length } = endpoint.asked;
  assert.equal((await ask(self)).vectors, 'used');
  await self.end();
  self = await ready(on());
  assert.equal((await ask(self)).vectors, 'used');
  assert.equal(endpoint.asked.length, length);
});

test('the key of the file is sent along, and is in no log', async () => {
  await library();
  const file = path.join(folder, 'key');
  fs.writeFileSync(file, 'sk-示例-secret\n', { mode: 0o600 });
  const self = await ready(on(`--embed-key=${file}`));
  assert.match(Buffer.from(endpoint.keys[0], 'latin1').toString(), /^Bearer sk-示例-secret$/);
  assert.doesNotMatch(self.log, /secret/);
});

test('a slow endpoint costs a question half its patience at most, and says that it was late', async () => {
  await library();
  const self = await ready(on());
  endpoint.reply = () => {};
  const began = Date.now();
  const answer = await ask(self, { title: '另一个问题' }, { patience_ms: 1000 });
  assert.equal(answer.outcome, 'OK');
  assert.equal(answer.vectors, 'late');
  assert.ok(Date.now() - began < 900, `it took ${Date.now() - began} ms`);
});

test('a dead endpoint is asked once, then left alone for a while; questions go on', async () => {
  const [, , wafer] = await library();
  const self = await ready(on());
  endpoint.reply = (res) => res.writeHead(500).end();
  assert.equal((await ask(self, { title: '硅片一' })).vectors, 'down');
  const { length } = endpoint.asked;
  const answer = await ask(self, { title: '硅片抛光二' });
  assert.equal(answer.vectors, 'down');
  assert.equal(endpoint.asked.length, length);
  assert.ok(place(answer, wafer) >= 0);
  assertSums(answer);
  assert.match(self.log, /the embedding endpoint has failed.*status 500/);
});

test('an endpoint that was never there: all is answered, and it counts once it has come', async () => {
  await library();
  const { reply } = endpoint;
  endpoint.reply = (res) => res.destroy();
  const self = await on().up();
  await until(async () => (await self.it.status()).embed_failed > 0, 'it has been tried');
  const answer = await ask(self);
  assert.equal(answer.vectors, 'filling');
  assert.equal(answer.list.length, 2);
  endpoint.reply = reply;
  await ready(self);
});

test('vectors of another length, of no direction, or no numbers at all are failures', async () => {
  await library();
  const self = await ready(on());
  endpoint.extra = 1;
  assert.equal((await ask(self, { title: '四维' })).vectors, 'down');
  assert.match(self.log, /4 numbers, and had 3 before/);
  endpoint.extra = 0;
  for (const embedding of [['x', 1, 2], [0, 0, 0], 'text', []]) {
    const other = endpoint.say;
    endpoint.say = () => embedding;
    await until(async () => (await ask(self, { title: `${randomUUID()}` })).vectors === 'down', 'refused');
    endpoint.say = other;
  }
  await until(async () => (await ask(self, { title: `${randomUUID()}` })).vectors === 'used', 'it is tried again');
});

test('an address to which texts would travel in the clear is refused', async () => {
  const self = engine('--embed-url=http://192.0.2.1/v1/embeddings', '--embed-model=m');
  assert.equal(await self.ended, 2);
  assert.match(self.log, /neither https nor on this machine/);
});

test('it stops at once although the endpoint says nothing', async () => {
  await library();
  endpoint.reply = () => {};
  const self = await on().up();
  await until(async () => endpoint.asked.length > 0, 'it is asked');
  const began = Date.now();
  assert.equal(await self.end(), 0);
  assert.ok(Date.now() - began < 5000, `it took ${Date.now() - began} ms`);
});
