// 择优, 核准, 公示, 异议, 任务合同书, 启动: two awards go through at once, one after a refusal by the city, one
// after an objection that is upheld.
import { contractBody, how } from '../lib/papers.mjs';

const names = { wafer: 'poster1', tio2: 'poster4', powertrain: 'poster12', vanadium: 'poster7' };

async function choose(s, tale, key, ranks) {
  return s.post(names[key], `择优 ${tale.titles[key]}`, `/items/${tale.items[key]}/choice`, {
    reason: '按方案可行性、团队基础和对接情况综合比较。',
    ranks: ranks.map(([claim, rank, reason]) => ({ claim: tale.claims[claim].id, rank: rank ?? undefined, reason })),
  }, { state: 'chosen' });
}

async function file(s, tale, key, number) {
  await s.post('officer1', '报市政府核准', `/items/${tale.items[key]}/filing`, { file_no: `示例科报〔2026〕${number}号` }, { state: 'filed' });
}

async function approve(s, tale, key, number, date) {
  await s.post('city1', '市政府核准', `/items/${tale.items[key]}/approval`, { decision: 'approved', doc_no: `示例政复〔2026〕${number}号`, doc_date: date }, { state: 'approved' });
}

async function notice(s, tale, key, number) {
  const doc = await s.post('officer1', '发布公示', `/items/${tale.items[key]}/notice`, {
    title: `关于拟立项“揭榜挂帅”项目的公示（${tale.titles[key]}）`, doc_no: `示例科公示〔2026〕${number}号`, issuer: '示例市科学技术局',
    basis: '依据“春芽计划”科技攻关项目工作方案，经发榜方择优、市政府核准。', how, discipline: '纪律问题向示例市纪委监委派驻机构反映（示例）' }, { state: 'running' });
  s.same((await s.get('officer1', `/items/${tale.items[key]}/work`)).state.code, 'noticing', 'the challenge under notice');
  const notices = await s.get('', '/notices?size=50');
  s.check(notices.items.some((one) => one.id === doc.id), 'the notice is public');
  return doc.id;
}

async function window(s, id, from, until) {
  const doc = await s.get('', `/notices/${id}`);
  s.same([new Date(doc.window.from).toISOString(), new Date(doc.window.until).toISOString()], [new Date(from).toISOString(), new Date(until).toISOString()], 'the window of the notice');
}

async function contract(s, tale, key, claim, partners = []) {
  const poster = names[key];
  const body = contractBody(tale.titles[key]);
  const doc = await s.post(poster, '起草任务合同书', `/items/${tale.items[key]}/contracts`,
    { claim: tale.claims[claim].id, kind: 'task', ...body, ip: undefined }, { state: 'draft' });
  const where = `/contracts/${doc.id}`;
  await s.refused(poster, '须明确知识产权归属', 'POST', `${where}/events`, { event: 'offer' }, { status: 422, fields: ['ip.choice'] });
  const now = await s.get(poster, where);
  await s.do(poster, '写明知识产权', 'PUT', where, body, { version: now.version });
  await s.event(poster, '提交各方签署', where, 'offer', {}, { state: 'signing' });
  const { digest } = await s.get(poster, where);
  await s.refused(poster, '只能签署现有文本', 'POST', `${where}/signatures`, { digest: '0'.repeat(64) }, { status: 409 });
  const signers = [poster, tale.claims[claim].login, ...partners, 'leader2'];
  for (const [n, login] of signers.entries()) {
    await s.post(login, '签署合同', `${where}/signatures`, { digest }, n === signers.length - 1 ? { state: 'signed' } : {});
  }
  await s.refused(poster, '不能重复签署', 'POST', `${where}/signatures`, { digest }, { status: 409 });
  const done = await s.get(poster, where);
  const item = await s.get(poster, `/items/${tale.items[key]}/work`);
  s.same(item.state.code, 'signed', 'the challenge after the last signature');
  return done;
}

async function start(s, tale, key) {
  const projects = (await s.get('', '/projects?size=50')).items;
  const project = projects.find((p) => (p.item?.id ?? p.item) === tale.items[key]);
  s.check(project, `the project of ${key} is public`);
  await s.post('officer1', `启动项目 ${project.number}`, `/projects/${project.id}/start`, { start_on: '2026-11-02', meeting: '示例：启动会论证实施方案。' }, { state: 'running' });
  s.same((await s.get('officer1', `/items/${tale.items[key]}/work`)).state.code, 'started', 'the challenge after the start');
}

export async function decide(s, tale) {
  s.chapter('六、择优与核准 — the poster chooses, the city approves');
  s.clock('2026-09-14 17:30');
  await s.refused('officer1', '科技局不能代企业择优', 'POST', `/items/${tale.items.wafer}/choice`,
    { reason: '代企业作出选择', ranks: [{ claim: tale.claims.wafer1.id, rank: 1, reason: '代选' }] }, { status: 403 });
  await s.refused('poster9', '合并榜单由牵头方择优', 'POST', `/items/${tale.items.tio2}/choice`,
    { reason: '越过牵头方', ranks: [{ claim: tale.claims.tio2a.id, rank: 1, reason: '越权' }] }, { status: 403 });
  await s.refused('poster1', '每份合格申请都要有名次或理由', 'POST', `/items/${tale.items.wafer}/choice`,
    { reason: '综合比较后选择。', ranks: [{ claim: tale.claims.wafer1.id, rank: 1, reason: '方案更优' }] }, { status: 422, fields: ['ranks'] });
  await choose(s, tale, 'wafer', [['wafer1', 1, '方案完整，联合体有设备基础。'], ['wafer2', 2, '方案可行，列为备选。']]);
  await choose(s, tale, 'tio2', [['tio2a', 1, '粉体技术积累较深。'], ['tio2b', 2, '路线可行，列为备选。']]);
  await choose(s, tale, 'powertrain', [['power', 1, '唯一申请，方案可行。']]);
  await choose(s, tale, 'vanadium', [['vana1', 1, '路线可行，已有中试线。']]);
  for (const [n, key] of ['wafer', 'tio2', 'powertrain', 'vanadium'].entries()) await file(s, tale, key, 21 + n);
  await s.refused('poster1', '企业不能核准', 'POST', `/items/${tale.items.wafer}/approval`, { decision: 'approved', doc_no: '示例无文号', doc_date: '2026-09-15' }, { status: 403 });
  await s.refused('city1', '核准须有文号和日期', 'POST', `/items/${tale.items.tio2}/approval`, { decision: 'approved' }, { status: 422, fields: ['doc_no', 'doc_date'] });
  s.clock('2026-09-16 09:00');
  await s.post('city1', '不予核准', `/items/${tale.items.wafer}/approval`,
    { decision: 'refused', doc_no: '示例政复〔2026〕30号', doc_date: '2026-09-16', reason: '联合体分工与经费安排不够清晰，不予核准。' }, { state: 'matching' });
  s.same((await s.get('team1', tale.claims.wafer1.where)).state.code, 'refused', 'the refused claim');
  await approve(s, tale, 'tio2', 31, '2026-09-16');
  await approve(s, tale, 'powertrain', 32, '2026-09-16');
  await approve(s, tale, 'vanadium', 33, '2026-09-16');

  s.chapter('七、公示与异议 — five working days over a make-up Sunday');
  const notices = {};
  for (const [n, key] of ['tio2', 'powertrain', 'vanadium'].entries()) {
    notices[key] = await notice(s, tale, key, 1 + n);
    // 17, 18, Sunday 20 (make-up), 21, 22 September
    await window(s, notices[key], '2026-09-17T00:00:00+08:00', '2026-09-23T00:00:00+08:00');
  }
  await choose(s, tale, 'wafer', [['wafer2', 1, '按备选顺序递补。']]);
  await file(s, tale, 'wafer', 25);

  s.clock('2026-09-21 10:00');
  const objection = (name) => ({ name, is_unit: true, contact: { phone: '010-00000000', address: '示例市示例路2号' },
    text: '对拟立项目的申报条件提出异议，请予核查。', evidence: '示例：附证明材料目录。' });
  await s.refused('', '匿名异议不受理', 'POST', `/notices/${notices.tio2}/objections`, { text: '我不同意这个结果，请核查。' }, { status: 422, fields: ['name'] });
  const upheld = await s.post('', '实名异议一', `/notices/${notices.tio2}/objections`, objection('示例科技公司丙'));
  const kept = await s.post('', '实名异议二', `/notices/${notices.powertrain}/objections`, objection('示例企业辰'));
  s.check(upheld.receipt ?? upheld.receipt_no ?? upheld.number, 'the objector gets a receipt');
  const list = (await s.get('officer1', '/objections?size=50')).items;
  const find = (id) => list.find((o) => (o.notice?.id ?? o.notice) === id).id;
  const [o1, o2] = [find(notices.tio2), find(notices.powertrain)];
  await s.event('officer1', '受理异议', `/objections/${o1}`, 'admit', {}, { state: 'investigating' });
  await s.event('officer1', '受理异议', `/objections/${o2}`, 'admit', {}, { state: 'investigating' });
  s.same((await s.get('officer1', `/items/${tale.items.tio2}/work`)).state.code, 'disputed', 'an admitted objection pauses the award');
  await s.refused(names.tio2, '有异议不能签约', 'POST', `/items/${tale.items.tio2}/contracts`, { claim: tale.claims.tio2a.id, kind: 'task' }, { status: 409 });
  await s.refused('officer1', '异议成立须由局领导决定', 'POST', `/objections/${o1}/answer`,
    { result: 'upheld', finding: '经核查，联合单位资质材料不实。', answer: '异议成立，取消拟中榜资格。' }, { status: 403 });
  await s.post('officer1', '异议不成立，书面答复', `/objections/${o2}/answer`,
    { result: 'rejected', finding: '经核查，申报条件符合规定。', answer: '所提异议不成立，特此书面答复。' }, { state: 'rejected' });
  await s.post('leader1', '异议成立，取消并重选', `/objections/${o1}/answer`,
    { result: 'upheld', finding: '经核查，联合单位资质材料不实。', answer: '异议成立，取消拟中榜资格。' }, { state: 'upheld' });
  s.same((await s.get('team2', tale.claims.tio2a.where)).state.code, 'overturned', 'the overturned claim');
  await choose(s, tale, 'tio2', [['tio2b', 1, '按备选顺序递补。']]);
  await file(s, tale, 'tio2', 26);

  s.clock('2026-09-23 00:00');
  await s.until('公示期满无异议', 'officer1', `/items/${tale.items.vanadium}/work`, 'noticed');
  s.clock('2026-09-25 09:00');
  await s.refused('', '逾期异议不受理', 'POST', `/notices/${notices.vanadium}/objections`, objection('示例企业巳'), { status: 409 });
  // paused and resumed on the 21st, its window ends with the others'
  await s.until('恢复后的公示期满', 'officer1', `/items/${tale.items.powertrain}/work`, 'noticed');

  s.clock('2026-09-29 00:30');
  await s.until('重新发榜仍无人揭榜', 'officer1', `/items/${tale.items['sic-growth']}/work`, 'unclaimed');
  await s.event('leader1', '撤榜', `/items/${tale.items['sic-growth']}`, 'withdraw', { reason: '两次发榜无人揭榜，转入长期攻关。' }, { state: 'withdrawn' });
  s.clock('2026-09-29 10:00');
  await approve(s, tale, 'wafer', 34, '2026-09-29');
  await approve(s, tale, 'tio2', 35, '2026-09-29');
  for (const [n, key] of ['wafer', 'tio2'].entries()) {
    notices[key] = await notice(s, tale, key, 5 + n);
    // 30 September, 8, 9, Saturday 10 (make-up), 12 October: National Day lies between
    await window(s, notices[key], '2026-09-30T00:00:00+08:00', '2026-10-13T00:00:00+08:00');
  }
  s.clock('2026-10-13 00:00');
  await s.until('公示期满无异议', 'officer1', `/items/${tale.items.wafer}/work`, 'noticed');
  await s.until('公示期满无异议', 'officer1', `/items/${tale.items.tio2}/work`, 'noticed');

  s.chapter('八、任务合同书与启动 — four contracts');
  s.clock('2026-10-20 10:00');
  await contract(s, tale, 'wafer', 'wafer2');
  await contract(s, tale, 'tio2', 'tio2b', ['poster9']);  // both posters of the merged challenge sign
  await contract(s, tale, 'powertrain', 'power');
  await contract(s, tale, 'vanadium', 'vana1');
  s.clock('2026-11-02 09:00');
  for (const key of ['wafer', 'tio2', 'powertrain', 'vanadium']) await start(s, tale, key);
  const inbox = await s.get('poster1', '/inbox');
  s.check(inbox.items.length > 0, 'the poster was told what happened');
}
