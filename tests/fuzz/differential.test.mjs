// differential.test.mjs - what our parser accepts, python3-h11 and Node's own parser accept too, and
// with the same framing: method, target, body bytes, where the next request begins.
//
// The streams are the corpus of the fuzzer and mutations of it, from a fixed seed. Ours may refuse
// more than they do; never less. JB_DIFFERENTIAL=N sets the number of mutations.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const corpus = path.join(here, 'corpus/http');
const mutations = Number(process.env.JB_DIFFERENTIAL ?? 6000);
const { HTTPParser, methods } = process.binding('http_parser');

/** Numbers from a seed, so that a failure comes again (mulberry32). */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const snippets = ['\r\n', '\n', '\r', ' ', '\t', '\0', '\x7f', ':', ';', ',', '=', '"', '%', '/', '?', '#', '0',
  '5', 'ff', '+', '-', '0x', '\r\n\r\n', 'Host: b\r\n', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n',
  'Connection: close\r\n', 'chunked', ', ', ';a=b', ';a="b"', '0\r\n\r\n', 'HTTP/1.0', 'HTTP/1.1', 'GET ', 'http://b',
  '\x80', '\xff', '[', ']', '@'].map((text) => Buffer.from(text, 'latin1'));

/** Mostly one small change to a good message: what is mangled twice is refused by everybody. */
function mutate(pick, good, seeds) {
  const from = pick(5) ? good : seeds;
  let bytes = from[pick(from.length)];
  for (let n = pick(4) ? 1 : 3; n > 0; n -= 1) {
    const at = pick(bytes.length + 1);
    const upto = Math.min(bytes.length, at + pick(4));
    const insert = [
      () => snippets[pick(snippets.length)],
      () => Buffer.from([pick(256)]),
      () => Buffer.alloc(0),
      () => bytes.subarray(pick(bytes.length), pick(bytes.length) + 1),
      () => seeds[pick(seeds.length)],
    ][pick(5)]();
    bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(pick(2) ? at : upto)]);
  }
  return bytes;
}

/** The same answer as parse_cli's from Node's parser. It stops behind a proposed upgrade, which the
 * server declines by reading on; behind CONNECT nothing more is HTTP. */
function nodeReads(stream) {
  const parser = new HTTPParser();
  const requests = [];
  let current;
  let early = ''; // a target that came with a flush of fields, before the head was whole
  parser.initialize(HTTPParser.REQUEST, {}, 1 << 20);
  parser[HTTPParser.kOnHeaders] = (fields, url) => { early += url; };
  parser[HTTPParser.kOnHeadersComplete] = (major, minor, headers, method, url) => {
    current = { method: methods[method], target: url ?? early, minor, body: '' };
    return methods[method] === 'CONNECT' ? 2 : 0;
  };
  parser[HTTPParser.kOnBody] = (bytes) => { current.body += Buffer.from(bytes).toString('hex'); };
  parser[HTTPParser.kOnMessageComplete] = () => {
    requests.push(current);
    current = undefined;
    early = '';
  };
  const result = parser.execute(stream);
  const end = result instanceof Error ? (result.code ?? result.message) : current ? 'more' : 'done';
  parser.close();
  if (result < stream.length && requests.length > 0 && requests.at(-1).method !== 'CONNECT') {
    const rest = nodeReads(stream.subarray(result));
    return { requests: [...requests, ...rest.requests], end: rest.end };
  }
  return { requests, end };
}

const lines = (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line));
const shown = ({ method, target, minor, body }) => ({ method, target, minor, body });
let folder;
let streams;
let ours;
let input;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbdiff-'));
  const cli = path.join(folder, 'parse_cli');
  const http = path.join(root, 'services/gateway/http');
  const sources = fs.readdirSync(http).filter((name) => /^parse.*\.c$/.test(name)).map((name) => path.join(http, name));
  execFileSync('cc', ['-std=c17', '-D_GNU_SOURCE', '-g', '-O1', '-Wall', '-Wextra', '-Wconversion', '-Werror',
    '-fsanitize=address,undefined', '-fno-sanitize-recover=all', `-I${root}/services/gateway`,
    `-I${root}/services/common`, path.join(here, 'parse_cli.c'), ...sources,
    path.join(root, 'services/common/str.c'), '-o', cli]);

  const names = fs.readdirSync(corpus).sort();
  const read = (name) => fs.readFileSync(path.join(corpus, name));
  const seeds = names.map(read);
  const good = names.filter((name) => !name.startsWith('smuggle-')).map(read);
  const pick = numbers(20261122);
  streams = [...seeds, ...Array.from({ length: mutations }, () => mutate(pick, good, seeds))];
  input = Buffer.concat(streams.flatMap((stream) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(stream.length);
    return [size, stream];
  }));
  ours = lines(execFileSync(cli, ['--batch'], { input, maxBuffer: 1 << 28, encoding: 'utf8' }));
});

after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Every request of ours, up to the first that `stops`, is one of theirs; and both end alike. */
function compare(theirs, stops) {
  let compared = 0;
  streams.forEach((stream, i) => {
    const mine = ours[i].requests;
    const limit = mine.findIndex(stops);
    const wanted = (limit < 0 ? mine : mine.slice(0, limit)).map(shown);
    const told = () => `${JSON.stringify(stream.toString('latin1'))}\nours ${JSON.stringify(ours[i])}\ntheirs ${JSON.stringify(theirs[i])}`;
    assert.deepEqual(theirs[i].requests.slice(0, wanted.length).map(shown), wanted, told());
    if (limit < 0 && ours[i].end === 'done') {
      assert.deepEqual([theirs[i].requests.length, theirs[i].end], [mine.length, 'done'], told());
    }
    compared += wanted.length;
  });
  return compared;
}

test('the command line says one line a stream', () => {
  assert.equal(ours.length, streams.length);
});

test('the streams are worth comparing: enough of each is accepted and refused', () => {
  const requests = ours.flatMap((one) => one.requests);
  const count = (wanted) => requests.filter(wanted).length;
  assert.ok(requests.length > streams.length / 3, `${requests.length} requests`);
  assert.ok(count((one) => one.body !== '') > streams.length / 30, 'bodies');
  assert.ok(ours.filter((one) => one.requests.length > 1).length > streams.length / 30, 'pipelines');
  assert.ok(ours.filter((one) => one.end === 'done').length > streams.length / 10, 'whole streams');
  const refusals = new Set(ours.map((one) => one.end).filter((end) => /^[A-Z]/.test(end)));
  assert.ok(refusals.size > 15, [...refusals].join(' '));
});

test('what we accept, h11 accepts with the same framing', () => {
  const theirs = lines(execFileSync('/usr/bin/python3', [path.join(here, 'h11_requests.py')],
    { input, maxBuffer: 1 << 28, encoding: 'utf8' }));
  // h11 keeps no HTTP/1.0 connection, so what follows such a request is not there to compare.
  const compared = compare(theirs, (request, i, all) => i > 0 && all[i - 1].minor === 0);
  assert.ok(compared > streams.length / 3, `${compared} requests compared`);
});

test('what we accept, Node accepts with the same framing', () => {
  // llhttp knows a list of methods; that any token is one is for the router to refuse.
  const compared = compare(streams.map(nodeReads), (request) => !methods.includes(request.method));
  assert.ok(compared > streams.length / 3, `${compared} requests compared`);
});

test('every message of the corpus that smuggles is refused, or hides nothing', () => {
  const harmless = new Set(['smuggle-host-absolute', 'smuggle-te-tab']);
  const names = fs.readdirSync(corpus).sort();
  const smuggling = names.filter((name) => name.startsWith('smuggle-'));
  assert.ok(smuggling.length > 30);
  for (const name of smuggling) {
    const { requests, end } = ours[names.indexOf(name)];
    if (harmless.has(name)) assert.equal(end, 'done', name);
    else assert.deepEqual([requests.length, /^[A-Z]/.test(end)], [0, true], `${name}: ${end}`);
  }
});
