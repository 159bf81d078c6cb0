// axe.test.mjs - no page offends against WCAG 2.2 A or AA: each row of the pages, full and thin, in both
// languages, light at 1440 px and dark at 390, and with its form sent back for errors; the problem pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from './lib/browser.mjs';
import { axe, axeVisual, structure } from './lib/axe.mjs';
import { survey } from './lib/rows.mjs';
import { PASSWORD, pagesTowns } from './lib/town.mjs';
import { byPerson, inTurns } from './lib/windows.mjs';

let web;
let towns;
before(async () => {
  web = await openBrowser();
  towns = await pagesTowns();
});
after(async () => {
  await web?.close();
  for (const town of towns?.values() ?? []) await town.stop();
});

/** Everything against the page that is open: at the desk in light, on a phone in dark. */
async function faultsOf(visitor, what, { whole = true } = {}) {
  const { page, lang } = visitor;
  const faults = [...await structure(page, lang), ...await (whole ? axe : axeVisual)(page)];
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  faults.push(...(await structure(page, lang)).filter((one) => /wider/.test(one)).map((one) => `at 390 px: ${one}`),
    ...(await axeVisual(page)).map((one) => `dark, 390 px: ${one}`));
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...new Set(faults)].map((one) => `${what} ${lang}: ${one}`);
}

/** The form with all its fields emptied and sent: the page that comes back, if it does. */
async function refused(visitor) {
  await visitor.form().evaluate((form) => {
    for (const one of form.elements) {
      if (one.matches('textarea, input:not([type=hidden]):not([type=checkbox]):not([type=radio])')) one.value = '';
      if (one.matches('select') && [...one.options].some((option) => option.value === '')) one.value = '';
    }
  });
  const { status } = await visitor.press('', { password: PASSWORD });
  return status >= 400 && status !== 404;
}

async function check(one, windows) {
  const faults = [];
  const thin = one.found.at(-1);
  const states = thin.size < one.found[0].size * 0.8 ? [one.found[0], thin] : [one.found[0]];
  for (const [n, { moment, login, path }] of states.entries()) {
    const who = `${login || 'public'} ${path}`;
    for (const lang of ['zh', 'en']) {
      const visitor = await windows.of(moment, login, lang);
      await visitor.go(path);
      faults.push(...await faultsOf(visitor, who, { whole: n === 0 || lang === 'zh' }));
      // sending it in the one language may have left the other nothing to send (messages are read)
      const there = lang === 'zh' || await visitor.form().count() > 0;
      if (n === 0 && one.row.form && one.found[0].form && one.errors && there) {
        if (await refused(visitor)) {
          faults.push(...await faultsOf(visitor, `${who} with errors`));
          const focus = await visitor.page.evaluate(() => document.activeElement?.closest('[role=alert]') !== null);
          if (!focus) faults.push(`${who} with errors ${lang}: the focus is not on the error summary`);
        } else if (visitor.landed >= 400) {
          faults.push(`${who} ${lang}: the emptied form is answered with ${visitor.landed}`);
        }
      }
      faults.push(...visitor.complaints.splice(0));
    }
  }
  return faults;
}

test('no page offends against WCAG 2.2 A and AA', { concurrency: 2 }, async (t) => {
  const rows = await survey(towns, { only: process.env.JB_E2E_ONLY && new RegExp(process.env.JB_E2E_ONLY) });
  assert.ok(rows.length > 0);
  // a form that asks for nothing would do what it says
  const asks = (row) => /^(POST|PUT) /.test(row.form ?? '') && !/\/(submission|freezing|publication|opening|sign-out|removal|events|apply|undo)$/.test(row.form);
  await inTurns(byPerson(rows).map((one) => ({ ...one, errors: asks(one.row) })), web, towns, (one, windows) =>
    t.test(one.row.path, async () => {
      assert.equal(one.why, undefined);
      assert.deepEqual(await check(one, windows), []);
    }));
});

test('the problem pages are as good as the others', async (t) => {
  for (const [login, where, status] of [['', '/no-such-page', 404], ['', '/items/00000000-0000-4000-8000-000000000000', 404],
    ['poster1', '/users', 403], ['team1', '/items?page=x', 422]]) {
    await t.test(`${where} as ${login || 'public'}`, async () => {
      const faults = [];
      await inTurns(['zh', 'en'], web, towns, async (lang, windows) => {
        const visitor = await windows.of('played', login, lang);
        await visitor.go(where, { status });
        faults.push(...await faultsOf(visitor, where));
      }, 1);
      assert.deepEqual(faults, []);
    });
  }
});
