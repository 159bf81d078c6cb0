// Files served as they are: what is in the folder, and nothing else.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { city } from '../../lib/city.mjs';

let town;
let folder;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbstatic-'));
  fs.mkdirSync(path.join(folder, 'www/style'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  fs.mkdirSync(path.join(folder, 'www/help'));
  fs.mkdirSync(path.join(folder, 'www/assets'));
  fs.writeFileSync(path.join(folder, 'www/assets/main-7F3A.js'), 'export {}\n');
  for (const name of ['index.html', 'help/index.html']) {
    fs.writeFileSync(path.join(folder, 'www', name), '<!doctype html><title>揭榜</title>');
  }
  fs.writeFileSync(path.join(folder, 'www/style/main.css'), 'body { color: black }\n'.repeat(200));
  fs.writeFileSync(path.join(folder, 'www/.hidden.txt'), 'secret');
  fs.writeFileSync(path.join(folder, 'www/program.sh'), 'secret');
  fs.symlinkSync(path.join(folder, 'secret.txt'), path.join(folder, 'www/link.txt'));
  fs.symlinkSync(folder, path.join(folder, 'www/up'));
  town = await city({ settings: { static_dir: path.join(folder, 'www') } });
});
after(async () => {
  await town?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('a file comes with its type and a tag', async () => {
  const client = town.client();
  const css = await client.get('/style/main.css');
  assert.equal(css.status, 200);
  assert.equal(css.headers['content-type'], 'text/css; charset=utf-8');
  assert.equal(css.text.length, 22 * 200);
  const again = await client.get('/style/main.css', { headers: { 'if-none-match': css.headers.etag } });
  assert.equal(again.status, 304);
});

test('what has a hash in its name is kept for good, anything else is asked for again', async () => {
  const client = town.client();
  const asset = await client.get('/assets/main-7F3A.js');
  assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal((await client.get('/style/main.css')).headers['cache-control'], 'public, no-cache');
  assert.match((await client.get('/assets/none.js')).headers['cache-control'], /no-store/);
});

test('a folder is its index', async () => {
  const page = await town.client().get('/help/');
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(page.text, /揭榜/);
});

test('a route goes before a file', async () => {
  fs.writeFileSync(path.join(folder, 'www/healthz'), 'no');
  assert.equal((await town.client().get('/healthz')).body.status, 'ok');
  assert.equal((await town.client().get('/')).body.sample.flag, false);
});

function rawStatus(target) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(town.plainPort, '127.0.0.1', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`));
    let text = '';
    socket.setEncoding('latin1').on('data', (t) => { text += t; }).on('error', reject)
      .on('close', () => resolve(text));
  });
}

for (const target of ['/../secret.txt', '/style/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/.hidden.txt',
  '/link.txt', '/up/secret.txt', '/program.sh', '/style', '/style/', '//secret.txt', '/style//main.css', '/nothing.txt',
  '/secret.txt', '/index.html%00.txt', '/index.html/']) {
  test(`${target} is not there`, async () => {
    const text = await rawStatus(target);
    assert.match(text, /^HTTP\/1\.1 40[04] /);
    assert.doesNotMatch(text, /\r\n\r\nsecret/);
  });
}
