// axe.mjs - what axe-core and a few rules of our own have against a page, one line for each fault.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const source = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** What a change of theme or width can break; the rest need not be asked twice. */
const visual = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block', 'link-name', 'button-name', 'aria-hidden-focus'];

/** `rules`: only these. */
export async function axe(page, rules) {
  await page.evaluate(`if (!window.axe) { ${source} }`);
  const found = await page.evaluate(([values, some]) => window.axe.run(document, {
    runOnly: some ? { type: 'rule', values: some } : { type: 'tag', values }, resultTypes: ['violations'] }), [tags, rules]);
  return found.violations.flatMap((one) => one.nodes.slice(0, 3).map((node) =>
    `${one.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1, 3).join(' ').trim()} ${node.html.slice(0, 160)}`));
}

export const axeVisual = (page) => axe(page, visual);

/** Title, one h1, headings in order, landmarks, language, a way back. */
export function structure(page, lang) {
  return page.evaluate((want) => {
    const faults = [];
    const all = (what) => [...document.querySelectorAll(what)];
    const must = (truth, text) => { if (!truth) faults.push(text); };
    must(/^\S.* - (揭榜|Jiebang)$/.test(document.title), `the title is “${document.title}”`);
    must(document.documentElement.lang === (want === 'zh' ? 'zh-CN' : 'en'), `lang is ${document.documentElement.lang}`);
    must(all('h1').length === 1 && all('h1')[0].textContent.trim() !== '', `${all('h1').length} h1`);
    must(all('main').length === 1, `${all('main').length} main`);
    for (const landmark of ['header', 'nav', 'footer']) must(all(landmark).length > 0, `no ${landmark}`);
    must(all('nav').every((one) => all('nav').length === 1 || one.getAttribute('aria-label') || one.getAttribute('aria-labelledby')), 'a nav without a name');
    const levels = all('h1, h2, h3, h4, h5, h6').filter((one) => one.checkVisibility()).map((one) => Number(one.localName[1]));
    levels.forEach((level, i) => must(level <= (levels[i - 1] ?? level) + 1, `h${levels[i - 1]} is followed by h${level}`));
    const ids = all('[id]').map((one) => one.id);
    must(new Set(ids).size === ids.length, `an id twice: ${ids.find((id, i) => ids.indexOf(id) !== i)}`);
    must(location.pathname === '/' || all('.crumbs a[href], main a[href], main button').length > 0, 'no way back');
    must(document.documentElement.scrollWidth <= document.documentElement.clientWidth, `${document.documentElement.scrollWidth - document.documentElement.clientWidth} px wider than the window`);
    for (const one of all('a[href^="#"]')) must(one.hash === '' || document.getElementById(decodeURIComponent(one.hash.slice(1))), `a link to ${one.hash}, which is not there`);
    return faults;
  }, lang);
}
