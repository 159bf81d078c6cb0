// jinzhou.test.mjs - the story of one batch of 春芽计划, from the solicitation to signed contracts and the
// start of the projects, played in Chromium by all roles in Chinese: with scripts, and without.
//
// The steps are those of samples/jinzhou/scenario.mjs; lib/stage.mjs does them on the pages. With
// JB_E2E_WHOLE no step goes over JSON; JB_E2E_SAY tells each step.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import play from '../../samples/jinzhou/scenario.mjs';
import { root } from '../lib/city.mjs';
import { openBrowser } from './lib/browser.mjs';
import { BrowserStage } from './lib/stage.mjs';
import { pagesTown } from './lib/town.mjs';

let web;
before(async () => { web = await openBrowser(); });
after(() => web?.close());

for (const js of [true, false]) {
  test(`the story is played on the pages ${js ? 'with' : 'without'} scripts`, async (t) => {
    const town = await pagesTown({ worker: true, match: true });
    const stage = new BrowserStage('jinzhou', town, path.join(root, 'samples/jinzhou'), web,
      { js, times: process.env.JB_E2E_WHOLE ? Infinity : 2, say: process.env.JB_E2E_SAY ? (line) => process.stderr.write(`${line}\n`) : undefined });
    try {
      await play(stage);
      t.diagnostic(`${stage.acts} acts and ${stage.refusals} refusals on pages, ${stage.spoken} repetitions over JSON`);
      assert.deepEqual(stage.faults, []);
      assert.ok(stage.acts > 100, 'most of the story happens on pages');
      for (const [login, visitor] of stage.visitors) {
        if (login) await visitor.go('/desk').catch((error) => stage.faults.push(`desk: ${error.message}`));
      }
      const complaints = [...stage.visitors.values()].flatMap((visitor) => visitor.complaints);
      assert.deepEqual(complaints, [], 'scripts complain of nothing');
    } finally {
      await stage.shut();
      await town.stop();
    }
  });
}
