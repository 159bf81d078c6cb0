// Units and their people over HTTP: sessions, members, relations, recommenders, credit. The rules are
// tested in tests/sql; here is that each route reaches its function with what it was given.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { city, totp } from '../../lib/city.mjs';
import { creditCode } from '../gateway/people.mjs';

const PASSWORD = 'seven quiet herons wade';
let town;
let boss; // signatory of 示例企业甲
let clerk; // of 示例大学乙
let officer;

const good = (answer, status = 200) => {
  assert.equal(answer.status, status, answer.text);
  return answer.body;
};
const problem = (answer, status, slug) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.problem, slug, answer.text);
};

async function person(login, name, kind) {
  const client = town.client();
  const made = good(await client.post('/accounts', { login, password: PASSWORD, name: login, phone: '13800000001', consent_version: '1',
    unit: { code: creditCode(), name, kind } }), 201);
  await client.signIn(login, PASSWORD);
  return { client, login, id: made.account, unit: made.unit.id, membership: made.membership.id };
}

before(async () => {
  town = await city({ template: 'empty', tls: true });
  await town.sql(`insert into meta.setting (name, value) values ('totp_required', 'false')`);
  boss = await person('boss', '示例企业甲', 'enterprise');
  clerk = await person('clerk', '示例大学乙', 'university');
  officer = await person('officer', '示例市科学技术局', 'government');
  // an officer comes by four eyes (administration.test.mjs); here it is enough that there is one
  await town.sql(`update party.membership set roles = '{officer}' where id = $1`, [officer.membership]);
  await town.sql(`update party.unit set state = 'verified'`);
});
after(() => town?.stop());

test('sessions are listed and ended one by one', async () => {
  const other = town.client();
  await other.signIn('boss', PASSWORD);
  const { items } = good(await boss.client.get('/sessions'));
  assert.deepEqual(items.map((one) => one.current).sort(), [false, true]);
  const gone = await boss.client.delete(`/sessions/${items.find((one) => !one.current).id}`);
  assert.equal(gone.status, 204, gone.text);
  problem(await other.get('/session'), 401, 'session_expired');
  problem(await clerk.client.delete(`/sessions/${items.find((one) => one.current).id}`), 404, 'not_found');
});

test('the own account is read and changed', async () => {
  assert.equal(good(await boss.client.get('/account')).phone, '13800000001');
  assert.equal(good(await boss.client.put('/account', { name: '甲方', phone: '13800000002' })).phone, '13800000002');
});

test('notices by mail are off until a person with an address asks for them', async () => {
  assert.equal(good(await boss.client.get('/account')).mail, false);
  problem(await boss.client.put('/account/notifications', { mail: true }), 409, 'email_missing');
  problem(await boss.client.put('/account/notifications', {}), 422, 'invalid');
  good(await boss.client.put('/account', { name: '甲方', phone: '13800000002', email: 'jia@unit.example' }));
  assert.equal(good(await boss.client.put('/account/notifications', { mail: true })).mail, true);
  assert.equal(good(await boss.client.get('/account')).mail, true);
});

test('a session says from where and with what it was opened', async () => {
  const agent = `示例浏览器 ${'x'.repeat(300)}`;
  const other = town.client({ headers: { 'user-agent': Buffer.from(agent).toString('latin1') } });
  await other.signIn('boss', PASSWORD);
  const { items } = good(await other.get('/sessions'));
  const here = items.find((one) => one.current);
  assert.equal(here.agent, agent.slice(0, 200));
  assert.equal(here.ip, '127.0.0.1');
  const odd = town.client({ headers: { 'user-agent': '\xff\xfe not UTF-8' } });
  await odd.signIn('boss', PASSWORD);
  assert.match(good(await odd.get('/sessions')).items.find((one) => one.current).agent, / not UTF-8$/);
});

test('a second factor is put on, its recovery codes renewed, and taken off', async () => {
  const step = 30000;
  const { secret } = good(await clerk.client.post('/account/second-factor', {}), 201);
  good(await clerk.client.post('/account/second-factor/confirmation', { code: totp(secret, Date.now() - step) }));
  const renewed = good(await clerk.client.post('/account/recovery-codes', { code: totp(secret) }));
  assert.equal(renewed.recovery_codes.length, 10);
  problem(await clerk.client.post('/account/second-factor/removal', { code: totp(secret) }), 401, 'wrong_code');
  good(await clerk.client.post('/account/second-factor/removal', { code: renewed.recovery_codes[0] }));
  assert.equal(good(await clerk.client.get('/session')).second_factor, false);
});

test('a signatory invites, the invited accepts and acts for the unit', async () => {
  const asked = good(await boss.client.post(`/units/${boss.unit}/members`, { login: 'clerk', roles: ['member'] }), 201);
  assert.equal(asked.state, 'asked');
  problem(await boss.client.post(`/memberships/${asked.id}/answer`, { accept: true }), 403, 'not_yours_to_answer');
  assert.equal(good(await clerk.client.get(`/memberships/${asked.id}`)).unit.id, boss.unit);
  problem(await clerk.client.get(`/memberships/${boss.membership}`), 404, 'not_found');
  const [line] = good(await clerk.client.get('/desk')).also;
  assert.deepEqual([line.code, line.title, line.href], ['invitation', '示例企业甲', `/memberships/${asked.id}/answer`]);
  good(await clerk.client.post(`/memberships/${asked.id}/answer`, { accept: true }));
  assert.equal(good(await boss.client.get(`/units/${boss.unit}/members`)).items.length, 2);
  assert.equal(good(await clerk.client.put('/session/membership', { membership: asked.id })).unit.id, boss.unit);
  problem(await clerk.client.put(`/units/${boss.unit}`, { name: '示例企业甲', kind: 'enterprise' }), 403, 'role_missing');
  const signs = good(await boss.client.put(`/memberships/${asked.id}`, { roles: ['member', 'signatory'] }));
  assert.deepEqual(signs.roles, ['member', 'signatory']);
  await clerk.client.signIn('clerk', PASSWORD);
  assert.equal((await boss.client.delete(`/memberships/${asked.id}`)).status, 204);
  problem(await boss.client.delete(`/memberships/${boss.membership}`), 409, 'last_signatory');
  problem(await clerk.client.get('/session'), 401, 'session_expired');
  await clerk.client.signIn('clerk', PASSWORD);
});

test('a second unit is registered by who has an account', async () => {
  const made = await clerk.client.post('/units', { code: creditCode(), name: '示例研究院', kind: 'institute' });
  assert.equal(good(made, 201).state, 'pending');
  assert.equal(good(await clerk.client.get(made.headers.location)).name, '示例研究院');
  problem(await boss.client.get(made.headers.location), 404, 'not_found');
});

test('a credit code with a wrong check character is refused by name', async () => {
  const code = creditCode();
  const answer = await clerk.client.post('/units', { code: code.slice(0, -1) + (code.endsWith('0') ? '1' : '0'), name: '示例厂', kind: 'enterprise' });
  problem(answer, 422, 'invalid');
  assert.deepEqual(answer.body.errors.map((one) => [one.field, one.code]), [['code', 'bad_check_digit']]);
});

test('recommenders are public, and the bureau says who recommends whom', async () => {
  const zone = good(await officer.client.post('/recommenders', { code: 'SSXQ', name: '示例新区管委会', kind: 'zone' }), 201);
  problem(await boss.client.post('/recommenders', { code: 'X', name: '示例', kind: 'zone' }), 422, 'invalid');
  problem(await boss.client.post('/recommenders', { code: 'XX', name: '示例', kind: 'zone' }), 403, 'role_missing');
  assert.deepEqual(good(await town.client().get('/recommenders')).items.map((one) => one.code), ['SSXQ']);
  const set = good(await officer.client.put(`/units/${boss.unit}/recommender`, { recommender: zone.id }));
  assert.equal(set.recommender.name, '示例新区管委会');
});

test('names, owners and their end', async () => {
  assert.deepEqual(good(await boss.client.put(`/units/${boss.unit}/aliases`, { aliases: ['甲厂'] })).aliases, ['甲厂']);
  assert.equal(good(await clerk.client.get('/units', { query: { q: '甲厂' } })).items[0].id, boss.unit);
  const relation = { parent: clerk.unit, kind: 'holding', share: '51.00', since: '2026-01-01' };
  assert.equal(good(await boss.client.post(`/units/${boss.unit}/relations`, relation), 201).items[0].source, 'declared');
  problem(await boss.client.delete(`/units/${boss.unit}/relations/${clerk.unit}`), 403, 'role_missing');
  assert.equal((await officer.client.delete(`/units/${boss.unit}/relations/${clerk.unit}`)).status, 204);
  assert.notEqual(good(await boss.client.get(`/units/${boss.unit}/relations`)).items[0].until, null);
});

test('credit records are the bureau\'s to add and to take back', async () => {
  const record = { unit: boss.unit, name: '示例企业甲', level: 'serious', decision: '示例〔2026〕1 号', starts: '2026-01-01', ends: '2029-01-01', source: '示例' };
  const made = good(await officer.client.post('/credits', record), 201);
  problem(await boss.client.post('/credits', record), 403, 'role_missing');
  assert.equal(good(await boss.client.get('/credits')).items[0].id, made.id);
  assert.equal(good(await clerk.client.get('/credits')).items.length, 0);
  assert.notEqual(good(await officer.client.post(`/credits/${made.id}/revocation`, { note: '复议撤销' })).revoked_at, null);
});

test('a stale version is told what it is', async () => {
  const seen = await boss.client.get(`/units/${boss.unit}`);
  good(await boss.client.put(`/units/${boss.unit}/aliases`, { aliases: [] }, { version: seen.body.version }));
  const late = await boss.client.put(`/units/${boss.unit}/aliases`, { aliases: ['迟'] }, { version: seen.body.version });
  problem(late, 409, 'version_conflict');
  assert.equal(late.body.params.version, seen.body.version + 1);
});
