// Gateway and match engine on different machines: TLS, with a certificate shown by both sides.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { bin, city, freePort, until } from '../lib/city.mjs';

let town;
let folder;
let port;
let release;
let engine;
const file = (name) => path.join(folder, name);

/** A certificate of the authority, or of itself. */
function certificate(name, authority) {
  const request = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`,
    '-addext', `subjectAltName=DNS:${name}`, '-keyout', file(`${name}.key`)];
  const run = (...args) => execFileSync('openssl', args, { stdio: 'ignore' });
  if (!authority) return run(...request, '-x509', '-days', '2', '-out', file(`${name}.crt`));
  run(...request, '-out', file(`${name}.csr`));
  return run('x509', '-req', '-in', file(`${name}.csr`), '-days', '2', '-copy_extensions', 'copy', '-CA', file(`${authority}.crt`),
    '-CAkey', file(`${authority}.key`), '-CAcreateserial', '-out', file(`${name}.crt`));
}

const asGateway = (name, engineName = 'engine') => ({ match: `127.0.0.1:${port}`, 'match-cert': file(`${name}.crt`),
  'match-key': file(`${name}.key`), 'match-ca': file('authority.crt'), 'match-name': engineName });

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jmt-'));
  ({ port, release } = await freePort());
  certificate('authority');
  certificate('engine', 'authority');
  certificate('gateway', 'authority');
  certificate('stranger');
  town = await city({ template: 'empty', settings: asGateway('gateway') });
  engine = spawn(path.join(bin, 'jiebang-match'), [`--listen=127.0.0.1:${port}`, `--tls-cert=${file('engine.crt')}`,
    `--tls-key=${file('engine.key')}`, `--tls-ca=${file('authority.crt')}`],
  { env: { ...process.env, DATABASE_URL: town.admin.replace('user=postgres', 'user=jb_match') }, stdio: ['ignore', 'ignore', 'pipe'] });
  engine.stderr.setEncoding('utf8').on('data', (text) => { engine.log = (engine.log ?? '') + text; });
});
after(async () => {
  engine?.kill('SIGTERM');
  if (engine?.exitCode === null) await once(engine, 'exit');
  assert.doesNotMatch(engine?.log ?? '', /Sanitizer|runtime error/);
  await town?.stop();
  release?.();
  fs.rmSync(folder, { recursive: true, force: true });
});

const up = async (gateway) => {
  const client = gateway.client();
  const { text } = await client.get('/metrics');
  return Number(/^jb_match_up (\d)/m.exec(text)[1]) === 1;
};

/** What becomes of a TLS connection with these options: the bytes that come back for a STATUS, or its error. */
function talk(options) {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, ca: fs.readFileSync(file('authority.crt')), servername: 'engine', ...options });
    socket.setTimeout(5000, () => socket.destroy(new Error('silence')));
    socket.on('error', (error) => resolve(error));
    socket.on('close', () => resolve(new Error('closed')));
    socket.on('data', (bytes) => { resolve(bytes); socket.destroy(); });
    socket.on('secureConnect', () => socket.write(Buffer.from([0, 0, 0, 4, 8, 1, 16, 6])));
  });
}
const shown = (name) => ({ cert: fs.readFileSync(file(`${name}.crt`)), key: fs.readFileSync(file(`${name}.key`)) });

test('a gateway with a certificate of the authority reaches the engine', async () => {
  await until(() => up(town), 'the engine is reached');
});

test('who shows no certificate, or one of another authority, is not answered', async () => {
  assert.ok(Buffer.isBuffer(await talk(shown('gateway'))), 'the right one is answered');
  assert.ok(await talk({}) instanceof Error);
  assert.ok(await talk(shown('stranger')) instanceof Error);
});

test('nothing older than TLS 1.3 is spoken', async () => {
  assert.ok(await talk({ ...shown('gateway'), maxVersion: 'TLSv1.2' }) instanceof Error);
});

test('a gateway does not talk to an engine of another name', async () => {
  const other = await city({ template: 'empty', settings: asGateway('gateway', 'another') });
  try {
    await until(() => other.gateways[0].log.includes('match engine not reached'), 'it gives up');
    assert.equal(await up(other), false);
  } finally {
    await other.stop();
  }
});
