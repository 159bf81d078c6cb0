// A gateway in which an allocation fails: the first of a request, the second, and so on until one
// gets through without meeting the failure. It may refuse the request; it may not fall over.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { city, root, until } from '../lib/city.mjs';

const MOST = 250;
let place;
let nth;
let town;

before(async () => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbmem-'));
  nth = path.join(place, 'nth');
  fs.writeFileSync(nth, '0');
  const shim = path.join(place, 'malloc_nth.so');
  execFileSync('cc', ['-std=c17', '-O1', '-fPIC', '-shared', '-Wall', '-Wextra', '-Werror', '-o', shim, path.join(root, 'tests/fault/malloc_nth.c')]);
  town = await city({ template: 'empty', env: { LD_PRELOAD: shim, JB_MALLOC_NTH: nth }, settings: { cache_mb: 0, pool: 2 } });
});
after(async () => {
  await town?.stop();
  fs.rmSync(place, { recursive: true, force: true });
});

/** Lets the n-th allocation of one request fail. Says whether it was met, and the answer's status. */
async function failing(n, send) {
  const [gateway] = town.gateways;
  fs.writeFileSync(nth, String(n));
  gateway.signal('SIGUSR2');
  await until(() => !gateway.alive || ['-', '0'].includes(fs.readFileSync(nth, 'utf8')), `the shim is armed with ${n}`);
  const client = town.client();
  let status;
  try {
    status = (await send(client)).status;
  } catch {
    status = 0; // it hung up
  } finally {
    client.close();
  }
  const met = fs.readFileSync(nth, 'utf8') === '0';
  assert.ok(gateway.alive, `allocation ${n}: the gateway ended: ${gateway.log.slice(-2000)}`);
  return { met, status };
}

// `also`: where jansson has no memory for a string it says that the text is malformed.
const requests = {
  'a read': { send: (client) => client.get('/items', { timeout: 8000 }), good: 200 },
  'a read in memory': { send: (client) => client.get('/healthz', { timeout: 8000 }), good: 200, least: 1 }, // it takes next to no memory
  'a form that lacks nearly all': { send: (client) => client.post('/accounts', { login: 'x' }, { timeout: 8000 }), good: 422, also: 400 },
  'a body that is no JSON': { send: (client) => client.post('/session', '{"login":', { timeout: 8000 }), good: 400 },
};

for (const [name, { send, good, also, least = 5 }] of Object.entries(requests)) {
  test(`${name}: each allocation may fail`, async () => {
    const seen = new Set();
    let n = 1;
    for (; n <= MOST; n += 1) {
      const { met, status } = await failing(n, send);
      seen.add(status);
      assert.ok([good, also, 0, 500, 503].includes(status), `allocation ${n}: ${status}`);
      if (!met) break;
    }
    assert.ok(n > least, `${n - 1} allocations were met`);
    assert.ok(seen.has(good), `seen: ${[...seen]}`);
    await until(async () => (await send(town.client())).status === good, 'it serves as before');
  });
}
