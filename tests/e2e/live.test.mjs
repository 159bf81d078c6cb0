// live.test.mjs - two people at work: what one does the other's desk shows, without anybody asking for it;
// and one browser listens once, however many windows it has.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../lib/city.mjs';
import { creditCode } from '../api/gateway/people.mjs';
import { openBrowser } from './lib/browser.mjs';
import { PASSWORD, pagesTown } from './lib/town.mjs';

let web;
let town;

before(async () => {
  web = await openBrowser();
  town = await pagesTown({ worker: true, settings: { live_beat_ms: 1000 } });
});
after(async () => {
  await web?.close();
  await town?.stop();
});

const visitors = [];
/** Somebody before a browser, until the test is over. */
async function somebody(login, where) {
  const visitor = await web.visitor(where.plain);
  visitors.push(visitor);
  await visitor.become(where, login);
  return visitor;
}
const leave = () => Promise.all(visitors.splice(0).map((visitor) => visitor.close()));
afterEach(leave);

let n = 0;
/** A unit that waits for an officer: its name. */
async function newcomer(where = town) {
  n += 1;
  const name = `示例新来企业${n}`;
  const client = where.client();
  const made = await client.post('/accounts', { login: `newcomer${n}`, password: PASSWORD, name: '示例人员', consent_version: '1',
    unit: { name, kind: 'enterprise', code: creditCode() } });
  assert.equal(made.status, 201, made.text);
  client.close();
  return name;
}

/** A window of somebody that would notice being loaded again. */
async function at(login, path, where = town) {
  const visitor = await somebody(login, where);
  await visitor.go(path);
  await visitor.page.evaluate(() => { window.mark = 'not loaded again'; });
  return visitor;
}
const same = async (page) => assert.equal(await page.evaluate(() => window.mark), 'not loaded again');
const unread = (page) => page.locator('.tools a[href="/inbox"]').evaluate((link) => {
  const count = link.querySelector('.count');
  return count && !count.hidden ? parseInt(count.textContent, 10) : 0;
});
const streams = async (where = town) => {
  const client = where.client();
  const { text } = await client.get('/metrics');
  client.close();
  return Number(/^jb_live_streams (\d+)$/m.exec(text)[1]);
};

test('what is done in one window shows on the desk in another, which is not loaded again', async () => {
  const [first, second] = [await at('officer1', '/desk'), await at('officer2', '/desk')];
  await until(async () => (await streams()) === 2, 'both listen');
  const before = await unread(first.page);
  const name = await newcomer();
  const line = (visitor) => visitor.page.locator(`main tr:has-text("${name}")`);
  for (const visitor of [first, second]) {
    await line(visitor).waitFor();
    await same(visitor.page);
  }
  assert.ok((await unread(first.page)) > before, 'the number in the masthead has grown');
  await first.page.locator('[role=status]', { hasText: '待办有变化' }).waitFor({ state: 'attached' });

  // one of them decides; the other had the same line on the desk and is told nothing
  const [{ id }] = await town.sql('select id from party.unit where name = $1', [name]);
  await second.go(`/units/${id}/decision`);
  await second.send(`/units/${id}/decision`, { decision: 'verify' });
  await line(first).waitFor({ state: 'detached' });
  await same(first.page);
  assert.deepEqual([...first.complaints, ...second.complaints], []);
});

test('the number of unread messages changes on every page', async () => {
  const visitor = await at('officer1', '/items');
  await until(async () => (await streams()) === 1, 'it listens');
  const before = await unread(visitor.page);
  await newcomer();
  await until(async () => (await unread(visitor.page)) > before, 'it has grown');
  // read on another device
  const client = town.client();
  await client.signIn('officer1', PASSWORD);
  await client.post('/inbox/read', { until: (await client.get('/inbox')).body.items[0].id });
  await until(async () => (await unread(visitor.page)) === 0, 'all is read');
  assert.equal(await visitor.page.locator('.tools .count').isVisible(), false);
  await same(visitor.page);
});

test('several windows of one browser have one stream; when its window goes another has it', async () => {
  const visitor = await at('officer1', '/desk');
  const pages = [visitor.page];
  await until(async () => (await streams()) === 1, 'the first listens');
  for (const path of ['/desk', '/desk', '/items']) {
    pages.push(await visitor.context.newPage());
    await pages.at(-1).goto(path, { waitUntil: 'load' });
  }
  const shows = (name) => Promise.all(pages.slice(0, -1).map((page) => page.locator(`main tr:has-text("${name}")`).first().waitFor()));
  await shows(await newcomer());
  assert.equal(await streams(), 1);
  await pages.shift().close();
  await until(async () => (await streams()) === 1, 'another listens');
  await shows(await newcomer());
  assert.equal(await streams(), 1);
  await leave();
  await until(async () => (await streams()) === 0, 'nobody listens');
});

test('when the gateway has been started anew, what happened meanwhile is shown', async () => {
  const visitor = await at('officer1', '/desk');
  await until(async () => (await streams()) === 1, 'it listens');
  await town.gateways.shift().stop();
  await town.startGateway();
  const name = await newcomer();
  await visitor.page.locator(`main tr:has-text("${name}")`).first().waitFor({ timeout: 30000 });
  await same(visitor.page);
});

test('a page that is hidden stops listening after a minute, and looks when it is seen again', async () => {
  const visitor = await somebody('officer1', town);
  await visitor.go('/help');
  const { page } = visitor;
  await page.clock.install();
  await visitor.go('/desk');
  await until(async () => (await streams()) === 1, 'it listens');
  const see = (state) => page.evaluate((to) => {
    Object.defineProperty(document, 'visibilityState', { value: to, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  await see('hidden');
  await page.clock.runFor(50000);
  assert.equal(await streams(), 1);
  await page.clock.runFor(15000);
  await until(async () => (await streams()) === 0, 'it has stopped');
  const name = await newcomer();
  await see('visible');
  await page.clock.runFor(2000);
  await page.locator(`main tr:has-text("${name}")`).first().waitFor();
});

test('where it may not listen it looks once a minute', async () => {
  const deaf = await pagesTown({ settings: { live_max: 0 } });
  try {
    const visitor = await somebody('officer1', deaf);
    await visitor.go('/help');
    await visitor.page.clock.install();
    const refused = visitor.page.waitForResponse((answer) => answer.url().endsWith('/live'));
    await visitor.go('/desk');
    assert.equal((await refused).status(), 503);
    const name = await newcomer(deaf);
    await visitor.page.clock.runFor(62000);
    await visitor.page.locator(`main tr:has-text("${name}")`).first().waitFor();
  } finally {
    await deaf.stop();
  }
});
