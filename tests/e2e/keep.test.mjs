// keep.test.mjs - nothing that was typed is lost: not when the session has ended, not when somebody else
// was quicker, not when the network is away or the server starts anew, not when the page is left.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { mainButton, openBrowser } from './lib/browser.mjs';
import { formPage, pageRows } from './lib/rows.mjs';
import { PASSWORD, pagesTown } from './lib/town.mjs';

const WHO = 'poster11';
let web;
let town;
let where;
let page;

before(async () => {
  web = await openBrowser();
  town = await pagesTown({ moment: 'submitted' });
  const [need] = await town.sql(`select i.id from workflow.item i join core.need n on n.id = i.id
    where i.machine = 'need' and i.state = 'draft' and n.unit = (select m.unit from party.membership m join auth.account a on a.id = m.person where a.login = $1)`, [WHO]);
  where = `/needs/${need.id}`;
  page = formPage(pageRows(), 'PUT', where).path;
});
after(async () => {
  await web?.close();
  await town?.stop();
});

let n = 0;
let typed;
beforeEach(() => {
  n += 1;
  typed = { title: `第${n}次填写的需求（示例）`, problem: `示例：第${n}次写下的问题，“引号”、<尖括号>与换行。`, goal: `示例：第${n}次的目标。` };
});

async function writer(js) {
  const visitor = await web.visitor(town.plain, { js });
  await visitor.signIn(WHO, PASSWORD);
  await visitor.go(page);
  await visitor.fill(where, typed);
  return visitor;
}

/** What stands in the three fields of the page. */
const shown = (visitor) => visitor.form(where).evaluate((form) => Object.fromEntries(['title', 'problem', 'goal'].map((name) => [name, form.elements[name].value])));

/** What is stored. */
async function stored() {
  const program = town.client();
  await program.signIn(WHO, PASSWORD);
  const { body } = await program.get(where);
  program.close();
  const content = body.content ?? body;
  return { title: content.title, problem: content.problem, goal: content.goal };
}

/** Presses the button where no answer is to be expected. */
async function pressInVain(visitor) {
  await visitor.form(where).locator(`${mainButton}:visible`).first().click({ noWaitAfter: true });
  await visitor.page.locator('main [role=alert]').first().waitFor();
}

for (const js of [true, false]) {
  const how = js ? 'with scripts' : 'without scripts';

  test(`a session that has ended costs nothing, ${how}`, async () => {
    const visitor = await writer(js);
    await town.sql("update auth.session set ends_at = now() - interval '1 second'");
    const { status } = await visitor.press(where);
    assert.ok(status === 401 || status === 403, `the answer is ${status}`);
    assert.deepEqual(await shown(visitor), typed);
    // in another window of the same browser
    const other = await visitor.context.newPage();
    await other.goto(`${town.plain}/sign-in`);
    await other.locator('main [name=login]').fill(WHO);
    await other.locator('main [name=password]').fill(PASSWORD);
    await other.locator(`main form[action^="/session"] ${mainButton}`).first().click();
    await other.waitForURL((url) => url.pathname !== '/sign-in' && url.pathname !== '/session');
    // the form was made for the session that ended: at most one more press, with everything still there
    let again = await visitor.press(where, { password: PASSWORD });
    if (again.status === 403) {
      assert.deepEqual(await shown(visitor), typed);
      again = await visitor.press(where, { password: PASSWORD });
    }
    assert.equal(again.status, 303, (await visitor.look()).text.slice(0, 300));
    assert.deepEqual(await stored(), typed);
    await visitor.close();
  });

  test(`whoever comes second sees both and loses neither, ${how}`, async () => {
    const first = await writer(js);
    const second = await web.visitor(town.plain, { js });
    await second.signIn(WHO, PASSWORD);
    await second.go(page);
    const theirs = { ...typed, goal: '示例：另一个窗口先存下的目标。' };
    await second.send(where, theirs);
    const { status } = await first.press(where);
    assert.equal(status, 409);
    assert.deepEqual(await shown(first), typed);
    assert.match((await first.look()).text, /另一个窗口先存下的目标/);
    assert.equal((await first.press(where)).status, 303);
    assert.deepEqual(await stored(), typed);
    await first.close();
    await second.close();
  });

  test(`an error in one field keeps the others, ${how}`, async () => {
    const visitor = await writer(js);
    await visitor.fill(where, { budget: '很多' });
    assert.equal((await visitor.press(where)).status, 422);
    assert.deepEqual(await shown(visitor), typed);
    assert.equal(await visitor.form(where).evaluate((form) => form.elements.budget.value), '很多');
    assert.ok((await visitor.look()).errors.some((error) => error.field === 'budget'));
    await visitor.close();
  });
}

test('while the network is away the page stays, and the same button sends it afterwards', async () => {
  const visitor = await writer(true);
  await visitor.page.waitForLoadState('networkidle');
  await visitor.context.setOffline(true);
  await pressInVain(visitor);
  assert.deepEqual(await shown(visitor), typed);
  await visitor.context.setOffline(false);
  assert.equal((await visitor.press(where)).status, 303);
  assert.deepEqual(await stored(), typed);
  await visitor.close();
});

test('while the server starts anew the page stays, and the same button sends it afterwards', async () => {
  const visitor = await writer(true);
  await visitor.page.waitForLoadState('networkidle');
  await town.gateways.pop().stop();
  await pressInVain(visitor);
  assert.deepEqual(await shown(visitor), typed);
  await town.startGateway();
  assert.equal((await visitor.press(where)).status, 303);
  assert.deepEqual(await stored(), typed);
  await visitor.close();
});

test('a page that was left offers what had been typed', async () => {
  const visitor = await writer(true);
  await visitor.page.waitForFunction((text) => Object.values(localStorage).some((value) => value.includes(text)), typed.goal);
  await visitor.go('/needs');
  await visitor.go(page);
  const note = visitor.form(where).locator('.note button').first();
  await note.click();
  assert.deepEqual(await shown(visitor), typed);
  assert.equal((await visitor.press(where)).status, 303);
  assert.deepEqual(await stored(), typed);
  // and once it is stored there is nothing to offer
  await visitor.go(page);
  assert.equal(await visitor.form(where).locator('.note button').count(), 0);
  await visitor.close();
});

test('without scripts the way back leads to what was typed while the network was away', async () => {
  const visitor = await writer(false);
  await visitor.context.setOffline(true);
  const failed = visitor.page.waitForEvent('requestfailed');
  await visitor.form(where).locator(`${mainButton}:visible`).first().click({ noWaitAfter: true });
  await failed;
  await visitor.context.setOffline(false);
  await visitor.page.goBack();
  await visitor.form(where).waitFor();
  assert.deepEqual(await shown(visitor), typed);
  await visitor.close();
});
