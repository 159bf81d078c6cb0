// The bureau's term list over HTTP: who may, what is refused, and that the feed gives it on at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { city } from '../lib/city.mjs';

const PASSWORD = 'Sample-city-2026';
let town;
let officer;
let poster;

before(async () => {
  town = await city({ template: 'jinzhou' });
  officer = town.client();
  poster = town.client();
  await officer.signIn('officer1', PASSWORD);
  await poster.signIn('poster1', PASSWORD);
});
after(() => town?.stop());

/** The rows as the match service reads them. */
const fed = async () => (await town.sqlAs('jb_match', 'select rows from feed.terms(null)'))[0].rows;
const version = async () => (await town.sqlAs('jb_match', 'select version from feed.terms(null)'))[0].version;
const faults = (response) => response.body.errors.map(({ field, code }) => `${field} ${code}`);

test('the list begins with common synonyms, which are searched', async () => {
  const found = await officer.get('/terms', { query: { q: '碳化硅', rule: 'synonym' } });
  assert.equal(found.status, 200, found.text);
  assert.deepEqual(found.body.items.map((row) => row.other).sort(), ['SiC', 'silicon carbide']);
  assert.equal((await officer.get('/terms', { query: { size: '7', page: '2' } })).body.items.length, 7);
});

test("the list is the bureau's", async () => {
  assert.equal((await poster.get('/terms')).status, 403);
  assert.equal((await poster.post('/terms', { rule: 'keep', term: '示例词' })).status, 403);
  assert.equal((await town.client().get('/terms')).status, 401);
});

test('a row that is added is fed at once, and a change of it, and its end', async () => {
  const before = await version();
  const added = await officer.post('/terms', { rule: 'synonym', term: '示例材料', other: 'sample material', weight: 0.8, note: '示例' });
  assert.equal(added.status, 201, added.text);
  assert.equal(added.headers.location, `/terms/${added.body.id}`);
  assert.ok((await fed()).some((row) => row.rule === 'synonym' && row.term === '示例材料' && row.other === 'sample material' && row.weight === 0.8));
  assert.ok((await version()) > before);

  const { id } = added.body;
  const put = await officer.put(`/terms/${id}`, { rule: 'synonym', term: '示例材料', other: 'example material' }, { version: 1 });
  assert.equal(put.status, 200, put.text);
  assert.equal(put.body.version, 2);
  const stale = await officer.put(`/terms/${id}`, { rule: 'synonym', term: '示例材料', other: 'x' }, { version: 1 });
  assert.equal(stale.status, 409);
  assert.match(stale.body.type, /version_conflict/);

  const off = await officer.delete(`/terms/${id}`, { version: 2 });
  assert.equal(off.status, 200, off.text);
  assert.equal(off.body.state, 'off');
  assert.ok(!(await fed()).some((row) => row.term === '示例材料'));
  assert.equal((await officer.delete(`/terms/${id}`, { version: 3 })).status, 409);

  const got = await officer.get(`/terms/${id}`);
  assert.deepEqual(got.body.history.map((h) => [h.version, h.why]), [[3, 'state'], [2, 'edit'], [1, 'create']]);
  assert.equal((await officer.get('/terms/00000000-0000-4000-8000-000000000000')).status, 404);
});

test('a row that says nothing is refused, with the fault named', async () => {
  const post = async (body) => officer.post('/terms', body);
  assert.deepEqual(faults(await post({ rule: 'synonym', term: '甲' })), ['other required']);
  assert.deepEqual(faults(await post({ rule: 'synonym', term: 'SiC', other: 'ＳＩＣ' })), ['other same_term']);
  assert.deepEqual(faults(await post({ rule: 'keep', term: '甲', other: '乙' })), ['other only_with_pair']);
  assert.deepEqual(faults(await post({ rule: 'bridge', term: 'C26', other: 'discipline:530' })), ['term bad_field_code']);
  assert.equal((await post({ rule: 'keep', term: '甲', weight: 2 })).status, 422);
  const again = await post({ rule: 'synonym', term: '碳化硅', other: 'sic' });
  assert.equal(again.status, 409);
  assert.match(again.body.type, /term_exists/);
});

test('keywords of two records are words of their own until the bureau stops them', async () => {
  await town.sql(`update lib.record set data = data || '{"keywords": ["示例关键词", "别的"]}' where id in (
                    select id from lib.record where kind = 'achievement' order by id limit 2)`);
  await town.sql('select feed.count_keywords()');
  const proposed = await officer.get('/terms/proposed', { query: { size: '100' } });
  assert.equal(proposed.status, 200, proposed.text);
  assert.ok(proposed.body.items.some((line) => line.word === '示例关键词' && line.records === 2));
  assert.ok((await fed()).some((row) => row.rule === 'keep' && row.term === '示例关键词'));
  assert.equal((await officer.post('/terms', { rule: 'stop', term: '示例关键词' })).status, 201);
  const rules = (await fed()).filter((row) => row.term === '示例关键词').map((row) => row.rule);
  assert.deepEqual(rules, ['stop']);
  assert.ok(!(await officer.get('/terms/proposed', { query: { size: '100' } })).body.items.some((line) => line.word === '示例关键词'));
});

test('a CSV file is taken whole or not at all', async () => {
  const upload = (text) => officer.post('/terms/import', text, { type: 'text/csv; charset=utf-8' });
  const bad = await upload('规则,术语,对应,权重,说明\nsynonym,甲酸,formic acid,1,\nsynonym,乙酸,,1,\nkeep,丙酸,,3,\n');
  assert.equal(bad.status, 422, bad.text);
  assert.deepEqual(faults(bad), ['rows[3].other required', 'rows[4].weight bad_weight']);
  assert.ok(!(await fed()).some((row) => row.term === '甲酸'));
  const good = await upload('规则,术语,对应,权重,说明\nsynonym,甲酸,formic acid,1,\nkeep,示例工艺,,,一个词\n');
  assert.equal(good.status, 200, good.text);
  assert.deepEqual(good.body, { rows: 2, added: 2, changed: 0, same: 0 });
  const again = await upload('rule,term,other,weight,note\nsynonym,甲酸,formic acid,0.9,\nkeep,示例工艺,,,一个词\n');
  assert.deepEqual(again.body, { rows: 2, added: 0, changed: 1, same: 1 });
  assert.equal((await upload('规则,术语\n')).status, 422);
});

test('industries are bridged to disciplines', async () => {
  const bridges = (await fed()).filter((row) => row.rule === 'bridge');
  assert.ok(bridges.length >= 60);
  assert.ok(bridges.some((row) => row.term === 'industry:C26' && row.other === 'discipline:530'));
  const unknown = await town.sql(`select b.discipline from ref.bridge b where not exists (
    select from ref.code c where c.list = 'discipline' and c.code = b.discipline)`);
  assert.deepEqual(unknown, []);
});
