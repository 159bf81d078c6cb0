// A bureau that begins with nothing, over HTTPS and by the real clock: from the first administrator's
// token to a county, enterprises and experts at work on a published solicitation. All of it by what
// the service offers; the database is not touched.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client, city, root, totp, until } from '../lib/city.mjs';
import { creditCode } from './gateway/people.mjs';

const PASSWORD = 'seven quiet herons wade';
const STEP = 30000;
const need = JSON.parse(fs.readFileSync(path.join(root, 'samples/jinzhou/needs.json')))[0].body;
const day = (days) => new Date(Date.now() + days * 86400000).toISOString();
let town;
let county;
let batch;
let open;
const people = {}; // login → client
const units = {};

const good = (answer, status = 200) => {
  assert.equal(answer.status, status, answer.text);
  return answer.body;
};

/** Signs in; whoever has no second factor yet enrols it, as the roles of the bureau must. */
async function enter(login, factor = true) {
  people[login] = town.client({ base: town.url });
  await people[login].signIn(login, PASSWORD);
  if (!factor) return;
  assert.deepEqual(good(await people[login].get('/session')).needs, ['second_factor']);
  const { secret } = good(await people[login].post('/account/second-factor', {}), 201);
  good(await people[login].post('/account/second-factor/confirmation', { code: totp(secret, Date.now() - STEP) }));
  assert.deepEqual(good(await people[login].get('/session')).needs, []);
}

/** An account in a unit, with a role by four eyes, whose holder sets the password. */
async function hire(login, name, unit, role) {
  const made = good(await people.sysadmin.post('/users', { login, name, unit }), 201);
  const set = await town.client({ base: town.url }).post('/password-reset', { token: made.one_time_token, password: PASSWORD }, { key: null });
  assert.equal(set.status, 204, set.text);
  const asked = good(await people.sysadmin.post(`/users/${made.id}/roles`,
    { membership: made.memberships[0].id, action: 'add', roles: [role], reason: '岗位职责' }), 201);
  good(await people.secadmin.post(`/role-grants/${asked.id}/decision`, { decision: 'granted' }));
  await enter(login, role !== 'county');
}

before(async () => {
  town = await city({ template: 'empty', tls: true, plain: false, worker: true });
});
after(() => town?.stop());

test('three tokens make the three administrators of the bureau', async () => {
  for (const login of ['sysadmin', 'secadmin', 'auditor']) {
    const { stdout } = await town.ctl('first-admin');
    const token = stdout.trim().split('\n').pop();
    const unit = login === 'sysadmin' ? { name: '示例市科学技术局' } : undefined;
    good(await new Client(town.url).post('/first-admin', { token, login, password: PASSWORD, name: '示例管理员', unit }, { key: null }), 201);
    await enter(login);
  }
  units.bureau = good(await people.sysadmin.get('/session')).unit.id;
  assert.equal(good(await people.sysadmin.get('/session')).unit.name, '示例市科学技术局');
});

test('officers and leaders get their roles by four eyes', async () => {
  await hire('officer1', '经办人甲', units.bureau, 'officer');
  await hire('leader1', '局领导甲', units.bureau, 'leader');
});

test('the officer enters the units whose people are still to come, and belongs to none of them', async () => {
  for (const [key, name, kind] of [['city', '示例市人民政府', 'government'], ['county', '示例县科学技术局', 'government'],
    ['academy', '示例评审院所', 'institute']]) {
    const unit = good(await people.officer1.post('/units', { code: creditCode(), name, kind }), 201);
    assert.equal(unit.state, 'verified');
    units[key] = unit.id;
  }
  assert.equal(good(await people.officer1.get('/session')).memberships.length, 1);
});

test('a county may recommend before its people have accounts, and gets them later', async () => {
  const form = { code: 'SLX', name: '示例县科学技术局', kind: 'county', division: '210726' };
  county = good(await people.officer1.post('/recommenders', form), 201);
  assert.equal(county.unit, null);
  await hire('city1', '市府甲', units.city, 'city');
  const early = good(await people.sysadmin.post('/users', { login: 'early', name: '推荐员乙', unit: units.county }), 201);
  const asked = await people.sysadmin.post(`/users/${early.id}/roles`,
    { membership: early.memberships[0].id, action: 'add', roles: ['county'], reason: '岗位职责' });
  assert.equal(asked.problem, 'unit_recommends_nobody', asked.text);
  good(await people.officer1.put(`/recommenders/${county.id}`, { ...form, unit: units.county }));
  await hire('county1', '推荐员甲', units.county, 'county');
  assert.equal(good(await people.county1.get('/session')).recommender.id, county.id);
  await until(async () => good(await people.officer1.get('/recommenders')).items[0].unit === units.county, 'everybody reads so');
});

test('an enterprise registers under its county, the bureau and the county hear of it, and it is verified', async () => {
  const unit = { code: creditCode(), name: '示例企业甲', kind: 'enterprise', division: '210726', recommender: county.id };
  const made = good(await new Client(town.url).post('/accounts',
    { login: 'poster1', password: PASSWORD, name: '企业甲', consent_version: '1', unit }), 201);
  for (const login of ['officer1', 'county1']) {
    const told = await until(async () => good(await people[login].get('/inbox')).items.find((one) => one.params.unit === made.unit.id), `${login} is told`);
    assert.equal(told.kind, 'unit_pending');
    assert.equal(told.params.title, '示例企业甲');
  }
  good(await people.officer1.post(`/units/${made.unit.id}/decision`, { decision: 'verify' }));
  await enter('poster1', false);
  await until(async () => good(await people.poster1.get('/inbox')).items.some((one) => one.kind === 'unit_verified'), 'the enterprise is told');
});

test('a programme is put in force by another person than drew it up', async () => {
  const programme = good(await people.officer1.post('/programmes', {
    preset: 'jinzhou', code: 'CY', name: '示例科技攻关计划', year: new Date().getFullYear(), doc_no: '示例科发〔2026〕1号',
    industries: [need.industry], rules: { panel: { min: 3 } } }), 201);
  good(await people.leader1.post(`/programmes/${programme.id}/events`, { event: 'activate', reason: '经局务会研究同意' }));
  batch = good(await people.officer1.post(`/programmes/${programme.id}/batches`, {
    name: '第一批', doc_no: '示例科发〔2026〕2号', body: '面向全市征集技术需求。', solicit_from: day(-1), solicit_until: day(20) }), 201);
});

test('the solicitation is published, and anybody reads it', async () => {
  good(await people.officer1.post(`/batches/${batch.id}/events`, { event: 'solicit' }));
  open = new Client(town.url);
  const shown = await until(async () => {
    const answer = await open.get(`/batches/${batch.id}`);
    return answer.status === 200 && answer.body;
  }, 'the public reads it');
  assert.equal(shown.state.code, 'soliciting');
  open.close();
});

test('a need goes from the enterprise through its county into the library', async () => {
  const draft = good(await people.poster1.post('/needs', { batch: batch.id, ...need }), 201);
  good(await people.poster1.post(`/needs/${draft.id}/submission`, {}));
  good(await people.county1.post('/recommendations', { letter_no: '示例县科函〔2026〕1号', letter_date: day(0).slice(0, 10), signer: '示例局长',
    summary: '本地区推荐技术需求一项。', needs: [{ need: draft.id, opinion: '需求真实，同意推荐。' }] }), 201);
  const { rules } = good(await people.officer1.get(`/batches/${batch.id}`)).programme;
  const checks = rules.need.formal_checks.map((name) => ({ name, ok: true }));
  const accepted = good(await people.officer1.post(`/needs/${draft.id}/events`, { event: 'accept', checks }));
  assert.equal(accepted.state.code, 'pooled');
  units.need = draft.id;
});

test('experts get accounts, the officer finds them and forms a panel', async () => {
  for (const n of [1, 2, 3]) await hire(`expert${n}`, `专家${'甲乙丙'[n - 1]}`, units.academy, 'expert');
  const { items } = good(await people.officer1.get('/panel-candidates', { query: { q: '专家' } }));
  assert.equal(items.length, 3);
  const panel = good(await people.officer1.post('/panels', { batch: batch.id, kind: 'need', name: '论证专家组', subjects: [units.need],
    members: items.map((one, i) => ({ person: one.person.id, chair: i === 0 })) }), 201);
  for (const login of ['expert1', 'expert2', 'expert3']) {
    const { waiting } = good(await people[login].get('/desk'));
    assert.ok(waiting !== undefined);
    good(await people[login].post(`/panels/${panel.id}/answer`, { accept: true }));
  }
  assert.equal(good(await people.officer1.post(`/panels/${panel.id}/events`, { event: 'open' })).state.code, 'open');
});

test('after all this the invariants hold', async () => {
  const { stdout } = await town.ctl('verify');
  assert.match(stdout, /\b0 failed/);
});
