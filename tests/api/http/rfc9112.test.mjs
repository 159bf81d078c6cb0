// rfc9112.test.mjs - what the server does with bytes, from outside: the behaviour that the public
// HTTP/1.1 suites ask for, and the messages with which requests are smuggled. A bad message is
// answered with its status and "Connection: close", the connection ends, and nothing behind the bad
// message is taken for a request. The server's address is in JB_PLAIN_URL.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Wire } from './wire.mjs';

const url = process.env.JB_PLAIN_URL;
assert.ok(url, 'JB_PLAIN_URL names the server');

const HOST = 'Host: localhost\r\n';
const GET = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;
// A resource that reads its body whole and finds the fields missing: 422.
const POST = `POST /first-admin HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const HIDDEN = `GET /readyz HTTP/1.1\r\n${HOST}\r\n`;

async function withWire(work) {
  const wire = new Wire(url);
  try {
    return await work(wire);
  } finally {
    wire.close();
  }
}

/** The pieces are answered with these statuses, and the connection serves another request. */
const serves = (name, pieces, statuses, methods = []) => test(name, () => withWire(async (wire) => {
  await wire.say(...[pieces].flat());
  for (const [i, status] of statuses.entries()) {
    assert.equal((await wire.answer(methods[i]))?.status, status);
  }
  await wire.say(GET);
  assert.equal((await wire.answer())?.status, 200, 'the connection is kept');
}));

/** The pieces are answered with these statuses, the last with close, and nothing more. */
const closes = (name, pieces, statuses, methods = []) => test(name, () => withWire(async (wire) => {
  await wire.say(...[pieces].flat());
  let last;
  for (const [i, status] of statuses.entries()) {
    last = await wire.answer(methods[i]);
    assert.equal(last?.status, status);
  }
  assert.equal(last.headers.connection, 'close');
  assert.equal(await wire.end(), '', 'nothing behind it is answered');
}));

const refuses = (name, pieces, status = 400) => closes(name, pieces, [status]);

// Arriving in fragments
serves('a whole request', GET, [200]);
serves('a request cut in its method', ['G', GET.slice(1)], [200]);
serves('a request cut in its target', ['GET /hea', GET.slice(8)], [200]);
serves('a request cut in its version', ['GET /healthz HT', GET.slice(15)], [200]);
serves('a request cut in its first line end', ['GET /healthz HTTP/1.1\r', GET.slice(22)], [200]);
serves('a request cut in a field name', ['GET /healthz HTTP/1.1\r\nHo', GET.slice(25)], [200]);
serves('a request cut in a field value', ['GET /healthz HTTP/1.1\r\nHost: loc', GET.slice(32)], [200]);
serves('a request cut in its end', [GET.slice(0, -1), GET.slice(-1)], [200]);
serves('a request byte by byte', [...GET], [200]);
serves('a body byte by byte', [`${POST}Content-Length: 4\r\n\r\n`, ...'{  }'], [422]);
serves('three requests in one piece, answered in their order',
  `${GET}GET /nothing-is-here HTTP/1.1\r\n${HOST}\r\n${HIDDEN}`, [200, 404, 200]);
serves('a request and the beginning of the next', [GET + GET.slice(0, 9), GET.slice(9)], [200, 200]);

// Legal, if unusual
serves('fields in any case, with tabs around values', 'GET /healthz HTTP/1.1\r\nhOsT:\tlocalhost\t\r\nX-Empty:\r\n\r\n', [200]);
serves('an empty line before the request line', `\r\n${GET}`, [200]);
serves('bytes past ASCII in a value', `GET /healthz HTTP/1.1\r\n${HOST}X: \xe6\xa6\x9c\r\n\r\n`, [200]);
serves('absolute form', `GET http://localhost/healthz HTTP/1.1\r\n${HOST}\r\n`, [200]);
serves('HEAD has no body', `HEAD /healthz HTTP/1.1\r\n${HOST}\r\n`, [200], ['HEAD']);
// Nothing takes a body with GET here (415); what counts is that it is not taken for a request.
serves('HEAD with a body that is not taken for a request',
  `HEAD /healthz HTTP/1.1\r\n${HOST}Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`, [415], ['HEAD']);
serves('GET with a body that is not taken for a request',
  `GET /healthz HTTP/1.1\r\n${HOST}Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`, [415]);
serves('a body by length', `${POST}Content-Length: 2\r\n\r\n{}`, [422]);
serves('a body by chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`, [422]);
serves('chunks with extensions and trailers',
  `${POST}Transfer-Encoding: chunked\r\n\r\n2;a;b=c;d="e"\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n`, [422]);
serves('a body in chunks, and the next request behind it',
  `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n${HIDDEN}`, [422, 200]);
serves('HTTP/1.0 that asks to be kept', 'GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n', [200]);
closes('HTTP/1.0 that does not', `GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n${HIDDEN}`, [200]);
closes('close closes', `GET /healthz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n${HIDDEN}`, [200]);

// Methods
test('TRACE is not allowed, and the answer says what is', () => withWire(async (wire) => {
  await wire.say(`TRACE /healthz HTTP/1.1\r\n${HOST}\r\n`);
  const answer = await wire.answer();
  assert.equal(answer.status, 405);
  assert.match(answer.headers.allow, /\bGET\b/);
}));
closes('CONNECT opens no tunnel', `CONNECT localhost:443 HTTP/1.1\r\n${HOST}\r\n${HIDDEN}`, [405]);
serves('a method that nobody knows is not implemented', `BREW /healthz HTTP/1.1\r\n${HOST}\r\n`, [501]);
for (const [name, method] of [['as long as one may be', 'B'.repeat(32)], ['longer than one may be', 'B'.repeat(33)]]) {
  test(`a method ${name} is the one that is not known`, () => withWire(async (wire) => {
    await wire.say(`${method} /healthz HTTP/1.1\r\n${HOST}\r\n`);
    const answer = await wire.answer();
    assert.equal(answer.status, 501);
    assert.match(answer.body.toString(), /problems\/method_unknown"/);
  }));
}
test('a transfer coding that is not known is told from that', () => withWire(async (wire) => {
  await wire.say(`${POST}Transfer-Encoding: gzip, chunked\r\n\r\n`);
  const answer = await wire.answer();
  assert.equal(answer.status, 501);
  assert.match(answer.body.toString(), /problems\/transfer_coding_unknown"/);
}));
serves('a method in lower case is another', `get /healthz HTTP/1.1\r\n${HOST}\r\n`, [501]);

// Expectations
test('100-continue is answered before the body comes', () => withWire(async (wire) => {
  await wire.say(`${POST}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
  assert.equal((await wire.answer())?.status, 100);
  await wire.say('{}');
  assert.equal((await wire.answer())?.status, 422);
  await wire.say(GET);
  assert.equal((await wire.answer())?.status, 200);
}));
refuses('another expectation', `${POST}Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}`, 417);
closes('a body that is too large is refused before it comes',
  `${POST}Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n`, [413]);

// The request line
refuses('a request without version', `GET /healthz\r\n${HOST}\r\n`);
refuses('a version that is not spoken', `GET /healthz HTTP/9.9\r\n${HOST}\r\n`, 505);
refuses('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
refuses('words before the method', `Extra lineGET /healthz HTTP/1.1\r\n${HOST}\r\n`);
refuses('two blanks in the request line', `GET  /healthz HTTP/1.1\r\n${HOST}\r\n`);
refuses('a control byte in the target', `GET /healthz\x01 HTTP/1.1\r\n${HOST}\r\n`);
refuses('a fragment in the target', `GET /healthz#a HTTP/1.1\r\n${HOST}\r\n`);
refuses('a target that is no path', `GET healthz HTTP/1.1\r\n${HOST}\r\n`);
refuses('a target of 8001 bytes', `GET /${'a'.repeat(8000)} HTTP/1.1\r\n${HOST}\r\n`, 414);
serves('a target of 8000 bytes', `GET /${'a'.repeat(7999)} HTTP/1.1\r\n${HOST}\r\n`, [404]);

// Line ends
refuses('bare line feeds', 'GET /healthz HTTP/1.1\nHost: localhost\n\n');
refuses('a carriage return alone', `GET /healthz HTTP/1.1\r\n${HOST}\rX: a\r\n\r\n`);
refuses('TLS on the plain door', Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]));

// Fields
refuses('a name that is no token', `GET /healthz HTTP/1.1\r\n${HOST}X-Invalid[]: a\r\n\r\n`);
refuses('an empty name', `GET /healthz HTTP/1.1\r\n${HOST}: a\r\n\r\n`);
refuses('a line without colon', `GET /healthz HTTP/1.1\r\n${HOST}X\r\n\r\n`);
refuses('a blank before the colon', `GET /healthz HTTP/1.1\r\n${HOST}X : a\r\n\r\n`);
refuses('a control byte in a value', `GET /healthz HTTP/1.1\r\n${HOST}X: \x10\r\n\r\n`);
refuses('NUL in a value', `GET /healthz HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`);
refuses('a folded line', `GET /healthz HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`);
refuses('101 fields', `GET /healthz HTTP/1.1\r\n${HOST}${'X: a\r\n'.repeat(100)}\r\n`, 431);
serves('100 fields', `GET /healthz HTTP/1.1\r\n${HOST}${'X: a\r\n'.repeat(99)}\r\n`, [200]);
refuses('a head over 16 KiB', `GET /healthz HTTP/1.1\r\n${HOST}X: ${'a'.repeat(16384)}\r\n\r\n`, 431);

// Host
refuses('no Host', 'GET /healthz HTTP/1.1\r\n\r\n');
refuses('two Hosts', `GET /healthz HTTP/1.1\r\n${HOST}Host: example.org\r\n\r\n`);
refuses('two equal Hosts', `GET /healthz HTTP/1.1\r\n${HOST}${HOST}\r\n`);
refuses('an empty Host', 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n');
refuses('a Host with a path', 'GET /healthz HTTP/1.1\r\nHost: localhost/a\r\n\r\n');

// Framing
refuses('a negative length', `${POST}Content-Length: -1\r\n\r\n`);
refuses('a length that wraps', `${POST}Content-Length: 18446744073709551618\r\n\r\n{}`);
refuses('a length of letters', `${POST}Content-Length: abc\r\n\r\n`);
refuses('a negative length that wraps', `${POST}Content-Length: -99999999999999999999\r\n\r\n`);
refuses('a length and a coding', `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
refuses('a chunk size that is none', `${POST}Transfer-Encoding: chunked\r\n\r\nq\r\n{}\r\n0\r\n\r\n`);
refuses('a chunk that is longer than it says', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`);
refuses('a chunk past the limit', `${POST}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n{}`, 413);

// Each message of the fuzzers' corpus that smuggles, sent to a resource that reads bodies. One
// answer, a refusal, and the end; had the hidden request been seen, a second answer would come.
const corpus = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../fuzz/corpus/http');
const harmless = ['smuggle-host-absolute', 'smuggle-te-tab'];
const smuggling = fs.readdirSync(corpus).filter((name) => name.startsWith('smuggle-') && !harmless.includes(name));

test('the corpus is there', () => assert.ok(smuggling.length > 30));
for (const name of smuggling) {
  test(`${name.replaceAll('-', ' ')}: refused, and nothing is hidden`, () => withWire(async (wire) => {
    await wire.say(fs.readFileSync(path.join(corpus, name), 'latin1')
      .replaceAll('POST /p ', 'POST /first-admin ').replaceAll('GET /next', 'GET /readyz')
      .replaceAll('Host: a.example\r\n', `${HOST}Content-Type: application/json\r\n`));
    const answer = await wire.answer();
    assert.ok([400, 413, 501].includes(answer?.status), `${answer?.status}`);
    assert.equal(answer.headers.connection, 'close');
    assert.equal(await wire.end(), '');
  }));
}

test('a refusal says why in a problem document, and not what was sent', () => withWire(async (wire) => {
  await wire.say(`GET /healthz HTTP/1.1\r\n${HOST}X: geheim\x01\r\n\r\n`);
  const answer = await wire.answer();
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const problem = JSON.parse(Buffer.from(answer.body, 'latin1').toString());
  assert.equal(problem.status, 400);
  assert.match(problem.params.why, /control byte/);
  assert.doesNotMatch(answer.body, /geheim/);
}));
