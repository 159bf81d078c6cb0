// What anybody finds on the public pages' routes: stages, questions and answers, statistics, service
// clocks, feeds and the calendar. The rules are tested in tests/sql; here is what goes over HTTP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { city } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
let town;
let anybody;
let item;
const people = {};

const ok = (answer, status = 200) => {
  assert.equal(answer.status, status, answer.text);
  return answer.body;
};
const refused = (answer, status, problem) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.problem, problem, answer.text);
};

before(async () => {
  town = await city({ template: 'jinzhou_played' });
  // back to the days in which one of the challenges could be claimed
  await town.sql(`do $$ begin
    perform set_config('jb.context', 'system', true);
    update meta.clock set frozen = '2026-08-20 10:00+08';
    update workflow.item set state = 'interested' where id = (select id from core.list_item where number = '2026-CY-01');
    perform core.refresh_face(id) from core.list_item;
    delete from core.summary;
  end $$`);
  anybody = town.client();
  [item] = ok(await anybody.get('/items', { query: { open: 'true' } })).items;
  for (const login of ['poster1', 'team9', 'officer1']) {
    people[login] = town.client();
    await people[login].signIn(login, PASSWORD);
  }
});
after(() => town?.stop());

test('the open ones are found alone, and lists are put in order', async () => {
  assert.equal(item.number, '2026-CY-01');
  const budgets = ok(await anybody.get('/items', { query: { sort: 'budget' } })).items.map((one) => one.budget_wan);
  assert.deepEqual(budgets, [...budgets].sort((a, b) => b - a));
  assert.equal(ok(await anybody.get('/items', { query: { open: 'false' } })).total, 6);
  refused(await anybody.get('/items', { query: { sort: 'title' } }), 422, 'invalid');
});

test('the stages of a challenge are public, from the solicitation on', async () => {
  const { stages, intents } = ok(await anybody.get(`/items/${item.id}/stages`));
  assert.ok(intents >= 0);
  assert.deepEqual(stages.slice(0, 4).map((one) => one.code), ['solicit', 'recommend', 'argue', 'select']);
  assert.deepEqual(stages.filter((one) => one.current).map((one) => one.code), ['claim']);
});

test('a question is asked, answered and then everybody\'s', async () => {
  refused(await anybody.post(`/items/${item.id}/questions`, { text: '谁都可以问吗？' }), 401, 'session_missing');
  const asked = await people.team9.post(`/items/${item.id}/questions`, { text: '测试样品由谁取？' });
  const question = ok(asked, 201);
  assert.equal(asked.headers.location, `/questions/${question.id}`);
  assert.equal(ok(await anybody.get(`/items/${item.id}/questions`)).total, 1); // that of the story
  assert.equal(ok(await people.poster1.get(`/items/${item.id}/questions/work`)).items.at(-1).unit, null);
  assert.equal(ok(await people.poster1.get(`/questions/${question.id}`)).may_answer, true);
  refused(await people.team9.post(`/questions/${question.id}/answer`, { answer: '自己答复' }), 403, 'not_a_party');
  refused(await people.poster1.post(`/questions/${question.id}/answer`, {}), 422, 'invalid');
  assert.equal(ok(await people.poster1.post(`/questions/${question.id}/answer`, { answer: '三方共同取样。' })).by, 'poster');
  // the answer was announced: nobody reads yesterday's list
  const { items } = ok(await anybody.get(`/items/${item.id}/questions`));
  assert.deepEqual(items.slice(1).map((one) => [one.no, one.text, one.answer]), [[2, '测试样品由谁取？', '三方共同取样。']]);
  assert.equal('unit' in items[0], false);
});

test('numbers and clocks name nobody', async () => {
  const numbers = ok(await anybody.get('/statistics'));
  assert.equal(numbers.funnel.find((one) => one.code === 'published').n, 6);
  assert.ok(numbers.times.length > 10);
  const clocks = ok(await anybody.get('/clocks'));
  assert.equal(clocks.waiting_total, clocks.stages.reduce((sum, one) => sum + one.waiting, 0));
  assert.doesNotMatch(JSON.stringify([numbers, clocks.stages]), /示例企业|示例大学|负责人/);
});

test('feeds, the calendar and the site map link back to where they were asked for', async () => {
  for (const [path, type] of [['/items.atom', 'application/atom+xml'], ['/notices.atom', 'application/atom+xml'], ['/items.ics', 'text/calendar'],
    ['/sitemap.xml', 'application/xml'], ['/robots.txt', 'text/plain']]) {
    const answer = await anybody.get(path);
    ok(answer);
    assert.equal(answer.headers['content-type'], `${type}; charset=utf-8`, path);
    assert.equal(answer.headers['content-disposition'], undefined, path);
    assert.ok(answer.text.includes(town.plain) || answer.text.includes(town.url), path);
  }
  assert.match((await anybody.get('/items.ics')).text, /SUMMARY:揭榜截止：低缺陷半导体级抛光硅片\r\n/);
});
