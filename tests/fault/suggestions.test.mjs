// Suggestions while the match engine is killed, hung and back: a match is never a failure and never
// keeps anybody waiting, and nothing but the suggestions is missing.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { bin, city, until } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
const WAIT_MS = 800; // the gateway's match_ms
let town;
let officer;
let engine;

before(async () => {
  town = await city({ template: 'jinzhou', match: true });
  engine = town.match;
  officer = town.client();
  await officer.signIn('officer1', PASSWORD);
});
after(async () => {
  engine?.signal('SIGCONT');
  await town?.stop();
});

const ask = () => officer.post('/match', { text: '大尺寸单晶硅片低缺陷抛光工艺与检测', size: 5 });

/** The engine's state in the document, the number of suggestions, and how long it took. */
async function asked() {
  const began = Date.now();
  const { status, body: json } = await ask();
  assert.equal(status, 200, JSON.stringify(json));
  return { available: json.engine.available, ms: Date.now() - began, text: JSON.stringify(json) };
}

const metric = async (name) => {
  const { text } = await town.client().get('/metrics');
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)[1]);
};
const back = () => until(async () => (await asked()).available, 'suggestions are back');

test('with the engine there are suggestions', async () => {
  await back();
  assert.equal(await metric('jb_match_up'), 1);
  assert.ok(await metric('jb_match_items') > 0);
});

test('a hung engine costs one wait, then nothing, and is asked again when it goes on', async () => {
  engine.signal('SIGSTOP');
  const first = await asked();
  assert.equal(first.available, false);
  assert.ok(first.ms < WAIT_MS + 700, `${first.ms} ms`);
  await until(async () => await metric('jb_match_up') === 0, 'it is known to be away');
  for (let i = 0; i < 10; i += 1) {
    const { available, ms } = await asked();
    assert.equal(available, false);
    assert.ok(ms < WAIT_MS / 2, `${ms} ms although it is known to be away`);
  }
  engine.signal('SIGCONT');
  await back();
});

test('a killed engine costs nothing, and suggestions come back with it', async () => {
  const settings = engine.child.spawnargs.slice(1);
  const running = Promise.all(Array.from({ length: 20 }, asked));
  engine.signal('SIGKILL');
  await running;
  await until(async () => await metric('jb_match_up') === 0, 'it is known to be away');
  const { available, ms } = await asked();
  assert.equal(available, false);
  assert.ok(ms < WAIT_MS / 2, `${ms} ms`);
  assert.equal((await officer.get('/needs')).status, 200);
  const child = spawn(path.join(bin, 'jiebang-match'), settings, {
    env: { ...process.env, DATABASE_URL: town.admin.replace('user=postgres', 'user=jb_match') }, stdio: 'ignore' });
  try {
    await back();
    assert.ok(await metric('jb_match_lost_total') >= 2);
  } finally {
    child.kill('SIGKILL');
  }
});
