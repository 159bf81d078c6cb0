// story.mjs - a sample city's scenario played in Chromium by all roles, with scripts or without.
//
// With JB_E2E_WHOLE no step goes over JSON; JB_E2E_SAY tells each step.
import assert from 'node:assert/strict';
import path from 'node:path';
import { root } from '../../lib/city.mjs';
import { BrowserStage } from './stage.mjs';
import { pagesTown } from './town.mjs';

/** Plays `play` of samples/<name>; every step at fault is told at its end. `least`: acts on pages. */
export async function playOnPages(t, web, name, play, { js, least }) {
  const town = await pagesTown({ sample: name, worker: true, match: true });
  const stage = new BrowserStage(name, town, path.join(root, 'samples', name), web,
    { js, times: process.env.JB_E2E_WHOLE ? Infinity : 2, say: process.env.JB_E2E_SAY ? (line) => process.stderr.write(`${line}\n`) : undefined });
  try {
    await play(stage);
    t.diagnostic(`${stage.acts} acts and ${stage.refusals} refusals on pages, ${stage.spoken} repetitions over JSON`);
    assert.deepEqual(stage.faults, []);
    assert.ok(stage.acts > least, `most of the story happens on pages: ${stage.acts} acts`);
    for (const [login, visitor] of stage.visitors) {
      if (login) await visitor.go('/desk').catch((error) => stage.faults.push(`desk: ${error.message}`));
    }
    assert.deepEqual(stage.faults, []);
    const complaints = [...stage.visitors.values()].flatMap((visitor) => visitor.complaints);
    assert.deepEqual(complaints, [], 'scripts complain of nothing');
  } finally {
    await stage.shut();
    await town.stop();
  }
}
