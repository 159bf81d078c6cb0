// Programmes, needs, panels and lists over HTTP: what the forms let through, what is public, what
// each person gets told. The rules themselves are tested in tests/sql.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { city, root, until } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
const need = JSON.parse(fs.readFileSync(path.join(root, 'samples/jinzhou/needs.json')))[0].body;
let town;
let anybody;
const people = {};
let programme;
let batch;

const ok = (answer, status = 200) => {
  assert.equal(answer.status, status, answer.text);
  return answer.body;
};
const refused = (answer, status, problem) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.problem, problem, answer.text);
  return answer.body;
};
const fields = (answer) => answer.body.errors.map((one) => `${one.field} ${one.code}`);

before(async () => {
  town = await city({ template: 'jinzhou' });
  await town.sql('update meta.clock set movable = true, frozen = $1::timestamptz', ['2026-03-02T09:00:00+08:00']);
  anybody = town.client();
  for (const login of ['officer1', 'leader1', 'poster1', 'drafter1', 'expert1']) {
    people[login] = town.client();
    await people[login].signIn(login, PASSWORD);
  }
});
after(() => town?.stop());

test('nothing is open at first', async () => {
  assert.deepEqual(ok(await anybody.get('/')).counts, { open_items: 0, closing_soon: 0, open_programmes: 0 });
});

test('an officer draws up a programme and another person puts it in force', async () => {
  const body = {
    preset: 'jinzhou', code: 'HTTP', name: '示例计划', year: 2026, industries: ['新材料', '高端装备'],
    targets: [{ name: '揭榜项目', value: '20', unit: '项' }], rules: { quota: { per_unit: 2 }, need: { budget_floor: 300 } },
  };
  const bad = await people.officer1.post('/programmes', { ...body, rules: { panel: { min: 2 }, colour: 'red' } });
  refused(bad, 422, 'invalid');
  assert.deepEqual(fields(bad), ['rules.panel.min too_small', 'rules.colour unknown_field']);
  refused(await people.poster1.post('/programmes', body), 403, 'role_missing');
  programme = ok(await people.officer1.post('/programmes', body), 201);
  assert.equal(programme.rules.need.budget_floor, 300);
  refused(await anybody.get(`/programmes/${programme.id}`), 404, 'not_found');
  const active = ok(await people.leader1.post(`/programmes/${programme.id}/events`, { event: 'activate', reason: '经局务会研究同意' }));
  assert.equal(active.state.code, 'active');
  assert.equal(ok(await anybody.get(`/programmes/${programme.id}`)).targets[0].name, '揭榜项目');
});

test('a solicitation is public when it is out, not before', async () => {
  const body = { name: '第一批', solicit_from: '2026-03-01T00:00:00+08:00', solicit_until: '2026-04-01T00:00:00+08:00' };
  batch = ok(await people.officer1.post(`/programmes/${programme.id}/batches`, body), 201);
  const where = `/batches/${batch.id}`;
  refused(await anybody.get(where), 404, 'not_found');
  const early = await people.officer1.post(`${where}/events`, { event: 'solicit' });
  refused(early, 422, 'batch_not_ready');
  assert.deepEqual(fields(early), ['doc_no required', 'body required']);
  const put = await people.officer1.put(where, { ...body, doc_no: '示例科发〔2026〕2号', body: '征集' }, { version: batch.version });
  assert.equal(ok(put).version, 2);
  refused(await people.officer1.put(where, body, { version: 1 }), 409, 'version_conflict');
  ok(await people.officer1.post(`${where}/events`, { event: 'solicit' }));
  await until(async () => (await anybody.get(where)).status === 200, 'the public sees the solicitation');
  const list = ok(await anybody.get('/batches', { query: { programme: programme.id } }));
  assert.deepEqual(list.items.map((one) => one.id), [batch.id]);
});

test('a solicitation that is out may be given a later end, and says so', async () => {
  const where = `/batches/${batch.id}`;
  const reason = '部分县区请求延长申报时间';
  const path = `${where}/prolongation`;
  refused(await people.leader1.post(path, { solicit_until: '2026-04-10T00:00:00+08:00', reason }), 403, 'role_missing');
  const early = await people.officer1.post(path, { solicit_until: '2026-04-01T00:00:00+08:00', reason });
  assert.deepEqual(fields(early), ['solicit_until too_early']);
  const { version } = ok(await people.officer1.get(`${where}/work`));
  refused(await people.officer1.post(path, { solicit_until: '2026-04-10T00:00:00+08:00', reason }, { version: version - 1 }), 409, 'version_conflict');
  const late = ok(await people.officer1.post(path, { solicit_until: '2026-04-10T00:00:00+08:00', reason }, { version }));
  assert.equal(Date.parse(late.solicit_until), Date.parse('2026-04-10T00:00:00+08:00'));
  await until(async () => (await anybody.get(where)).body.changes.length === 1, 'the public reads of it');
  assert.equal(ok(await anybody.get(where)).changes[0].reason, reason);
});

test('a draft may be incomplete, its author is told what is missing, in words', async () => {
  const draft = ok(await people.drafter1.post('/needs', { batch: batch.id, title: '初步想法' }), 201);
  const check = ok(await people.drafter1.get(`/needs/${draft.id}/check`));
  assert.equal(check.complete, false);
  assert.ok(check.gaps.some((gap) => gap.field === 'indicators' && gap.code === 'too_few_numbers'));
  const put = await people.drafter1.put(`/needs/${draft.id}`, { ...need, indicators: [{ ...need.indicators[0], unit: '' }] }, { version: draft.version });
  ok(put);
  assert.equal(put.body.content.budget_wan, 1200);
  refused(await people.drafter1.post(`/needs/${draft.id}/submission`), 403, 'signatory_needed');
  const submission = await people.poster1.post(`/needs/${draft.id}/submission`);
  refused(submission, 422, 'need_incomplete');
  assert.deepEqual(fields(submission), ['indicators[0].unit no_unit']);
  assert.equal(submission.body.errors[0].message ?? submission.body.errors[0].detail, '须注明计量单位');
  refused(await people.expert1.get(`/needs/${draft.id}`), 404, 'not_found');
});

test('a form names every field that is wrong before the database is asked', async () => {
  const answer = await people.poster1.post('/needs', {
    batch: batch.id, title: '标题', budget: '12.345', year_from: 'soon', ip: 'nobody', colour: 'red', indicators: [{ op: '~', value: 'x' }],
  });
  refused(answer, 422, 'invalid');
  assert.deepEqual(fields(answer).sort(), ['budget too_many_decimals', 'colour unknown_field', 'indicators[0].name required',
    'indicators[0].op bad_choice', 'indicators[0].value not_a_number', 'ip bad_choice', 'year_from not_a_number']);
});

test('what a signatory submits keeps its hash and cannot be altered', async () => {
  const made = ok(await people.poster1.post('/needs', { batch: batch.id, ...need }), 201);
  const key = '6f3f6b0e-8f5e-4a57-9a0b-0d6f6a1c2b11';
  const first = await people.poster1.post(`/needs/${made.id}/submission`, undefined, { key });
  const again = await people.poster1.post(`/needs/${made.id}/submission`, undefined, { key });
  assert.equal(ok(first).state.code, 'submitted');
  assert.equal(again.text, first.text);
  const versions = ok(await people.poster1.get(`/needs/${made.id}/versions`));
  assert.equal(versions.items.length, 1);
  assert.match(versions.items[0].hash, /^[0-9a-f]{64}$/);
  refused(await people.poster1.put(`/needs/${made.id}`, need), 409, 'step_not_allowed');
  assert.ok(ok(await people.poster1.get('/needs', { query: { state: 'submitted' } })).items.some((one) => one.id === made.id));
});

test('of needs submitted at once no more go through than the quota says', async () => {
  const drafts = [];
  for (let i = 0; i < 5; i += 1) drafts.push(ok(await people.poster1.post('/needs', { batch: batch.id, ...need, title: `抛光硅片技术 ${i}` }), 201).id);
  const answers = await Promise.all(drafts.map((id) => people.poster1.post(`/needs/${id}/submission`)));
  assert.deepEqual(answers.map((one) => one.problem ?? one.status).sort(), [200, ...Array(4).fill('unit_quota_full')]);
});

test('a secret need is stopped in plain words', async () => {
  const made = ok(await people.poster1.post('/needs', { batch: batch.id, ...need, secret: true }), 201);
  const answer = refused(await people.poster1.post(`/needs/${made.id}/submission`), 422, 'secret_need');
  assert.match(answer.title, /涉密需求不得在本系统提交/);
});

test('panels are not the public\'s, nor a poster\'s', async () => {
  assert.equal((await anybody.get('/panels')).status, 401);
  refused(await people.poster1.get('/panels'), 403, 'role_missing');
  assert.deepEqual(ok(await people.expert1.get('/panels')).items, []);
});

test('the rules that a preset starts from are public', async () => {
  assert.equal(ok(await anybody.get('/presets/saima/rules')).rules.claims.max_winners, 3);
  refused(await anybody.get('/presets/nothing/rules'), 404, 'not_found');
});

/** The client of somebody who acts for this county or zone. */
async function countyOf(id) {
  const [{ login }] = await town.sql(`select a.login from workflow.item i join party.recommender r on r.id = i.recommender
    join party.membership m on m.unit = r.unit join auth.account a on a.id = m.person where i.id = $1::uuid limit 1`, [id]);
  const client = town.client();
  await client.signIn(login, PASSWORD);
  return client;
}

test('from the letter to the published list, whose hash anybody can compute', async () => {
  const { officer1, leader1, poster1 } = people;
  const post = async (who, where, body, status = 200) => ok(await who.post(where, body), status);
  const { items } = ok(await poster1.get('/needs', { query: { state: 'submitted' } }));
  const id = items[0].id;
  const county = await countyOf(id);
  const letter = await post(county, '/recommendations', {
    letter_no: '示例荐〔2026〕1号', letter_date: '2026-03-05', signer: '局长甲', summary: '推荐一项', needs: [{ need: id, opinion: '同意推荐' }],
  }, 201);
  assert.equal(letter.total_wan, 1200);
  const checks = programme.rules.need.formal_checks.map((name) => ({ name, ok: true }));
  await post(officer1, `/needs/${id}/events`, { event: 'accept', checks });
  const experts = [];
  for (const login of ['expert1', 'expert2', 'expert3']) {
    const client = people[login] ?? town.client();
    if (!people[login]) await client.signIn(login, PASSWORD);
    experts.push({ client, person: ok(await client.get('/session')).person.id });
  }
  const panel = await post(officer1, '/panels', {
    batch: batch.id, kind: 'need', name: '论证会', held_on: '2026-03-06', members: experts.map(({ person }, i) => ({ person, chair: i === 0 })), subjects: [id],
  }, 201);
  for (const { client } of experts) await post(client, `/panels/${panel.id}/answer`, { accept: true });
  await post(officer1, `/panels/${panel.id}/events`, { event: 'open' });
  for (const { client } of experts) {
    const scores = Object.fromEntries(panel.criteria.map((one) => [one.code, 82.5]));
    ok(await client.put(`/panels/${panel.id}/scores/${id}`, { scores, comment: '技术关键明确，指标可以考核。' }));
  }
  const done = await post(officer1, `/panels/${panel.id}/conclusion`, { opinions: [{ subject: id, conclusion: 'shortlist', text: '建议列入拟入榜需求。' }] });
  assert.equal(done.subjects[0].opinion.average, 82.5);
  const { contact, commitments, secret, disclosure, tried, finance, background, ...wording } = need;
  await post(officer1, `/needs/${id}/wording`, { ...wording, title: '低缺陷抛光硅片技术', note: '题目调整' });
  await post(poster1, `/needs/${id}/events`, { event: 'agree' });
  await post(leader1, `/needs/${id}/events`, { event: 'approve' });
  await post(officer1, `/batches/${batch.id}/events`, { event: 'close', reason: '征集任务已完成' });
  await post(officer1, `/batches/${batch.id}/events`, { event: 'build' });
  const list = await post(officer1, '/lists', { batch: batch.id, title: '第一批榜单', claim_until: '2026-05-01T17:00:00+08:00', items: [{ need: id, masking: 'masked' }] }, 201);
  await post(officer1, `/lists/${list.id}/freezing`);
  refused(await anybody.get(`/lists/${list.id}`), 404, 'not_found');
  await post(leader1, `/lists/${list.id}/publication`);
  await until(async () => (await anybody.get(`/lists/${list.id}`)).status === 200, 'the list is public');
  const face = ok(await anybody.get(`/lists/${list.id}`));
  assert.equal(createHash('sha256').update(face.canonical).digest('hex'), face.hash);
  assert.deepEqual(JSON.parse(face.canonical), face.content);
  assert.equal(face.items[0].number, '2026-HTTP-01');
  assert.equal(face.content.items[0].content.posters, undefined);
  assert.ok(!JSON.stringify(face).includes(contact.phone));
  assert.ok(ok(await anybody.get('/lists')).items.some((one) => one.hash === face.hash));
});

test('the front document counts what is open and says that the data are samples', async () => {
  const front = ok(await anybody.get('/'));
  assert.equal(front.bureau, '示例市科学技术局');
  assert.equal(front.sample.flag, true);
  assert.match(front.sample.zh, /^样例数据/);
  assert.match(front.sample.en, /^Sample data/);
  const lists = ['/items', '/lists', '/programmes', '/batches', '/notices', '/projects'];
  assert.deepEqual(front.links.map((link) => link.href).slice(0, -1).sort(), lists.sort());
  for (const path of lists) assert.equal(ok(await anybody.get(path)).sample, true, path);
  await until(async () => ok(await anybody.get('/')).counts.open_items > 0, 'what was published since is counted');
  assert.equal(ok(await anybody.get('/')).counts.open_items, ok(await anybody.get('/items', { query: { state: 'open' } })).total);
});

test('what is published can be had as a table, found as the list is', async () => {
  const table = await anybody.get('/items.csv', { query: { q: '抛光硅片' } });
  ok(table);
  assert.equal(table.headers['content-type'], 'text/csv; charset=utf-8');
  assert.match(table.headers['content-disposition'], /items\.csv/);
  assert.match(table.text, /^\uFEFF编号,名称,.*\r\n2026-HTTP-01,低缺陷抛光硅片技术,/);
  assert.equal(ok(await anybody.get('/items.csv', { query: { state: 'withdrawn' } })).split('\r\n').length, 2);
  const bad = await anybody.get('/items.csv', { query: { page: '2' } });
  assert.deepEqual(fields(bad), ['page unknown_field']);
});
