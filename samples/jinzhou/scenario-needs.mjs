// 设榜 and 建榜: the solicitation, the needs of four counties and a zone, returns and corrections, letters,
// the bureau's formal check, a merge.
import { checks, wording } from '../lib/papers.mjs';
import { beforeMerging } from './scenario-match.mjs';


export async function solicit(s, tale) {
  s.chapter('一、设榜 — solicitation');
  s.clock('2026-07-01 09:00');
  const programmes = await s.get('', '/programmes');
  tale.programme = programmes.items[0].id;
  const draft = {
    name: '2026年第一批技术需求征集（示例）', doc_no: '示例科发〔2026〕8号',
    body: '面向全市征集新材料、新能源、先进装备制造、生物医药、精细化工、现代农业领域的技术需求。（样例）',
    solicit_from: '2026-07-01T09:00:00+08:00', solicit_until: '2026-07-24T17:00:00+08:00',
  };
  await s.refused('poster1', '企业不能设批次', 'POST', `/programmes/${tale.programme}/batches`, draft, { status: 403 });
  await s.refused('officer1', '批次名称缺失、时间有误', 'POST', `/programmes/${tale.programme}/batches`,
    { ...draft, name: undefined, solicit_until: '2026-02-30T17:00:00+08:00' },
    { status: 422, problem: 'invalid', fields: ['name', 'solicit_until'] });
  const batch = await s.post('officer1', '草拟批次', `/programmes/${tale.programme}/batches`, draft, { state: 'draft' });
  tale.batch = batch.id;
  await s.event('officer1', '发布征集通知', `/batches/${batch.id}`, 'solicit', {}, { state: 'soliciting' });
  await s.get('', `/batches/${batch.id}`, '公众查看征集通知');
}

async function submit(s, tale, need) {
  const doc = await s.post(need.account, `填写需求 ${need.body.title}`, '/needs', { batch: tale.batch, ...need.body }, { state: 'draft' });
  tale.needs[need.key] = doc.id;
  return s.post(need.account, `提交需求 ${need.body.title}`, `/needs/${doc.id}/submission`, undefined, { state: 'submitted' });
}

async function letter(s, tale, login, keys, number) {
  await s.post(login, `推荐函 ${number}：${keys.length} 项`, '/recommendations', {
    letter_no: number, letter_date: '2026-07-22', signer: '示例局长', summary: `本地区推荐技术需求 ${keys.length} 项，汇总如下。`,
    needs: keys.map((key) => ({ need: tale.needs[key], opinion: '需求真实，指标明确，同意推荐。' })),
  });
}

export async function compose(s, tale) {
  s.chapter('二、建榜 — needs of four counties and a zone');
  const all = s.data('needs.json');
  tale.data = Object.fromEntries(all.map((need) => [need.key, need]));
  const [wafer, ...others] = all;
  s.clock('2026-07-06 10:00');

  // the first one the hard way: a thin draft, the clinic, a version conflict, a secret
  const thin = await s.post('drafter1', '草稿：只有名称', '/needs', { batch: tale.batch, title: wafer.body.title }, { state: 'draft' });
  tale.needs.wafer = thin.id;
  await s.refused('poster1', '残缺需求不能提交', 'POST', `/needs/${thin.id}/submission`, {},
    { status: 422, fields: ['problem', 'indicators', 'budget'] });
  const clinic = await s.get('drafter1', `/needs/${thin.id}/check`);
  s.check((clinic.gaps ?? clinic.errors ?? clinic.items).length > 8, 'the need clinic names every gap');
  await s.do('drafter1', '补全需求', 'PUT', `/needs/${thin.id}`, wafer.body, { version: thin.version });
  await s.refused('poster1', '旧版本不能覆盖', 'PUT', `/needs/${thin.id}`, wafer.body, { status: 409, problem: 'version_conflict', version: thin.version });
  await s.refused('drafter1', '填报人无权提交', 'POST', `/needs/${thin.id}/submission`, {}, { status: 403, problem: 'signatory_needed' });
  await s.post('poster1', `提交需求 ${wafer.body.title}`, `/needs/${thin.id}/submission`, undefined, { state: 'submitted' });
  await s.refused('poster2', '别家的需求看不到', 'GET', `/needs/${thin.id}`, undefined, { status: 404 });
  const unverified = await s.post('pending1', '未核验企业只能存草稿', '/needs', { batch: tale.batch, ...wafer.body }, { state: 'draft' });
  await s.refused('pending1', '未核验企业不能提交', 'POST', `/needs/${unverified.id}/submission`, {}, { status: 403, problem: 'unit_not_verified' });

  for (const need of others) await submit(s, tale, need);

  // a secret one stops before anything of it leaves the enterprise
  const secret = await s.post('poster14', '草稿：涉密需求', '/needs', { batch: tale.batch, ...wafer.body, title: '示例涉密需求', secret: true });
  await s.refused('poster14', '涉密需求不受理', 'POST', `/needs/${secret.id}/submission`, {}, { status: 422, problem: 'secret_need' });

  const late = await s.post('poster11', '没有及时提交的草稿', '/needs', { batch: tale.batch, ...wafer.body, title: '迟到的需求（示例）' }, { state: 'draft' });

  s.clock('2026-07-15 09:00');
  const sic = tale.needs['sic-growth'];
  await s.refused('county1', '退回须写明理由', 'POST', `/needs/${sic}/events`, { event: 'return' }, { status: 422, fields: ['reason'] });
  await s.refused('county3', '别县的需求看不到', 'POST', `/needs/${sic}/events`, { event: 'return', reason: '越区操作' }, { status: 404 });
  await s.event('county1', '退回修改', `/needs/${sic}`, 'return', { reason: '第三项指标没有说明测试单位，请补充。' }, { state: 'returned' });
  const returned = await s.get('poster3', `/needs/${sic}`);
  const corrected = tale.data['sic-growth'].body;
  await s.do('poster3', '按意见修改', 'PUT', `/needs/${sic}`,
    { ...corrected, conditions: `${corrected.conditions}；指标由第三方检测机构测试（示例）` }, { version: returned.version });
  await s.post('poster3', '重新提交', `/needs/${sic}/submission`, undefined, { state: 'submitted' });

  s.clock('2026-07-22 15:00');
  await letter(s, tale, 'county1', ['wafer', 'sic-growth', 'antibody', 'connector'], '示例古科函〔2026〕3号');
  await letter(s, tale, 'county3', ['tio2-a', 'additive', 'ionic', 'zrcl4'], '示例太科函〔2026〕2号');
  await letter(s, tale, 'county5', ['vanadium', 'grafting'], '示例义科函〔2026〕5号');
  await letter(s, tale, 'county6', ['tio2-b', 'crucible', 'pv'], '示例凌科函〔2026〕1号');
  await letter(s, tale, 'county8', ['powertrain', 'filter', 'sic-substrate'], '示例松管函〔2026〕4号');
  await s.refused('county1', '同一需求不能推荐两次', 'POST', '/recommendations', {
    letter_no: '示例古科函〔2026〕4号', letter_date: '2026-07-22', signer: '示例局长', summary: '重复推荐',
    needs: [{ need: tale.needs.wafer, opinion: '同意推荐' }] }, { status: 409 });

  s.clock('2026-07-24 17:00');
  await s.until('征集截止', 'officer1', `/batches/${tale.batch}/work`, 'solicited');
  await s.refused('poster11', '逾期不予受理', 'POST', `/needs/${late.id}/submission`, {}, { status: 409, problem: 'batch_not_open' });

  s.clock('2026-07-27 09:00');
  await s.event('officer1', '转入建榜', `/batches/${tale.batch}`, 'build', {}, { state: 'building' });
  await s.event('officer1', '局退回修改', `/needs/${tale.needs.pv}`, 'return', { reason: '目标转换率与电池类型不一致，请明确。' }, { state: 'returned' });
  const pv = await s.get('poster11', `/needs/${tale.needs.pv}`);
  await s.do('poster11', '按局意见修改', 'PUT', `/needs/${tale.needs.pv}`,
    { ...tale.data.pv.body, goal: `${tale.data.pv.body.goal}（已按意见明确电池类型，示例）` }, { version: pv.version });
  await s.post('poster11', '再次提交', `/needs/${tale.needs.pv}/submission`, undefined, { state: 'submitted' });
  await letter(s, tale, 'county6', ['pv'], '示例凌科函〔2026〕2号');

  await s.refused('officer1', '形式审查清单须齐全', 'POST', `/needs/${tale.needs.wafer}/events`,
    { event: 'accept', checks: checks.slice(0, 2) }, { status: 422, problem: 'checks_missing' });
  for (const key of Object.keys(tale.data)) {
    if (key === 'grafting' || key === 'connector') continue;
    await s.event('officer1', `受理入库 ${tale.data[key].body.title}`, `/needs/${tale.needs[key]}`, 'accept', { checks }, { state: 'pooled' });
  }
  await beforeMerging(s, tale);
  await s.event('officer1', '不予受理', `/needs/${tale.needs.grafting}`, 'refuse', { reason: '国内已有成熟产品，不属于企业无法解决的问题。' }, { state: 'refused' });
  await s.event('officer1', '涉密核查不受理', `/needs/${tale.needs.connector}`, 'stop_secret', { reason: '经核可能涉及不宜公开内容，暂不受理。' }, { state: 'secret_refused' });
  await s.event('poster5', '企业撤回', `/needs/${tale.needs.zrcl4}`, 'withdraw', { reason: '企业调整年度计划，撤回需求。' }, { state: 'withdrawn' });
  await s.event('poster2', '企业已自行解决', `/needs/${tale.needs.antibody}`, 'self_solve', { reason: '企业已与院所合作自行解决。' }, { state: 'self_solved' });

  const merged = await s.post('officer1', '合并两家同类需求', '/needs/merge',
    { ...wording(tale.data['tio2-a'].body), needs: [tale.needs['tio2-a'], tale.needs['tio2-b']], lead: tale.needs['tio2-a'],
      title: '电子级二氧化钛共性技术', note: '两家企业指标一致，合并为共性技术需求。' }, { state: 'pooled' });
  tale.needs.tio2 = merged.id;
  s.same((await s.get('poster9', `/needs/${tale.needs['tio2-b']}`)).state.code, 'merged', 'the source of the merge');
  await s.get('poster9', `/needs/${merged.id}`, '另一发榜方可见合并后的需求');
}
