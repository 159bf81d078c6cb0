// The libraries over HTTP: everybody searches, the bureau keeps them, files go in, back and out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { city } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
let town;
let anybody;
let officer;
let poster;

before(async () => {
  town = await city({ template: 'jinzhou' });
  anybody = town.client();
  officer = town.client();
  poster = town.client();
  await officer.signIn('officer1', PASSWORD);
  await poster.signIn('poster1', PASSWORD);
});
after(() => town?.stop());

const upload = (client, kind, text) => client.post(`/imports/${kind}`, text, { type: 'text/csv; charset=utf-8' });

test('the code lists are public', async () => {
  const lists = await anybody.get('/codes');
  assert.equal(lists.status, 200, lists.text);
  assert.ok(lists.body.items.some((list) => list.list === 'division' && list.current));
  const counties = await anybody.get('/codes/division', { query: { parent: '210700' } });
  assert.equal(counties.body.items.length, 7);
  assert.equal((await anybody.get('/codes/nothing')).status, 404);
});

test('a new edition of a code list is read by the next asker', async () => {
  const edition = {
    edition: '2', standard: '学位', title_zh: '学位', title_en: 'degree', source: '示例',
    codes: [{ code: 'bachelor', name_zh: '学士' }, { code: 'master', name_zh: '硕士' }, { code: 'doctor', name_zh: '博士' }],
  };
  assert.equal((await anybody.get('/codes/degree')).body.edition, '1');
  assert.equal((await poster.put('/codes/degree', edition)).status, 403);
  const put = await officer.put('/codes/degree', edition);
  assert.equal(put.status, 200, put.text);
  for (let i = 0; i < 100 && (await anybody.get('/codes/degree')).body.edition !== '2'; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal((await anybody.get('/codes/degree')).body.edition, '2');
});

test('a year without a calendar is not there, until it is loaded', async () => {
  assert.equal((await anybody.get('/calendar/2026')).body.days.length, 25);
  assert.equal((await anybody.get('/calendar/2027')).status, 404);
  const years = (await anybody.get('/calendar')).body.items;
  assert.deepEqual(years.find(({ year }) => year === 2026).days, 25);
  assert.equal(years.some(({ source }) => source === null), true, 'a year about now that is not loaded is said');
  const bad = await officer.put('/calendar/2027', { source: '示例', days: [{ day: '2026-01-01', off: true, name: '元旦' }] });
  assert.equal(bad.status, 422);
  assert.equal(bad.body.errors[0].field, 'days[0]');
  const put = await officer.put('/calendar/2027', { source: '示例', days: [{ day: '2027-01-01', off: true, name: '元旦' }] });
  assert.equal(put.status, 200, put.text);
});

test('anybody searches the libraries by words and filters', async () => {
  const experts = await anybody.get('/experts', { query: { q: '硅片 抛光', field: 'material', division: '210700', title_level: 'senior', facets: 'true' } });
  assert.equal(experts.status, 200, experts.text);
  assert.deepEqual(experts.body.items.map((one) => one.name), ['专家甲']);
  assert.equal(experts.body.facets.field[0].value, 'material');
  const needs = await anybody.get('/earlier-needs', { query: { q: '石英玻璃', year: '2023' } });
  assert.equal(needs.body.items[0].unit_name, '锦州市士成新材料有限公司');
  assert.equal((await anybody.get('/achievements', { query: { q: '燃料电池' } })).body.total, 1);
  assert.equal((await anybody.get('/patents')).body.items[0].number, 'CN201410234381.X');
  assert.equal((await anybody.get('/libraries')).body.items.length, 5);
});

test('a title like one that was funded before is pointed at', async () => {
  const similar = await poster.get('/earlier-needs/similar', { query: { title: '粗ZrCl4提纯技术' } });
  assert.equal(similar.body.items[0].title, '粗ZrCl4提纯技术及产业化', similar.text);
  assert.equal(similar.body.items[0].nature, 'project');
});

test('a query that is not understood is refused by name', async () => {
  const bad = await anybody.get('/experts', { query: { trl_min: '12', sort: 'x' } });
  assert.equal(bad.status, 422, bad.text);
  assert.deepEqual(bad.body.errors.map((e) => e.field).sort(), ['sort', 'trl_min']);
  const deep = await anybody.get('/experts', { query: { page: '100', size: '100' } });
  assert.equal(deep.problem, 'page_too_deep');
});

test('a unit adds an achievement, the bureau confirms it, then everybody finds it', async () => {
  const body = { title: '示例镀层技术', fields: ['material'], trl: 6, phone: '13800000000' };
  const made = await poster.post('/achievements', body);
  assert.equal(made.status, 201, made.text);
  const where = made.headers.location;
  assert.equal((await anybody.get(where)).status, 404);
  assert.equal((await officer.get('/achievements/kept', { query: { state: 'pending' } })).body.total, 1);
  assert.equal((await poster.post(`${where}/state`, { state: 'active' })).status, 403);
  assert.equal((await officer.post(`${where}/state`, { state: 'active' }, { version: 1 })).status, 200);
  const seen = await anybody.get(where);
  assert.equal(seen.body.unit_name, '示例企业甲');
  assert.equal(seen.body.private, undefined);
  assert.equal((await poster.get(where)).body.private.phone, '13800000000');
  const edited = await poster.put(where, { ...body, trl: 7 }, { version: 2 });
  assert.equal(edited.body.trl, 7, edited.text);
  assert.equal((await poster.put(where, { ...body, trl: 8 }, { version: 2 })).problem, 'version_conflict');
  assert.equal((await poster.get(`${where}/history`)).body.items.length, 3);
});

test('a record whose codes are wrong is refused with the fields', async () => {
  const bad = await officer.post('/experts', { name: '专家', title_level: 'king', fields: ['nowhere'] });
  assert.equal(bad.status, 422, bad.text);
  assert.deepEqual(bad.body.errors.map((e) => `${e.field} ${e.code}`),
    ['unit_name required', 'title_level unknown_code', 'fields unknown_code']);
});

test('an expert record is parted from an account and linked again, by the bureau alone', async () => {
  const find = async (name) => (await officer.get('/experts/kept', { query: { size: '50' } })).body.items.find((one) => one.name === name);
  const [first, second] = [await find('专家甲'), await find('专家乙')];
  const link = (record, person, who = officer) => who.post(`/experts/${record.id}/link`, { person, reason: '本人确认' });
  assert.ok(first.person && second.person);
  assert.equal((await link(first, first.person)).problem, 'record_linked');
  const parted = await officer.post(`/experts/${first.id}/unlink`, { reason: '核对身份' }, { version: first.version });
  assert.equal(parted.status, 200, parted.text);
  assert.equal(parted.body.person, null);
  assert.equal((await officer.post(`/experts/${first.id}/unlink`, { reason: '核对身份' })).problem, 'record_not_linked');
  assert.deepEqual((await link(first, second.person)).body.errors.map((one) => [one.field, one.code]), [['person', 'other_name']]);
  assert.equal((await link(first, undefined)).problem, 'invalid');
  assert.equal((await link(first, first.person, poster)).problem, 'role_missing');
  const linked = await link(first, first.person);
  assert.equal(linked.body.person, first.person, linked.text);
  const past = (await officer.get(`/experts/${first.id}/history`)).body.items;
  assert.deepEqual(past.slice(0, 2).map((one) => [one.why, one.person, one.reason]), [['link', '专家甲', '本人确认'], ['unlink', null, '核对身份']]);

  // the same person under a second record, whose unit is the same by its code alone
  const unit = (await officer.get(`/units/${first.unit}`)).body;
  const copy = (await officer.post('/experts', { name: '专家甲', unit_name: '示例评审院所甲东区', unit_code: unit.code, title_level: first.title_level, fields: first.fields })).body;
  assert.equal((await link(copy, first.person)).problem, 'person_linked', JSON.stringify(copy));
});

test('of many who add the same record at once, one does', async () => {
  const body = { title: '示例同一成果', unit_name: '示例大学甲', fields: ['other'] };
  const answers = await Promise.all(Array.from({ length: 12 }, () => officer.post('/achievements', body)));
  const statuses = answers.map((one) => one.status).sort();
  assert.deepEqual(statuses, [201, ...Array(11).fill(409)]);
  assert.ok(answers.every((one) => one.status === 201 || one.problem === 'record_exists'));
});

test('an import is checked, applied and taken back', async () => {
  const bad = await upload(officer, 'expert', '姓名,单位,职称级别,技术领域\n专家子,示例大学甲,院士,海洋\n');
  assert.equal(bad.status, 201, bad.text);
  assert.equal(bad.body.counts.bad, 1);
  assert.deepEqual([bad.body.errors[0].row, bad.body.errors[0].column], [2, 3]);
  assert.equal((await officer.post(`${bad.headers.location}/apply`, {})).problem, 'import_has_errors');
  const good = await upload(officer, 'expert', '\uFEFF姓名,单位,职称级别,技术领域\r\n专家子,示例大学甲,正高级,海洋\r\n');
  assert.equal((await officer.post(`${good.headers.location}/apply`, {}, { version: 1 })).body.state, 'applied');
  assert.equal((await anybody.get('/experts', { query: { q: '专家子' } })).body.total, 1);
  assert.equal((await officer.post(`${good.headers.location}/undo`, {})).body.state, 'undone');
  assert.equal((await anybody.get('/experts', { query: { q: '专家子' } })).body.total, 0);
  assert.equal((await officer.get(good.headers.location)).body.state, 'undone');
  assert.ok((await officer.get('/imports')).body.items.length >= 2);
});

test('an import names each bad cell by its row, its column and what is wrong', async () => {
  const faults = async (kind, text) => (await upload(officer, kind, text)).body.errors.map(({ row, column, code }) => [row, column, code].filter((one) => one !== null && one !== undefined).join(' '));
  assert.deepEqual(await faults('expert', `姓名,单位,职称级别,技术领域,出生年月,关键词\n专家子,示例大学甲,正高级,海洋,1970-13,${'长'.repeat(41)}\n`),
    ['2 5 not_a_month', '2 6 word_too_long']);
  assert.deepEqual(await faults('expert', '姓名,单位,职称级别,技术领域\n专家丑,示例大学甲,正高级,海洋\n专家丑,示例大学甲,正高级,海洋\n专家寅,示例大学甲,正高级,海洋,更多\n'),
    ['3 repeated_row', '4 too_many_cells']);
  assert.deepEqual(await faults('unit', '单位名称,统一社会信用代码,邮政编码,推荐单位,单位类型\n示例企业子,91000000,12100,没有,企业\n'),
    ['2 2 bad_credit_code', '2 3 bad_postcode', '2 4 unknown_recommender']);
});

test('only the bureau imports and exports', async () => {
  assert.equal((await upload(poster, 'expert', 'x')).status, 403);
  assert.equal((await poster.get('/exports/expert')).status, 403);
  assert.equal((await anybody.get('/exports/expert')).status, 401);
});

test('a broken file says where', async () => {
  const broken = await upload(officer, 'expert', '姓名,单位,职称级别,技术领域\na,"b,c,d\n');
  assert.equal(broken.problem, 'csv_malformed', broken.text);
  const header = await upload(officer, 'expert', '姓名,身高\nx,y\n');
  assert.deepEqual(header.body.errors.map((e) => e.code), ['unknown_column', 'missing_column', 'missing_column', 'missing_column']);
});

test('what is exported comes in again as the same', async () => {
  for (const kind of ['expert', 'achievement', 'patent', 'need', 'unit']) {
    const file = await officer.get(`/exports/${kind}`);
    assert.match(file.headers['content-type'], /^text\/csv/);
    assert.match(file.headers['content-disposition'], /attachment/);
    assert.ok(file.text.startsWith('\uFEFF'));
    const again = await upload(officer, kind, file.text);
    assert.equal(again.status, 201, `${kind}: ${again.text.slice(0, 500)}`);
    assert.deepEqual(again.body.counts, { bad: 0, same: again.body.rows, insert: 0, repeat: 0, update: 0 }, kind);
  }
});
