// inject.test.mjs - whatever is typed is shown as text: markup, attributes, addresses, tricks of Unicode
// and formulas go through every text field of the main forms, and then every page, export and mail of
// the city is read for them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { claimBody } from '../../samples/lib/papers.mjs';
import { gatewayTables } from '../../tools/lib/openapi.mjs';
import { bin, root, until } from '../lib/city.mjs';
import { objectsOf } from '../lib/objects.mjs';
import { mailServer, readMail } from '../fault/smtp.mjs';
import { openBrowser } from './lib/browser.mjs';
import { Callers, accountsFor, formPage, pageRows } from './lib/rows.mjs';
import { PASSWORD, pagesTown } from './lib/town.mjs';

/** Each would do something in one of the places that a template, a table or a mail puts text into. */
const corpus = [
  '<img src=x onerror=jbhit()>',
  '"><svg onload=jbhit()>',
  "' autofocus onfocus=jbhit() x='",
  '</textarea><script>jbhit()</script>',
  '</title></style><script>jbhit()</script>',
  'javascript:jbhit()',
  '{{page.csrf}}{{@core.error}}jbhit',
  '=HYPERLINK("http://x.example?jbhit","k")',
  '@SUM(1)*jbhit',
  '+1-jbhit',
  '-2+jbhit',
  '&lt;b&gt;jbhit&#60;i&#62;',
  '\\u003cscript\\u003ejbhit()',
  '＜script＞jbhit()＜/script＞\u0301\u0489', // what normalising would make of it; turned text is refused by every field
];
/** What of it must be nowhere in a page's source. */
const live = /<(img src=x|svg onload|script>jbhit)|<[a-z][^\s<>"]*(?:\s+[^\s=<>"]+(?:="[^"]*")?)*\s+onfocus=jbhit|(href|src|action)="\s*javascript:|jbhit[^<]*<i>/i;

const rows = pageRows();
const { routes } = gatewayTables(bin);
const needs = JSON.parse(fs.readFileSync(path.join(root, 'samples/jinzhou/needs.json'), 'utf8'));
let web;
let mail;
let town;
let next = 0;
const typed = new Set();

before(async () => {
  web = await openBrowser();
  mail = await mailServer();
});
after(async () => {
  await web?.close();
  await mail?.close();
});

function poison(min = 0, max = 200) {
  const text = corpus[next++ % corpus.length];
  const whole = [...text].slice(0, Math.min(max || 200, 200)).join('').padEnd(min, '。');
  typed.add(whole);
  return whole;
}

/** The body with something of the corpus in each text of the route's form that it fills. */
function poisoned(fields, body) {
  const out = { ...body };
  for (const { name, kind, min, max, fields: sub } of fields) {
    if (out[name] === undefined) continue;
    if (kind === 'text' || kind === 'prose') out[name] = poison(kind === 'prose' ? Math.max(min, 24) : min, max);
    else if (kind === 'words') out[name] = [poison(1, 40).replace(/[,，、;；\s]/g, '')];
    else if (kind === 'object') out[name] = poisoned(sub, out[name]);
    else if (kind === 'list') out[name] = out[name].map((one) => poisoned(sub, one));
  }
  return out;
}

/** Fills the page's form with it and sends it; `keep`: fields whose text a rule of the domain looks at. */
async function send(login, method, shape, where, body, keep = []) {
  const route = routes.find((one) => one.method === method && one.path === shape);
  const visitor = await web.visitor(town.plain, { js: false });
  try {
    if (login) await visitor.become(town, login);
    await visitor.go(formPage(rows, method, where).path + (body.event ? `?event=${body.event}` : ''));
    const values = poisoned(route.form, body);
    for (const name of keep) values[name] = body[name];
    return await visitor.send(where, values, { password: PASSWORD });
  } finally {
    await visitor.close();
  }
}

const idIn = (location) => /[0-9a-f]{8}-[0-9a-f-]{27}/g.exec(location.split('/').reverse().join('/'))?.[0];

/** Every page of the city that shows any of it, as each who may see it; none shows it as more than text. */
async function sweep() {
  const objects = await objectsOf(town);
  const callers = new Callers(town);
  const shown = new Map(); // row → { login, where }
  const faults = [];
  for (const row of rows) {
    let paths = [];
    try { paths = objects.paths(row); } catch { continue; }
    for (const login of accountsFor(row, routes)) {
      for (const where of new Set([...paths.slice(0, 1), ...paths.slice(-3)])) {
        const { status, text } = await callers.get(login, where);
        if (live.test(text)) faults.push(`${where} as ${login || 'public'}: ${live.exec(text)[0]}`);
        if (status === 200 && text.includes('jbhit')) shown.set(row.path, { login, where });
      }
    }
  }
  callers.close();
  return { shown, faults };
}

/** The same pages in a browser, where whatever runs would be noticed. */
async function watch(shown) {
  const faults = [];
  const visitors = new Map();
  for (const { login, where } of shown.values()) {
    if (!visitors.has(login)) {
      const visitor = await web.visitor(town.plain);
      await visitor.context.addInitScript('window.jbhit = () => { window.jbhits = true; };');
      if (login) await visitor.become(town, login);
      visitors.set(login, visitor);
    }
    const visitor = visitors.get(login);
    await visitor.go(where);
    const { text, hit } = await visitor.page.evaluate(() => ({ hit: window.jbhits === true,
      text: document.title + document.body.textContent + [...document.querySelectorAll('input, textarea')].map((one) => one.value).join('\n') }));
    if (hit) faults.push(`${where} as ${login || 'public'}: something ran`);
    if (!text.includes('jbhit')) faults.push(`${where} as ${login || 'public'}: it is not to be read`);
  }
  for (const visitor of visitors.values()) await visitor.close();
  return faults;
}

/** Cells of a CSV file. */
const cells = (text) => [...text.replace(/^\ufeff/, '').matchAll(/"((?:[^"]|"")*)"|([^",\r\n]+)/g)].map((one) => (one[1] ?? one[2]).replaceAll('""', '"'));

async function exportsOf() {
  const callers = new Callers(town);
  const faults = [];
  for (const where of ['/items.csv', '/reports/match.csv', ...['unit', 'expert', 'achievement', 'patent', 'need'].map((kind) => `/exports/${kind}`)]) {
    const answer = await callers.get('officer1', where);
    assert.equal(answer.status, 200, where);
    faults.push(...cells(answer.text).filter((cell) => /jbhit/.test(cell) && /^[=+\-@\t\r]/.test(cell)).map((cell) => `${where}: ${cell}`));
  }
  callers.close();
  return faults;
}

async function hold(least) {
  const { shown, faults } = await sweep();
  assert.deepEqual(faults, []);
  assert.ok(shown.size >= least, `it is on ${shown.size} pages only: ${[...shown.keys()].join(' ')}`);
  assert.deepEqual(await watch(shown), []);
  assert.deepEqual(await exportsOf(), []);
}

async function at(moment, act) {
  town = await pagesTown({ moment, settings: { pool: 2 } });
  try {
    await act();
  } finally {
    await town.stop();
  }
}

test('needs, solicitations, letters and units', () => at('submitted', async () => {
  const [batch] = await town.sql("select id from workflow.item where machine = 'batch'");
  const [programme] = await town.sql('select id from core.programme');
  const [unit] = await town.sql("select m.unit as id from party.membership m join auth.account a on a.id = m.person where a.login = 'poster1'");
  const body = { ...needs[0].body, batch: batch.id };
  for (let round = 0; round < 2; round += 1) {
    const { location } = await send('poster1', 'POST', '/needs', '/needs', body, ['industry', 'fields']);
    await send('poster1', 'PUT', '/needs/{id}', `/needs/${idIn(location)}`, needs[0].body, ['industry', 'fields']);
    const poster = town.client();
    await poster.signIn('poster1', PASSWORD);
    const sent = await poster.post(`/needs/${idIn(location)}/submission`, {});
    assert.equal(sent.status, 200, sent.text);
    if (round === 1) await send('county1', 'POST', '/needs/{id}/events', `/needs/${idIn(location)}/events`, { event: 'return', reason: '示例理由示例理由' });
  }
  await send('officer1', 'POST', '/programmes/{id}/batches', `/programmes/${programme.id}/batches`, { name: '批次', doc_no: '号', body: '正文',
    solicit_from: '2026-08-01T09:00:00+08:00', solicit_until: '2026-08-24T17:00:00+08:00' });
  await send('poster1', 'PUT', '/units/{id}', `/units/${unit.id}`, { intro: '简介', contact: { person: '某某', address: '某路' } });
  await hold(5);
}));

test('claims, intents, contacts and achievements', () => at('open', async () => {
  const [item] = await town.sql("select id from workflow.item where machine = 'list_item' and state = 'open' order by id limit 1");
  const program = town.client();
  const doc = (await program.get(`/items/${item.id}`)).body;
  program.close();
  await send('team5', 'POST', '/items/{id}/intents', `/items/${item.id}/intents`, { statement: '意向' });
  await send('broker1', 'POST', '/items/{id}/contacts', `/items/${item.id}/contacts`, {
    kind: 'visit', held_at: '2026-08-19T14:00:00+08:00', place: '地点', people: '人员', summary: '摘要' });
  const body = claimBody(doc, '负责人某');
  const { location } = await send('team5', 'POST', '/items/{id}/claims', `/items/${item.id}/claims`, { ...body, responses: undefined });
  await send('team5', 'PUT', '/items/{id}/claims/{claim_id}', `/items/${item.id}/claims/${idIn(location)}`, { ...body, responses: undefined });
  await send('team1', 'POST', '/achievements', '/achievements', { title: '成果', fields: ['material'], intro: '简介', innovation: '创新', holder: '持有人' }, ['fields']);
  await hold(4);
}));

test('objections and their answers', () => at('objected', async () => {
  const [notice] = await town.sql("select id from workflow.item where machine = 'notice' and state in ('running', 'paused') order by id limit 1");
  for (let round = 0; round < 2; round += 1) {
    await send('', 'POST', '/notices/{id}/objections', `/notices/${notice.id}/objections`, { name: '名称', is_unit: true,
      contact: { phone: '010-00000000', address: '地址' }, text: '异议内容异议内容异议内容', evidence: '证据' });
  }
  await hold(2);
}));

test('mail', () => at('submitted', async () => {
  for (const login of ['county1', 'county3', 'county5', 'county6', 'county8']) {
    const county = town.client();
    await county.signIn(login, PASSWORD);
    assert.ok((await county.put('/account/notifications', { mail: true })).status < 300);
  }
  const [batch] = await town.sql("select id from workflow.item where machine = 'batch'");
  town.options.workerArgs = [`--mail-url=${mail.url}`, '--mail-from=no-reply@example.org', '--mail-tls=no'];
  town.startWorker();
  for (const [n, text] of corpus.entries()) {
    const poster = town.client(); // a unit may hand in three
    await poster.signIn(`poster${1 + (n % 14)}`, PASSWORD);
    const made = await poster.post('/needs', { ...needs[0].body, batch: batch.id, title: text });
    assert.equal(made.status, 201, made.text);
    const sent = await poster.post(`/needs/${made.body.id}/submission`, {});
    assert.equal(sent.status, 200, sent.text);
  }
  await until(() => mail.messages.length >= corpus.length, 'the mails arrive');
  const read = mail.messages.map((message) => readMail(message.data));
  for (const text of corpus) {
    const one = read.find((message) => `${message.headers.subject} ${message.text}`.includes(text));
    assert.ok(one, `no mail has ${text} as it was typed`);
  }
  for (const message of read) {
    assert.match(message.headers['content-type'], /^text\/plain/);
    assert.deepEqual(Object.keys(message.headers).filter((name) => /bcc|^cc$|reply-to/.test(name)), []);
  }
}));
