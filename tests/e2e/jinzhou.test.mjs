// jinzhou.test.mjs - the story of one batch of 春芽计划, from the solicitation to signed contracts and the
// start of the projects, played in Chromium by all roles in Chinese: with scripts, and without.
// The steps are those of samples/jinzhou/scenario.mjs; see lib/story.mjs.
import { after, before, test } from 'node:test';
import play from '../../samples/jinzhou/scenario.mjs';
import { openBrowser } from './lib/browser.mjs';
import { playOnPages } from './lib/story.mjs';

let web;
before(async () => { web = await openBrowser(); });
after(() => web?.close());

for (const js of [true, false]) {
  test(`the story is played on the pages ${js ? 'with' : 'without'} scripts`, (t) =>
    playOnPages(t, web, 'jinzhou', play, { js, least: 100 }));
}
