// acts.test.mjs - acts that no scenario needs, done once each in a played city, as the contract says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { city } from '../lib/city.mjs';
import { Cases, look } from './lib/contract.mjs';

const PASSWORD = 'Sample-city-2026';
const cases = new Cases();
let town;
const people = {};

before(async () => {
  town = await city({ template: 'jinzhou_played' });
  for (const login of ['officer1', 'leader1', 'team1', 'team6', 'sysadmin1', 'poster1']) {
    people[login] = town.client();
    await people[login].signIn(login, PASSWORD);
  }
});
after(() => town?.stop());

/** One act; the answer is looked at and its document returned. */
async function act(login, method, path, body, options) {
  const answer = await people[login].request(method, path, body ?? {}, options);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  assert.deepEqual(look({ method, path, status: answer.status, headers: answer.headers, response: answer.body }, cases), []);
  return answer.body;
}

const first = async (text, ...args) => (await town.sql(text, args))[0].id;
const how = { address: '示例路 1 号', phone: '0416-0000000', clauses: '公示期内可书面提出异议。' };

test('a need is looked at while it is being written, and stays as it was', async () => {
  const [{ id }] = (await people.poster1.get('/needs')).body.items;
  const before = await people.poster1.get(`/needs/${id}`);
  const seen = await act('poster1', 'POST', `/needs/${id}/check`, { title: '名称', indicators: [{ name: '气泡', op: '<=' }] });
  assert.equal(seen.complete, false);
  assert.ok(seen.gaps.some((gap) => gap.field === 'indicators[0].value' && gap.code === 'no_number'));
  assert.deepEqual((await people.poster1.get(`/needs/${id}`)).body, before.body);
});

test('records of every library are added, changed and taken out', async () => {
  const records = {
    experts: { name: '示例专家辛', title_level: 'senior', fields: ['material'], unit_name: '示例大学甲' },
    patents: { number: 'ZL202010000001.X', title: '示例专利一' },
    'earlier-needs': { title: '示例历史需求一', nature: 'need', year: 2024, budget_wan: 120.5 },
  };
  // the check digit of the sample's own patent number stands in its library
  records.patents.number = await town.sql(`select data ->> 'number' as n from lib.record where kind = 'patent' limit 1`)
    .then(([row]) => nextNumber(row.n));
  for (const [shelf, body] of Object.entries(records)) {
    const added = await act('officer1', 'POST', `/${shelf}`, { ...body, source: '示例来源' });
    const changed = await act('officer1', 'PUT', `/${shelf}/${added.id}`, { ...body, intro: undefined, keywords: ['示例词'] },
      { version: added.version });
    assert.deepEqual(changed.keywords, ['示例词']);
    const gone = await act('officer1', 'POST', `/${shelf}/${added.id}/state`, { state: 'removed', reason: '示例原因' });
    assert.equal(gone.state, 'removed');
  }
});

/** The patent number after this one, with its check digit: weights 2..9, 2, 3, 4, 5 over the twelve digits, modulo 11. */
function nextNumber(number) {
  const digits = String(BigInt(/\d{12}/.exec(number.replace(/\D/g, ''))[0]) + 1n).padStart(12, '0');
  const weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * weights[i], 0) % 11;
  return `ZL${digits}.${sum === 10 ? 'X' : sum}`;
}

test('a programme is drawn up and changed, and its solicitation prolonged', async () => {
  const body = { preset: 'jinzhou', code: 'SL2', name: '示例计划二', year: 2026, industries: ['新材料'] };
  const programme = await act('officer1', 'POST', '/programmes', body);
  const changed = await act('officer1', 'PUT', `/programmes/${programme.id}`, { ...body, name: '示例计划二（修订）' },
    { version: programme.version });
  assert.equal(changed.name, '示例计划二（修订）');
  await act('leader1', 'POST', `/programmes/${programme.id}/events`, { event: 'activate', reason: '经局务会研究同意' });
  const batch = await act('officer1', 'POST', `/programmes/${programme.id}/batches`, { name: '第一批', doc_no: '示例科发〔2026〕20号',
    body: '现征集揭榜挂帅技术需求。', solicit_from: '2026-11-02T00:00:00+08:00', solicit_until: '2026-12-01T00:00:00+08:00' });
  await act('officer1', 'POST', `/batches/${batch.id}/events`, { event: 'solicit' });
  const longer = await act('officer1', 'POST', `/batches/${batch.id}/prolongation`, { solicit_until: '2026-12-15T00:00:00+08:00',
    reason: '应企业要求延长征集期' });
  assert.equal(new Date(longer.solicit_until).toISOString(), '2026-12-14T16:00:00.000Z');
});

test('a panel gets one more member', async () => {
  const batch = await first(`select batch as id from core.list limit 1`);
  const need = await first(`select id from workflow.item where machine = 'need' and state = 'kept' and batch = $1 limit 1`, batch);
  const experts = (await town.sql(`select person as id from party.membership where 'expert' = any (roles) order by person`)).map((row) => row.id);
  const panel = await act('officer1', 'POST', '/panels', { batch, kind: 'need', name: '示例补充论证组', held_on: '2026-11-20',
    members: experts.slice(0, 5).map((person, i) => ({ person, chair: i === 0 })), subjects: [need] });
  const more = await act('officer1', 'POST', `/panels/${panel.id}/members`, { members: [{ person: experts[5] }] });
  assert.equal(more.members.length, 6);
});

test('an intent is taken back, and the details of a challenge are asked for under an undertaking', async () => {
  const intent = (await town.sql(`select n.item as id, a.login from core.intent n join party.membership m on m.unit = n.unit
    join auth.account a on a.id = m.person where n.withdrawn_at is null order by 2 limit 1`))[0];
  people[intent.login] ??= town.client();
  await people[intent.login].signIn(intent.login, PASSWORD);
  await act(intent.login, 'POST', `/items/${intent.id}/intents/withdrawal`);
  const work = await act('team6', 'POST', `/items/${intent.id}/undertaking`, { statement: '承诺对详细资料保密，仅用于揭榜。' });
  assert.equal(work.id, intent.id);
});

test('the outcome of an argumentation is noticed for a whole batch', async () => {
  const batch = await first(`select id from workflow.item where machine = 'batch'`);
  const notice = await act('officer1', 'POST', `/batches/${batch}/notices`, { kind: 'argument', title: '论证结果公示',
    doc_no: '示例公示〔2026〕9号', basis: '依据专家论证意见', how, lines: [{ project: '示例项目', note: '通过论证' }] });
  assert.equal(notice.state.code, 'running');
});

test('sheets are kept unfinished, taken along as a table and read back', async () => {
  const [need] = await town.sql(`select id, batch from workflow.item where machine = 'need' and state = 'kept' limit 1`);
  const logins = ['expert1', 'expert2', 'expert3', 'expert4', 'expert5'];
  const members = [];
  for (const login of logins) {
    people[login] = town.client();
    await people[login].signIn(login, PASSWORD);
    members.push({ person: (await people[login].get('/session')).body.person.id, chair: login === 'expert1' });
  }
  const { id } = await act('officer1', 'POST', '/panels', { batch: need.batch, kind: 'need', name: '补充论证专家组', members, subjects: [need.id] });
  for (const login of logins) await act(login, 'POST', `/panels/${id}/answer`, { accept: true });
  const { recusals } = (await act('officer1', 'POST', `/panels/${id}/events`, { event: 'open' })).subjects?.[0] ?? { recusals: [] };
  const free = members.findIndex(({ person }) => !recusals.some((one) => one.person === person));
  const kept = await act(logins[free], 'PUT', `/panels/${id}/drafts/${need.id}`, { scores: { necessity: 80 } });
  assert.equal(kept.papers[need.id].draft, true);
  assert.equal((await people.officer1.get(`/panels/${id}`)).body.papers[need.id], undefined);
  const table = await people[logins[free]].get(`/panels/${id}/sheets.csv`);
  assert.match(table.headers['content-type'], /^text\/csv/);
  const read = await people[logins[free]].post(`/panels/${id}/sheets`, table.text.replace(',80,,,,', ',80,70.5,,,"指标可测，建议支持。"').replace(/,"(.*?)",,/, ',"$1",'), { type: 'text/csv' });
  assert.equal(read.status, 200, read.text);
  assert.deepEqual(look({ method: 'POST', path: `/panels/${id}/sheets`, status: 200, headers: read.headers, response: read.body }, cases), []);
  assert.equal(read.body.papers[need.id].given, 2);
});

test('the inbox is read up to a message', async () => {
  const inbox = await people.poster1.get('/inbox');
  const read = await act('poster1', 'POST', '/inbox/read', { until: inbox.body.items[0].id });
  assert.ok(read.read > 0);
});

test('a forgotten password is reset by a one-time token, and mail is asked for', async () => {
  const account = await first(`select id from auth.account where login = 'team9'`);
  const reset = await act('sysadmin1', 'POST', `/users/${account}/password-reset`);
  assert.match(reset.one_time_token, /^[0-9a-f]{64}$/);
  await act('poster1', 'PUT', '/account/notifications', { mail: true });
});

test('all these answers have the shape that the contract gives them', () => {
  assert.ok(cases.size > 10);
  assert.deepEqual(cases.faults(), []);
});
