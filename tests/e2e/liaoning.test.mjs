// liaoning.test.mjs - the other order of a batch, played in Chromium by all roles in Chinese: both sides
// sign an agreement first, the poster applies, experts review, then notice, approval, task contract.
// The steps are those of samples/liaoning/scenario.mjs; see lib/story.mjs.
import { after, before, test } from 'node:test';
import play from '../../samples/liaoning/scenario.mjs';
import { openBrowser } from './lib/browser.mjs';
import { playOnPages } from './lib/story.mjs';

let web;
before(async () => { web = await openBrowser(); });
after(() => web?.close());

for (const js of [true, false]) {
  test(`the order of liaoning is played on the pages ${js ? 'with' : 'without'} scripts`, (t) =>
    playOnPages(t, web, 'liaoning', play, { js, least: 60 }));
}
