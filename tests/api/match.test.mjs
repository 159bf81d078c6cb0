// The match engine as people meet it: who could solve a need and why, which challenges fit whom, searches,
// groups, duplicates, teams; and that nobody is told of what is another's.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { city, root, until } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
const needs = JSON.parse(fs.readFileSync(path.join(root, 'samples/jinzhou/needs.json'), 'utf8'));
const clients = {};
const ids = {};
let town;
let anybody;
let batch;

/** Needs that the Huludao paper tells of, with the partner it names for each. */
const cooperations = {
  strobilurin: {
    partner: '北京化工大学', account: 'poster1', title: '吡唑醚菌酯原药合成工艺', keywords: ['吡唑醚菌酯', '农药', '杀菌剂'],
    problem: '示例：吡唑醚菌酯原药合成路线长、收率低，三废多。', key_tech: '示例：关键中间体催化还原与偶联反应的选择性控制。', goal: '示例：形成吡唑醚菌酯清洁合成工艺。',
    indicators: [{ name: '总收率', op: '>=', value: 60, unit: '%', test_method: '物料衡算（示例值）', must: true }],
  },
  acrylic: {
    partner: '北京化工大学', account: 'poster2', title: '水性丙烯酸涂料', keywords: ['水性涂料', '丙烯酸树脂'],
    problem: '示例：水性丙烯酸涂料的耐水性和附着力不足，不能替代溶剂型涂料用于工业防护。', key_tech: '示例：水性丙烯酸乳液的合成与改性；涂料配方与成膜过程控制。', goal: '示例：形成可替代溶剂型涂料的水性丙烯酸涂料。',
    indicators: [{ name: '耐水性', op: '>=', value: 240, unit: 'h', test_method: 'GB/T 1733（示例值）', must: true }],
  },
  composite: {
    partner: '北京航空航天大学', account: 'poster3', title: '高温复合材料', keywords: ['耐高温', '复合材料'],
    problem: '示例：现有复合材料的长期使用温度不能满足高温部件的使用要求。', key_tech: '示例：耐高温基体的设计与合成；复合材料成型工艺与界面控制。', goal: '示例：形成耐高温复合材料构件制备工艺。',
    indicators: [{ name: '长期使用温度', op: '>=', value: 350, unit: '℃', test_method: '热失重（示例值）', must: true }],
  },
};

/** Annex 5 of the Jinzhou plan: who is named for which industry. */
const named = {
  先进装备制造: ['中科院自动化所', '同济大学', '大连理工大学', '吉林大学', '辽宁工业大学', '南京农机所'],
  新材料: ['中科院金属所', '东北大学', '辽宁工业大学', '渤海大学', '大连化物所', '大连理工大学', '松山湖材料实验室', '中南大学', '大连海事大学'],
  精细化工: ['大连化物所', '华南理工大学', '辽宁省轻工科学研究院有限公司', '辽宁石化职业技术学院'],
  新能源: ['大连化物所', '大连理工大学', '沈阳建筑大学', '辽宁工业大学'],
  生物医药: ['沈阳药科大学', '锦州医科大学', '大连化物所'],
  现代农业: ['中国农业大学', '中科院生态所', '大连化物所', '中国海洋大学', '辽宁省农科院', '沈阳农业大学', '渤海大学'],
};

async function as(login) {
  if (!clients[login]) {
    clients[login] = town.client();
    await clients[login].signIn(login, PASSWORD);
  }
  return clients[login];
}

/* On a busy machine the engine may be late once; that it never answers is a failure. */
async function good(ask) {
  const it = await until(async () => {
    const answer = await ask();
    return answer.body?.engine?.why === 'late' ? undefined : answer;
  }, 'an answer in time');
  assert.ok(it.status < 300, `${it.status} ${it.text.slice(0, 500)}`);
  assert.notEqual(it.body.engine?.available, false, it.text);
  return it.body;
}

async function post(login, where, body) {
  const client = await as(login);
  return good(() => client.post(where, body));
}
async function get(login, where, query) {
  const client = login ? await as(login) : anybody;
  return good(() => client.get(where, { query }));
}

before(async () => {
  town = await city({ template: 'jinzhou', match: true, clock: '2026-07-01T09:00:00+08:00' });
  anybody = town.client();
  const programme = (await get('officer1', '/programmes')).items[0].id;
  batch = (await post('officer1', `/programmes/${programme}/batches`, {
    name: '2026年第一批征集（示例）', doc_no: '示例科发〔2026〕8号', body: '面向全市征集技术需求。',
    solicit_from: '2026-07-01T09:00:00+08:00', solicit_until: '2026-07-24T17:00:00+08:00' })).id;
  await post('officer1', `/batches/${batch}/events`, { event: 'solicit' });
  const all = [...needs, ...Object.entries(cooperations).map(([key, { partner, account, ...body }]) => (
    { key, account, body: { ...needs[0].body, industry: '精细化工', ...body } }))];
  for (const { key, account, body } of all) {
    ids[key] = (await post(account, '/needs', { batch, ...body })).id;
    await post(account, `/needs/${ids[key]}/submission`);
  }
  for (const key of Object.keys(ids)) {
    await until(async () => (await get('officer1', `/needs/${ids[key]}/units`)).engine.known, `${key} is in the index`);
  }
});
after(() => town?.stop());

const titles = (body) => body.items.map((item) => item.title);
const sum = (reasons) => reasons.reduce((all, reason) => all + reason.share, 0);

/* --- issue 3, point 3 ------------------------------------------------------------------------- */

for (const [key, { partner, title }] of Object.entries(cooperations)) {
  test(`${title}: ${partner} is the first unit suggested`, async () => {
    assert.equal(titles(await get('officer1', `/needs/${ids[key]}/units`))[0], partner);
  });
}

for (const [industry, institutes] of Object.entries(named)) {
  test(`${industry}: the institutes that annex 5 names are among the first`, async (t) => {
    const score = {};
    for (const { key } of needs.filter((need) => need.body.industry === industry)) {
      const first = titles(await get('officer1', `/needs/${ids[key]}/units`, { size: 20 }));
      t.diagnostic(`${key}: ${first.slice(0, 5).map((name) => `${institutes.includes(name) ? '*' : ''}${name}`).join(' ')}`);
      first.forEach((name, i) => { score[name] = (score[name] ?? 0) + 1 / (i + 1); });
    }
    const five = Object.keys(score).sort((a, b) => score[b] - score[a]).slice(0, 5);
    const found = five.filter((name) => institutes.includes(name));
    t.diagnostic(`${industry}: ${five.join(' ')}`);
    assert.ok(found.length >= 2, `of ${five.join(' ')} only ${found.join(' ')}`);
  });
}

for (const key of ['sic-growth', 'sic-substrate']) {
  test(`碳化硅 (${key}): of the first five units at least two are named for its industry`, async () => {
    const institutes = named[needs.find((need) => need.key === key).body.industry];
    const first = titles(await get('officer1', `/needs/${ids[key]}/units`, { size: 5 }));
    assert.ok(first.filter((name) => institutes.includes(name)).length >= 2, first.join());
  });
}

/* --- what is shown ---------------------------------------------------------------------------- */

test('reasons are told in two languages, and their shares sum to the score', async () => {
  for (const kind of ['experts', 'units', 'achievements', 'patents']) {
    for (const item of (await get('officer1', `/needs/${ids.wafer}/${kind}`)).items) {
      assert.ok(Math.abs(sum(item.reasons) - item.score) < 1e-6, `${item.title}: ${sum(item.reasons)} is not ${item.score}`);
      for (const reason of item.reasons) {
        assert.ok(reason.text.zh && reason.text.en);
        if (reason.parts) assert.ok(Math.abs(sum(reason.parts) - reason.share) < 1e-6);
      }
    }
  }
});

test('evidence is named', async () => {
  const { items: [first] } = await get('officer1', `/needs/${ids.wafer}/experts`);
  assert.equal(first.title, '专家甲');
  assert.equal(first.record.name, '专家甲');
  assert.ok(first.reasons.some((reason) => reason.kind === 'evidence' && reason.record.title), JSON.stringify(first.reasons));
});

test('a choice that a form left empty is not asked for', async () => {
  const found = await post('officer1', '/match', { text: '高温复合材料', kind: '', size: 3 });
  assert.ok(new Set(found.items.map((item) => item.kind)).size > 1, 'all kinds are asked');
});

test('filters exclude, and say so', async () => {
  const of = (query) => post('officer1', '/match', { text: '材料制备、驱动电机、药物制剂、化学品合成', kind: 'expert', size: 50, ...query });
  const all = (await of()).items.map((item) => item.record.title_level);
  assert.ok(new Set(all).size > 1, all.join());
  for (const level of new Set(all)) {
    const some = await of({ title_level: level });
    assert.deepEqual(some.items.map((item) => item.record.title_level), all.filter((one) => one === level));
    assert.ok(some.filters.some((filter) => filter.name === 'title_level' && filter.value === level));
  }
});

test('the poster, what belongs to it and who stands on a credit list are never proposed', async () => {
  const seen = titles(await get('officer1', `/needs/${ids.wafer}/units`, { size: 50 }));
  for (const name of ['示例企业甲', '示例企业甲研究中心', '示例失信公司']) assert.ok(!seen.includes(name), name);
  const other = titles(await get('officer1', `/needs/${ids.additive}/experts`, { size: 50 }));
  assert.ok(other.length > 0);
});

test('an expert who is employed by the poster is not proposed for it, for others he is', async () => {
  const of = async (key) => titles(await get('officer1', `/needs/${ids[key]}/experts`, { size: 50 }));
  await town.sql("update lib.record set unit = (select id from party.unit where name = '示例企业甲') where kind = 'expert' and title = '专家甲'");
  await town.sql("select feed.touch('expert', id) from lib.record where kind = 'expert' and title = '专家甲'");
  await until(async () => !(await of('wafer')).includes('专家甲'), 'he is left out');
  assert.ok((await of('sic-substrate')).includes('专家甲'));
  await town.sql("update lib.record set unit = (select id from party.unit where name = '示例评审院所甲') where kind = 'expert' and title = '专家甲'");
  await town.sql("select feed.touch('expert', id) from lib.record where kind = 'expert' and title = '专家甲'");
  await until(async () => (await of('wafer')).includes('专家甲'), 'he is back');
});

/* --- who may know what ------------------------------------------------------------------------ */

test('nobody asks about what is another\'s, nor is told of it', async () => {
  const poster = await as('poster2');
  assert.equal((await poster.get(`/needs/${ids.wafer}/experts`)).status, 404);
  assert.equal((await anybody.get(`/needs/${ids.wafer}/experts`)).status, 401);
  assert.equal((await poster.get(`/batches/${batch}/groups`)).status, 403);
  const mine = await post('poster2', '/match', { text: needs[0].body.problem, title: needs[0].body.title, kind: 'need' });
  assert.ok(mine.items.every((item) => item.record.unit.name === '示例企业乙'), titles(mine).join());
  const all = await post('officer1', '/match', { text: needs[0].body.problem, title: needs[0].body.title, kind: 'need' });
  assert.equal(all.items[0].id, ids.wafer);
});

test('a draft is asked about by its text, by its enterprise alone', async () => {
  const { id } = await post('poster1', '/needs', { batch, ...needs[0].body });
  assert.equal((await get('poster1', `/needs/${id}/experts`)).items[0].title, '专家甲');
  assert.equal((await (await as('officer1')).get(`/needs/${id}/experts`)).status, 404);
});

/* --- other questions -------------------------------------------------------------------------- */

test('a text in one\'s own words finds records of every kind', async () => {
  const found = await post('team1', '/match', { text: '硅片抛光表面颗粒控制' });
  assert.ok(new Set(found.items.map((item) => item.kind)).size >= 3, JSON.stringify(found.items.map((item) => item.kind)));
});

test('alike needs of different enterprises form a group that says what they share', async () => {
  const { items } = await get('officer1', `/batches/${batch}/groups`, { likeness: 35 });
  const group = items.find((one) => one.needs.some((need) => need.id === ids['tio2-a']));
  assert.ok(group?.needs.some((need) => need.id === ids['tio2-b']), JSON.stringify(items.map((one) => one.needs.map((need) => need.title))));
  assert.ok(group.shared.length > 0);
});

test('what was funded before under the same title is pointed at', async () => {
  const { items: [first] } = await get('officer1', `/needs/${ids.zrcl4}/duplicates`);
  assert.equal(first.title, '粗ZrCl4提纯技术及产业化');
  assert.equal(first.kind, 'earlier');
  assert.equal(first.record.nature, 'project');
});

test('a need like another is found, with the passages of both', async () => {
  const { items } = await get('officer1', `/needs/${ids['tio2-a']}/duplicates`, { likeness: 30 });
  const other = items.find((item) => item.id === ids['tio2-b']);
  assert.ok(other, titles({ items }).join());
  assert.ok(other.asked.length > 0 && other.asked.length === other.passages.length);
  assert.ok(items.every((item) => item.id !== ids['tio2-a']));
});

test('a team is the fewest who cover the indicators, and says which stay open', async () => {
  for (const by of ['unit', 'expert']) {
    const team = await get('officer1', `/needs/${ids.tio2 ?? ids['tio2-a']}/team-proposals`, { by });
    const covered = team.team.flatMap((one) => one.covers.map((cover) => cover.indicator));
    assert.deepEqual([...new Set([...covered, ...team.uncovered])].sort(), [...team.indicators].sort());
    assert.ok(team.team.length > 0 && team.team.every((one) => one.kind === by));
  }
});

test('no team is found for a need without indicators', async () => {
  const { id } = await post('poster1', '/needs', { batch, title: '只有名称的需求' });
  const answer = await (await as('poster1')).get(`/needs/${id}/team-proposals`);
  assert.equal(answer.status, 200);
  assert.deepEqual([answer.body.team, answer.body.indicators, answer.body.uncovered], [[], [], []]);
});

test('pages end at a thousand', async () => {
  const answer = await (await as('officer1')).get(`/needs/${ids.wafer}/experts`, { query: { page: 100, size: 50 } });
  assert.equal(answer.problem, 'page_too_deep');
});

test('fields are proposed for a need', async () => {
  const { items } = await get('poster1', `/needs/${ids.wafer}/labels`);
  assert.ok(items.slice(0, 3).some((item) => item.record.code === 'material'), titles({ items }).join());
});

test('more like this, for every library and for anybody', async () => {
  for (const library of ['experts', 'achievements', 'patents', 'earlier-needs']) {
    const [first] = (await get('', `/${library}`)).items;
    const like = await get('', `/${library}/${first.id}/similar`);
    assert.ok(like.items.every((item) => item.id !== first.id));
    assert.equal(like.engine.known, true);
  }
  const [unit] = (await get('officer1', '/units', { q: '大连理工大学' })).items;
  assert.ok((await get('team1', `/units/${unit.id}/similar`)).items.every((item) => item.id !== unit.id));
  assert.equal((await anybody.get(`/units/${unit.id}/similar`)).status, 401);
  const like = await get('officer1', `/needs/${ids.wafer}/similar`);
  assert.ok(like.items.length > 0 && like.items.every((item) => item.kind === 'need' && item.id !== ids.wafer));
});

/* --- searching -------------------------------------------------------------------------------- */

test('libraries are searched by words, pinyin and both, with counts and facets', async () => {
  const words = await get('', '/experts', { q: '硅片 抛光', facets: true });
  assert.deepEqual(words.items.map((one) => one.name), ['专家甲']);
  assert.equal(words.total, 1);
  assert.equal(words.facets.field[0].value, 'material');
  assert.ok((await get('', '/experts', { q: 'zhuanjia' })).items.length > 3);
  assert.deepEqual((await get('', '/experts', { q: 'zjj' })).items.map((one) => one.name).filter((name) => /^专家[甲己]$/.test(name)).length > 0, true);
});

test('one search goes over everything that is public', async () => {
  const found = await get('', '/search', { q: '燃料电池', facets: true });
  assert.ok(found.items.some((item) => item.kind === 'achievement'));
  assert.ok(found.facets.kind.some((facet) => facet.value === 'achievement'));
  assert.equal(found.items.some((item) => item.kind === 'need'), false);
});

/* --- what came of it -------------------------------------------------------------------------- */

test('what was proposed is on record, for the bureau\'s report', async () => {
  const report = await get('officer1', '/reports/match');
  assert.ok(report.items.some((line) => line.kind === 'unit' && line.suggestions > 0 && line.mrr === null));
  const table = await (await as('auditor1')).get('/reports/match.csv');
  assert.match(table.text, /引擎版本/);
  assert.equal((await (await as('poster1')).get('/reports/match')).status, 403);
});

/* --- without the engine: the last test, for it ends it ----------------------------------------- */

test('without the engine searches are answered by the database, suggestions are none', async () => {
  town.match.signal('SIGKILL');
  await town.match.ended;
  const search = (await until(async () => {
    const it = await anybody.get('/experts', { query: { q: '硅片 抛光' } });
    return it.body.engine.available ? undefined : it;
  }, 'the gateway knows')).body;
  assert.deepEqual(search.items.map((one) => one.name), ['专家甲']);
  const officer = await as('officer1');
  const none = await officer.get(`/needs/${ids.wafer}/experts`);
  assert.equal(none.status, 200);
  assert.deepEqual(none.body.items, []);
  assert.equal(none.body.engine.available, false);
  assert.ok(none.body.engine.note.zh);
  assert.ok((await anybody.get('/search', { query: { q: '燃料电池' } })).body.items.length > 0);
});
