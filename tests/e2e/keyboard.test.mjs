// keyboard.test.mjs - claiming a challenge and approving an award with the keyboard alone; where the focus
// is can always be seen, and after a mistake it is on the list of what to mend.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { claimBody } from '../../samples/lib/papers.mjs';
import { openBrowser } from './lib/browser.mjs';
import { focused, link, mainButton, tabTo, type } from './lib/keys.mjs';
import { PASSWORD, pagesTown } from './lib/town.mjs';

let web;
const towns = [];
before(async () => { web = await openBrowser(); });
after(async () => {
  await web?.close();
  for (const town of towns) await town.stop();
});

async function personAt(moment) {
  const town = await pagesTown({ moment });
  towns.push(town);
  const visitor = await web.visitor(town.plain);
  await visitor.go('/');
  return { town, visitor, page: visitor.page };
}

/** Presses Enter and waits for the page that comes of it. */
async function enter(page) {
  await page.evaluate(() => { document.body.dataset.before = '1'; });
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.body && document.body.dataset.before === undefined && document.readyState === 'complete');
}

const anywhere = (pattern) => (now) => now.tag === 'a' && pattern.test(now.href);

async function signIn(page, login) {
  await tabTo(page, anywhere(/^\/sign-in/), 'the way to sign in');
  await enter(page);
  await type(page, await tabTo(page, (now) => now.name === 'login', 'the name'), login);
  await type(page, await tabTo(page, (now) => now.name === 'password', 'the password'), PASSWORD);
  await enter(page);
  assert.equal(new URL(page.url()).pathname, '/desk');
}

/** { 'contact.name': …, 'team[0].name': … } */
function flat(value, name = '') {
  if (Array.isArray(value) && (value.length === 0 || typeof value[0] !== 'object')) return { [name]: value };
  if (Array.isArray(value)) return Object.assign({}, ...value.map((one, i) => flat(one, `${name}[${i}]`)));
  if (value !== null && typeof value === 'object') return Object.assign({}, ...Object.entries(value).map(([key, one]) => flat(one, name ? `${name}.${key}` : key)));
  return value === undefined ? {} : { [name]: value };
}

/** Goes through the form with Tab, types what is to be typed, and stops at its button. */
async function fillByKeys(page, action, values) {
  const left = { ...values };
  const button = mainButton(action);
  await tabTo(page, (now) => {
    return now.name in left || button(now);
  }, 'the form');
  for (let now = await focused(page); !button(now); now = await focused(page)) {
    if (now.name in left) {
      await type(page, now, left[now.name]);
      delete left[now.name];
    }
    await tabTo(page, (next) => next.name in left || button(next), 'the end of the form');
  }
  return Object.keys(left);
}

/** Where a weighty step asks for the password, in the page or in a dialog. */
async function confirm(page) {
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('dialog[open]'));
  let now = await focused(page);
  if (now.name !== '_password') now = await tabTo(page, (next) => next.name === '_password', 'the password in the dialog', 5);
  await type(page, now, PASSWORD);
  await enter(page);
}

test('a team claims a challenge and gets its receipt', async () => {
  const { town, page } = await personAt('open');
  await signIn(page, 'team6');
  await tabTo(page, anywhere(/^\/items$/), 'the list');
  await enter(page);
  const { href } = await tabTo(page, link(/^\/items\/[0-9a-f-]{36}$/), 'a challenge');
  await enter(page);
  const program = town.client();
  const item = (await program.get(href)).body;
  program.close();
  await tabTo(page, link(/\/claims\/new/), 'the way to claim');
  await enter(page);
  const body = claimBody(item, '负责人戊');
  const values = flat({ ...body, team: body.team.slice(0, 1), milestones: body.milestones.slice(0, 1) });
  const left = await fillByKeys(page, `${href}/claims`, values);
  await enter(page);
  const where = new URL(page.url()).pathname;
  assert.match(where, new RegExp(`^${href}/claims/[0-9a-f-]{36}$`), `${(await page.textContent('main')).replace(/\s+/g, ' ').slice(0, 500)} (left: ${left})`);
  await tabTo(page, link(/\/submission/), 'the way to submit');
  await enter(page);
  await tabTo(page, mainButton(`${where}/submission`), 'the button that submits');
  await enter(page);
  assert.match(await page.textContent('main'), /[0-9a-f]{64}|[0-9a-f]{4}(\s[0-9a-f]{4}){15}/, 'the receipt shows the digest');
});

test('the city government approves an award', async () => {
  const { town, page } = await personAt('approving');
  await signIn(page, 'city1');
  const [item] = await town.sql("select id from workflow.item where machine = 'list_item' and state = 'filed' order by id limit 1");
  const where = `/items/${item.id}`;
  await tabTo(page, link(new RegExp(`^${where}(/work|/approval)?($|\\?)`)), 'the case on the desk');
  await enter(page);
  if (!/\/approval$/.test(new URL(page.url()).pathname)) {
    await tabTo(page, link(/\/approval/), 'the way to approve');
    await enter(page);
  }
  const values = { decision: 'approved', doc_no: '示例政复〔2026〕40号', doc_date: '2026-09-16' };
  const left = await fillByKeys(page, `${where}/approval`, values);
  assert.deepEqual(left, []);
  await confirm(page);
  const [now] = await town.sql('select state from workflow.item where id = $1', [item.id]);
  assert.equal(now.state, 'approved', (await page.textContent('main')).replace(/\s+/g, ' ').slice(0, 500));
});

test('after a mistake the focus is on the summary, and its links lead into the fields', async () => {
  const { town, page, visitor } = await personAt('objected');
  const [notice] = await town.sql("select id from workflow.item where machine = 'notice' and state = 'running' limit 1");
  const where = `/notices/${notice.id}/objections`;
  await visitor.go(where);
  await tabTo(page, mainButton(where), 'the button');
  await enter(page);
  await page.waitForFunction(() => document.activeElement?.matches('[role=alert]'));
  assert.match(await page.title(), /^错误/);
  const first = await tabTo(page, (now) => now.tag === 'a' && now.href.startsWith('#'), 'the first link of the summary', 2);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.matches('input, textarea, select'));
  const field = await focused(page);
  assert.equal(`#${field.id}`, first.href);
});
