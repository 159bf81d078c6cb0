// inject_all.test.mjs - the corpus of lib/corpus.mjs through every text of every form that a person can
// fill: both stories and what they leave out are played with it, and then every page, export and mail of
// the two cities is read.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gatewayTables } from '../../tools/lib/openapi.mjs';
import { bin, root, until } from '../lib/city.mjs';
import { roleAccounts } from '../lib/objects.mjs';
import { mailServer } from '../fault/smtp.mjs';
import { openBrowser } from './lib/browser.mjs';
import { Pen, textFields } from './lib/corpus.mjs';
import { exportsOf, mailFaults } from './lib/inject_exports.mjs';
import { closed, kept, most, unseen } from './lib/inject_fields.mjs';
import { Forms, unopened } from './lib/inject_forms.mjs';
import more from './lib/inject_more.mjs';
import { askAll, openAll, readAll } from './lib/inject_pages.mjs';
import { Watch } from './lib/inject_watch.mjs';
import { Callers } from './lib/rows.mjs';
import { PoisonStage } from './lib/poison_stage.mjs';
import { pagesTown } from './lib/town.mjs';

const { routes } = gatewayTables(bin);
const fields = routes.filter(({ method }) => method === 'POST' || method === 'PUT').flatMap(textFields);
const pen = new Pen({ keep: kept, most, unseen });
const towns = {};
const say = process.env.JB_E2E_SAY ? (line) => process.stderr.write(`${line}\n`) : () => {};
let web;
let mail;
const opened = new Set();
const mailed = new Set();
let watch;

async function tell(name) {
  const { default: play } = await import(path.join(root, 'samples', name, 'scenario.mjs'));
  const town = await pagesTown({ template: name, match: true, settings: { pool: 2 }, workerArgs: [`--mail-url=${mail.url}`, '--mail-from=no-reply@example.org', '--mail-tls=no'] });
  towns[name] = town;
  await town.sql('update auth.account set mail = true');
  town.startWorker();
  const own = new Forms(town, watch, opened);
  const stage = new PoisonStage(name, town, path.join(root, 'samples', name), { routes, pen, say: (line) => say(`${name} ${line}`),
    before: (...act) => own.before(...act) });
  try {
    await play(stage);
    if (name === 'jinzhou') await more(stage);
  } finally {
    stage.close();
    await own.close();
  }
}

before(async () => {
  web = await openBrowser();
  mail = await mailServer();
  const reader = await pagesTown({ settings: { pool: 2 } });
  watch = await new Watch(web, pen).open(reader.plain);
  towns.reader = reader;
  await Promise.all(['jinzhou', 'liaoning'].map(tell));
  say(`told after ${Math.round(process.uptime())} s`);
});
after(async () => {
  await watch?.close();
  await web?.close();
  for (const town of Object.values(towns)) await town.stop();
  await mail?.close(); // nobody is connected any more
});

test('every text of every form was filled with the corpus, or is said to be closed to it', () => {
  assert.deepEqual(fields.filter((place) => !pen.typed.has(place) && !closed.some(([pattern]) => pattern.test(place))), []);
  assert.deepEqual(closed.filter(([pattern]) => !fields.some((place) => pattern.test(place)) || fields.every((place) => !pattern.test(place) || pen.typed.has(place))), []);
});

test('the forms, empty and refused', () => {
  assert.deepEqual(watch.told, []);
  const textual = (form) => fields.some((place) => place.startsWith(`${form} `) && pen.typed.has(place));
  assert.deepEqual(unopened(opened).filter(textual), []);
});

test('every page shows it as text', async () => {
  watch.faults.clear();
  const { rows, closed: shut } = await openAll(towns.jinzhou, watch);
  // what can only be done on the way was looked at there
  assert.deepEqual(shut.filter(({ row }) => !row.form || unopened(opened).includes(row.form)).map(({ row, why }) => `${row.path}: ${why}`), []);
  const asked = await askAll(towns.jinzhou, watch, rows);
  for (const name of ['jinzhou', 'liaoning']) await readAll(towns[name], watch);
  say(`${watch.count} pages, ${asked} questions`);
  assert.deepEqual(watch.told, []);
});

test('each field is shown somewhere as it was typed, or is said not to be', () => {
  const hidden = [...pen.typed].filter(([, list]) => !list.some(({ text }) => watch.seen.has(/№[0-9a-z]+№/.exec(text)[0]))).map(([place]) => place);
  assert.deepEqual(hidden.filter((place) => !unseen.some(([pattern]) => pattern.test(place))), []);
  assert.deepEqual(unseen.filter(([pattern]) => !hidden.some((place) => pattern.test(place))), []);
});

test('tables, calendars, feeds and documents', async () => {
  watch.faults.clear();
  const found = {};
  for (const name of ['jinzhou', 'liaoning']) {
    for (const [kind, n] of Object.entries(await exportsOf(towns[name], watch, pen))) found[kind] = (found[kind] ?? 0) + n;
  }
  say(JSON.stringify(found));
  assert.deepEqual(watch.told, []);
  for (const kind of ['text/csv', 'text/calendar', 'application/atom+xml', 'application/xml', 'application/json']) assert.ok(found[kind] > 0, kind);
});

test('mail', async () => {
  await until(async () => (await Promise.all(['jinzhou', 'liaoning'].map((name) => towns[name].sql("select from workflow.outbox where kind = 'mail' and done_at is null"))))
    .every((rows) => rows.length === 0), 'all mail is sent', 120000);
  const faults = mail.messages.flatMap((message) => mailFaults(pen, message, mailed));
  assert.ok(mailed.size > 20, `${mailed.size} texts in ${mail.messages.length} messages`);
  assert.deepEqual([...new Set(faults)].slice(0, 20), []);
});

/** A body with a letter in each text, and the names of these as an answer names them. */
function turned(form, letter, prefix = '') {
  const body = {};
  const places = [];
  for (const { name, kind, min, fields: sub } of form) {
    if (['text', 'prose', 'words'].includes(kind)) {
      const text = `示例${letter}示例`.padEnd(min, '示');
      body[name] = kind === 'words' ? [text] : text;
      places.push(kind === 'words' ? `${prefix}${name}[0]` : `${prefix}${name}`);
    } else if (kind === 'object' || kind === 'list') {
      const [inner, names] = turned(sub, letter, kind === 'list' ? `${prefix}${name}[0].` : `${prefix}${name}.`);
      body[name] = kind === 'list' ? [inner] : inner;
      places.push(...names);
    }
  }
  return [body, places];
}

test('letters that nobody sees and that turn what is written are refused in every text of every form', async () => {
  const callers = new Callers(towns.reader);
  const faults = [];
  let named = 0;
  for (const route of routes.filter((one) => ['POST', 'PUT'].includes(one.method) && one.form?.length)) {
    const login = route.perm.includes('public') ? '' : route.perm.includes('signed') ? 'team3' : roleAccounts[route.perm[0]][0];
    const client = await callers.as(login);
    client.headers.accept = 'application/json';
    if (login && !client.csrf) await client.get('/session');
    const where = route.path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
    for (const letter of ['\u202e', '\u2066', '\u200f', '\u061c', '\ufeff', '\u2028', '\u0007', '\u0085']) {
      const [body, places] = turned(route.form, letter);
      const answer = await client.request(route.method, where, body);
      const errors = (answer.body.errors ?? []).filter((one) => one.code === 'bad_character').map((one) => one.field);
      const taken = places.filter((place) => !errors.some((field) => field === place || place === `${field}[0]`));
      named += errors.length;
      if (taken.length > 0) faults.push(`${route.method} ${route.path} U+${letter.codePointAt(0).toString(16)} (${answer.status}): ${taken.join(' ')}`);
    }
  }
  callers.close();
  assert.ok(named > 0);
  assert.deepEqual(faults, []);
});
