// A login that nobody has takes as long as a wrong password (S9): the medians of 200 tries, known and
// unknown in turn, differ by less than 5 %. Noise of a busy machine gets twice more tries to even
// out; an answer that skips the hash is off by far more than noise.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { city } from '../../lib/city.mjs';
import { register } from '../gateway/people.mjs';

let town;
before(async () => {
  town = await city({ template: 'empty', settings: { 'ip-sign-ins': 60000, 'ip-sign-in-burst': 10000 } });
  await register(town.client(), 'known', 'seven quiet herons wade');
  // no throttle here: failures are never counted
  await town.sql(`create function public.calm() returns trigger language plpgsql as 'begin new.failures := 0; return new; end';
    create trigger calm before insert or update on auth.attempt for each row execute function public.calm()`);
});
after(() => town?.stop());

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

async function rounds(client, times, count) {
  for (let i = 0; i < count; i += 1) {
    for (const login of i % 2 ? ['known', `ghost${i}`] : [`ghost${i}`, 'known']) {
      const began = performance.now();
      const answer = await client.post('/session', { login, password: 'not this one at all' }, { key: null });
      times[login === 'known' ? 'known' : 'ghost'].push(performance.now() - began);
      assert.equal(answer.problem, 'wrong_credentials', answer.text);
    }
  }
}

test('the time of the answer does not tell whether the login exists', async () => {
  const client = town.client();
  const times = { known: [], ghost: [] };
  let apart;
  await rounds(client, { known: [], ghost: [] }, 3); // warm up
  for (let more = 0; more < 3; more += 1) {
    await rounds(client, times, 100);
    apart = Math.abs(median(times.known) - median(times.ghost)) / median(times.known);
    if (apart < 0.05) break;
  }
  assert.ok(apart < 0.05, `medians ${median(times.known).toFixed(1)} and ${median(times.ghost).toFixed(1)} ms: ${(apart * 100).toFixed(1)} % apart`);
});
