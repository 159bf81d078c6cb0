// Challenges, claims, notices and contracts over HTTP: what the forms let through before the database
// is asked, and what reads answer where nothing is yet. The rules themselves are tested in tests/sql,
// the whole way in the scenarios.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { city } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
const NOBODY = '00000000-0000-4000-8000-000000000000';
let town;
let anybody;
const people = {};

const ok = (answer, status = 200) => {
  assert.equal(answer.status, status, answer.text);
  return answer.body;
};
const refused = (answer, status, problem) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.problem, problem, answer.text);
  return answer.body;
};
const fields = (answer) => {
  refused(answer, 422, 'invalid');
  return answer.body.errors.map((one) => `${one.field} ${one.code}`);
};

before(async () => {
  town = await city({ template: 'jinzhou' });
  anybody = town.client();
  for (const login of ['officer1', 'leader1', 'poster1', 'team1', 'city1']) {
    people[login] = town.client();
    await people[login].signIn(login, PASSWORD);
  }
});
after(() => town?.stop());

test('public lists of a city in which nothing has been published are empty, not missing', async () => {
  for (const path of ['/items', '/notices', '/projects']) {
    const list = ok(await anybody.get(path));
    assert.deepEqual(list.items, [], path);
    assert.equal(list.total, 0, path);
  }
});

test('a query that is malformed is refused with the field', async () => {
  assert.deepEqual(fields(await anybody.get('/items?size=1000&batch=x')), ['size too_large', 'batch not_a_uuid']);
  assert.deepEqual(fields(await anybody.get('/items?order=title')), ['order unknown_field']);
});

test('what is not there is not there, for whoever asks', async () => {
  for (const path of [`/items/${NOBODY}`, `/items/${NOBODY}/versions`, `/notices/${NOBODY}`, `/projects/${NOBODY}`]) {
    refused(await anybody.get(path), 404, 'not_found');
  }
  for (const path of [`/items/${NOBODY}/work`, `/items/${NOBODY}/claims`, `/items/${NOBODY}/claims/${NOBODY}`, `/contracts/${NOBODY}`]) {
    refused(await anybody.get(path), 401, 'session_missing');
    refused(await people.team1.get(path), 404, 'not_found');
  }
});

test('a claim is checked for its shape, every fault at once', async () => {
  const achievement = { kind: 'paper', name: '论文' };
  const body = {
    leader: { title: '教授', in_post: 'perhaps' }, achievements: Array(6).fill(achievement), budget: [{ source: 'bank', amount: 1.234 }],
    milestones: [{ name: '小试', due: '2027-02-30' }], ip: { choice: 'mine' }, partners: [{ unit: 'x', duty: '中试', share_pct: 101 }], colour: 'red',
  };
  assert.deepEqual(fields(await people.team1.post(`/items/${NOBODY}/claims`, body)).sort(), [
    'achievements too_many_items', 'budget[0].amount too_many_decimals', 'budget[0].source bad_choice', 'colour unknown_field',
    'ip.choice bad_choice', 'leader.in_post not_a_boolean', 'leader.name required', 'milestones[0].due not_a_date',
    'partners[0].share_pct too_large', 'partners[0].unit not_a_uuid']);
});

test('a choice, a decision, a signature and a start have their shapes too', async () => {
  assert.deepEqual(fields(await people.poster1.post(`/items/${NOBODY}/choice`, { ranks: [] })).sort(), ['ranks too_few_items', 'reason required']);
  assert.deepEqual(fields(await people.city1.post(`/items/${NOBODY}/approval`, { decision: 'perhaps' })), ['decision bad_choice']);
  assert.deepEqual(fields(await people.poster1.post(`/contracts/${NOBODY}/signatures`, { digest: 'abc' })), ['digest too_short']);
  assert.deepEqual(fields(await people.officer1.post(`/projects/${NOBODY}/start`, { start_on: 'soon' })), ['start_on not_a_date']);
});

test('a well-formed step on what is not there is a 404', async () => {
  const choice = { reason: '综合比选意见', ranks: [{ claim: NOBODY, rank: 1, reason: '路线可行' }] };
  refused(await people.poster1.post(`/items/${NOBODY}/choice`, choice), 404, 'not_found');
  refused(await people.team1.post(`/items/${NOBODY}/intents`, { statement: '有意揭榜' }), 404, 'not_found');
  refused(await people.leader1.post(`/contracts/${NOBODY}/signatures`, { digest: 'a'.repeat(64) }), 404, 'not_found');
});

test('an objection needs no session, but a notice', async () => {
  const body = { name: '张某某', contact: { phone: '13900000000', address: '示例路 2 号' }, text: '业绩与事实不符', evidence: '复印件' };
  refused(await anybody.post(`/notices/${NOBODY}/objections`, body), 404, 'not_found');
  assert.deepEqual(fields(await anybody.post(`/notices/${NOBODY}/objections`, { ...body, contact: { phone: '12' } })), ['contact.phone bad_phone']);
});

test('a team does not take the steps of others', async () => {
  refused(await people.team1.post(`/items/${NOBODY}/opening`), 403, 'role_missing');
  refused(await people.team1.get('/objections'), 403, 'role_missing');
});

test('everybody has a desk and an inbox', async () => {
  const desk = ok(await people.team1.get('/desk'));
  assert.deepEqual(Object.keys(desk).sort(), ['also', 'batches', 'claims', 'counts', 'items', 'needs', 'panels', 'projects', 'unread', 'waiting']);
  assert.deepEqual(ok(await people.team1.get('/inbox?unread=true')).items, []);
  assert.equal(ok(await people.team1.post('/inbox/read', { until: 1 })).read, 0);
  refused(await anybody.get('/desk'), 401, 'session_missing');
});
