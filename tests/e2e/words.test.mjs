// words.test.mjs - what pages say: no key, code or placeholder in place of a word, no Chinese sentence on
// an English page, no link that leads nowhere, no page without a way back. Every row of the pages, as all
// who see it, in both languages; read as programs read, without a browser.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gatewayTables } from '../../tools/lib/openapi.mjs';
import { bin, root } from '../lib/city.mjs';
import { readPage } from './lib/html.mjs';
import { Callers, namesIn, survey } from './lib/rows.mjs';
import { sessionOf } from './lib/sessions.mjs';
import { pagesTowns } from './lib/town.mjs';

const only = process.env.JB_E2E_ONLY && new RegExp(process.env.JB_E2E_ONLY);
let towns;
let pages; // [{ row, moment, login, path, zh, en }], the last two as read

before(async () => {
  towns = await pagesTowns();
  const callers = new Map([...towns].map(([moment, town]) => [moment, { zh: new Callers(town, 'zh'), en: new Callers(town, 'en') }]));
  pages = [];
  for (const { row, found } of await survey(towns, { only })) {
    for (const one of found.slice(0, 3)) {
      const page = { row, ...one };
      for (const lang of ['zh', 'en']) page[lang] = readPage((await callers.get(one.moment)[lang].get(one.login, one.path)).text);
      pages.push(page);
    }
  }
  for (const { zh, en } of callers.values()) [zh, en].forEach((one) => one.close());
});
after(async () => {
  for (const town of towns?.values() ?? []) await town.stop();
});

/** `fault(text, page, lang)` for all that all pages say → what it found, { page, wrong, line }. */
function all(fault) {
  const found = [];
  for (const page of pages) {
    for (const lang of ['zh', 'en']) {
      const said = [...page[lang].texts, ...page[lang].attributes.map((text) => ({ text }))];
      const wrong = [...new Set(said.filter((one) => fault(one, page, lang)).map((one) => one.text.slice(0, 80)))];
      if (wrong.length > 0) found.push({ page, wrong, line: `${page.row.path} (${page.path}, ${page.login || 'public'}) ${lang}:` });
    }
  }
  return found;
}
const lines = (found) => found.map(({ line, wrong }) => `${line} ${wrong.slice(0, 6).join(' | ')}`);

const messages = fs.readdirSync(path.join(root, 'services/web/messages')).filter((name) => /^[a-z].*\.json$/.test(name))
  .flatMap((name) => Object.entries(JSON.parse(fs.readFileSync(path.join(root, 'services/web/messages', name), 'utf8'))));

test('no page shows a key, a tag of a template or what a program writes for nothing', () => {
  assert.ok(pages.length > 0);
  const keys = new Set(messages.map(([key]) => key));
  const heads = [...new Set(messages.map(([key]) => key.split('.')[0]))];
  const likeKey = new RegExp(`^(${heads.join('|')})(\\.[a-z0-9_]+)+$`);
  assert.deepEqual(lines(all(({ text }) => keys.has(text) && text.includes('.') || likeKey.test(text) || /\{\{|\}\}|\[object|^(undefined|null|NaN|true|false)$/.test(text))), []);
});

test('no page shows a moment or an identifier as programs write them', () => {
  const shown = ['code', 'pre', 'textarea'];
  assert.deepEqual(lines(all(({ text, inside }) => !shown.includes(inside) && (/\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)
    || (/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/.test(text) && !/urn:uuid/.test(text))))), []);
});

test('no Chinese page shows the code of a state, a role or a choice', async () => {
  const { routes, problems } = gatewayTables(bin);
  const codes = new Set(problems.map((one) => one.slug));
  const fields = (list) => (list ?? []).flatMap((field) => [...(field.words?.split(' ') ?? []), ...fields(field.fields)]);
  for (const route of routes) for (const word of fields(route.form)) codes.add(word);
  const town = towns.values().next().value;
  for (const { word } of await town.sql(`select from_state as word from workflow.transition union select to_state from workflow.transition
    union select event from workflow.transition union select unnest(roles) from party.membership`)) codes.add(word);
  assert.ok(codes.size > 100);
  // the pages of code lists are there to show codes
  assert.deepEqual(lines(all(({ text, inside }, page, lang) => lang === 'zh' && page.row.path !== '/codes/{list}' && inside !== 'code' && /[a-z_]{2}/.test(text) && codes.has(text))), []);
});

/** Sentences and their parts between what is filled in, where the languages differ. */
function fragments(lang) {
  const other = lang === 'zh' ? 'en' : 'zh';
  return messages.filter(([, value]) => value[lang] !== value[other]).flatMap(([, value]) => value[lang].replace(/<[^>]*>/g, '\n').split(/\{\{[^}]*\}\}|\n/))
    .map((text) => text.trim()).filter((text) => /\p{Script=Han}{2}/u.test(text));
}

/** All texts of a document but those that it has in both languages. */
function textsIn(doc, into) {
  if (typeof doc === 'string') into.add(doc.replace(/\s+/g, ' ').trim());
  else if (doc && typeof doc === 'object' && !(typeof doc.zh === 'string' && typeof doc.en === 'string')) Object.values(doc).forEach((one) => textsIn(one, into));
  return into;
}

/** What a page's documents hold: names, titles, what people wrote. */
async function dataOf(page) {
  const town = towns.get(page.moment);
  const client = town.client({ headers: page.login ? { cookie: `jb=${await sessionOf(town, page.login)}` } : {} });
  const [bare, query] = page.path.split('?');
  const names = { ...Object.fromEntries(new URLSearchParams(query)), ...namesIn(page.row.path, bare) };
  const into = new Set();
  for (const doc of [...(page.row.docs ?? '').split(/\s+/).filter(Boolean), ...(page.login ? ['me=/session'] : [])]) {
    const where = doc.slice(doc.indexOf('=') + 1).replace(/[?&]\*$/, '').replace(/\{(\w+)\}/g, (_, name) => names[name]);
    const answer = await client.get(where);
    if (answer.status === 200) textsIn(answer.body, into);
  }
  client.close();
  return into;
}

test('no English page says a Chinese sentence that is not data', async () => {
  const sentences = new Set(fragments('zh'));
  const town = towns.values().next().value;
  for (const { label } of await town.sql('select distinct label_zh as label from workflow.state')) sentences.add(label);
  const own = (text) => sentences.has(text) || /[剩已]\s?\d+\s?天|\d+月\d+日|[（(]选填[）)]|请选择/.test(text);
  const found = all(({ text, lang: marked, inside }, page, lang) => lang === 'en' && page.row.path !== '/style' /* samples, in Chinese as they would be */ && !marked && inside !== 'textarea' && own(text));
  const faults = [];
  for (const { page, wrong, line } of found) {
    const data = await dataOf(page);
    if (wrong.some((text) => !data.has(text))) faults.push(`${line} ${wrong.filter((text) => !data.has(text)).slice(0, 6).join(' | ')}`);
  }
  assert.deepEqual(faults, []);
});

test('no link leads nowhere', async () => {
  const asked = new Map(); // one of each kind of address for each reader
  for (const page of pages) {
    const { links } = page.zh;
    for (const href of links) {
      if (/^(https?:|mailto:|tel:|#|data:)/.test(href)) continue;
      const url = new URL(href, `http://x${page.path}`);
      const kind = `${page.moment} ${page.login} ${url.pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*').replace(/\d+/g, '#')} ${[...url.searchParams.keys()].join('&')} ${url.searchParams.get('event') ?? ''}`;
      if (!asked.has(kind)) asked.set(kind, { page, where: url.pathname + url.search });
    }
  }
  const callers = new Map([...towns].map(([moment, town]) => [moment, new Callers(town)]));
  const dead = new Map();
  for (const { page, where } of asked.values()) {
    const answer = await callers.get(page.moment).get(page.login, where);
    if (answer.status < 400) continue;
    const kind = `${where.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}: ${answer.status}`;
    dead.set(kind, [...(dead.get(kind) ?? []), `${page.path} (${page.login || 'public'})`]);
  }
  for (const one of callers.values()) one.close();
  assert.ok(asked.size > 20);
  assert.deepEqual([...dead].map(([kind, from]) => `${kind}, from ${[...new Set(from)].slice(0, 3).join(', ')}`), []);
});

test('every page has a way back above its name', () => {
  const without = pages.filter((page) => !['/', '/desk', '/sign-in'].includes(page.row.path) && !page.zh.back).map((page) => page.row.path);
  assert.deepEqual([...new Set(without)], []);
});
