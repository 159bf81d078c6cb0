// 揭榜: intents and contacts, claims by consortia, the sealed opening by two people, eligibility.
import { claimBody } from '../lib/papers.mjs';

const leaders = { wafer: ['负责人甲', '负责人乙'], tio2: ['负责人丙', '负责人丁'], powertrain: ['负责人戊'], vanadium: ['负责人己', '负责人庚'], crucible: ['负责人辛'] };

async function draft(s, tale, login, key, leader, partners) {
  const where = `/items/${tale.items[key]}/claims`;
  const doc = await s.post(login, `填写揭榜申请 ${tale.titles[key]}`, where, claimBody(tale.open[key], leader, partners), { state: 'draft' });
  return { login, key, id: doc.id, where: `${where}/${doc.id}`, version: doc.version, doc };
}

async function submit(s, claim) {
  const doc = await s.post(claim.login, '提交揭榜申请，得回执', `${claim.where}/submission`, undefined, { state: 'submitted' });
  s.check(/^[0-9a-f]{64}$/.test(doc.receipt.digest) && doc.receipt.number, 'the receipt has number and digest');
  return doc;
}

async function unitOf(s, login) {
  return (await s.get(login, '/session')).unit.id;
}

async function signOff(s, login, claim) {
  const { digest } = await s.get(login, claim.where);
  await s.post(login, '联合体成员签署联合协议', `${claim.where}/signoff`, { decision: 'sign', digest });
}

async function consortium(s, tale) {
  const partner = await unitOf(s, 'team7');
  const claim = await draft(s, tale, 'team1', 'wafer', leaders.wafer[0], [{ unit: partner, duty: '晶体生长设备改造', share_pct: 30 }]);
  await s.refused('team1', '成员未签署不能提交', 'POST', `${claim.where}/submission`, {}, { status: 409, problem: 'consortium_unsigned' });
  await signOff(s, 'team7', claim);
  const now = await s.get('team1', claim.where);
  const body = claimBody(tale.open.wafer, leaders.wafer[0], [{ unit: partner, duty: '晶体生长设备改造与热场设计', share_pct: 35 }]);
  await s.do('team1', '修改申请，签署作废', 'PUT', claim.where, body, { version: now.version });
  await s.refused('team1', '须重新签署', 'POST', `${claim.where}/submission`, {}, { status: 409, problem: 'consortium_unsigned' });
  await s.refused('team7', '只能签署现有文本', 'POST', `${claim.where}/signoff`, { decision: 'sign', digest: now.digest }, { status: 409, problem: 'digest_differs' });
  await signOff(s, 'team7', claim);
  return claim;
}

async function gate(s, tale) {
  const bare = await s.post('team5', '残缺的申请', `/items/${tale.items.wafer}/claims`, { leader: { name: '负责人壬' } }, { state: 'draft' });
  tale.late = { login: 'team5', where: `/items/${tale.items.wafer}/claims/${bare.id}`, id: bare.id };
  await s.refused('team5', '残缺申请不能提交，逐项指出', 'POST', `${tale.late.where}/submission`, {},
    { status: 422, problem: 'invalid', fields: ['plan', 'risk', 'budget', 'ip.choice', 'responses[0]', 'commitments.integrity'] });
  const kin = await draft(s, tale, 'team9', 'wafer', '负责人癸');
  await s.refused('team9', '隶属单位不能揭榜', 'POST', `${kin.where}/submission`, {}, { status: 409, problem: 'affiliated' });
  const blocked = await draft(s, tale, 'team10', 'wafer', '负责人子');
  await s.refused('team10', '失信单位不能揭榜', 'POST', `${blocked.where}/submission`, {}, { status: 409, problem: 'credit_problem' });
}

export async function claim(s, tale) {
  s.chapter('五、揭榜 — intents, contacts, claims');
  tale.open = {};
  tale.titles = {};
  for (const [key, id] of Object.entries(tale.items)) {
    tale.open[key] = await s.get('', `/items/${id}`);
    tale.titles[key] = tale.open[key].title;
  }
  s.clock('2026-08-20 10:00');
  await s.post('team1', '登记揭榜意向', `/items/${tale.items.wafer}/intents`, { statement: '我单位有硅片加工研究基础，拟揭榜。' });
  await s.post('team4', '登记揭榜意向', `/items/${tale.items.wafer}/intents`, { statement: '拟与企业进一步对接后揭榜。' });
  await s.post('team3', '登记揭榜意向', `/items/${tale.items.crucible}/intents`, { statement: '拟揭榜。' });
  await s.refused('poster1', '发榜方不能对自己的榜单登记意向', 'POST', `/items/${tale.items.wafer}/intents`, { statement: '自揭自榜' }, { status: 409 });
  await s.post('team4', '向发榜方提问', `/items/${tale.items.wafer}/questions`, { text: '表面颗粒数由谁检测，测几片？（示例）' });
  const [asked] = (await s.get('poster1', `/items/${tale.items.wafer}/questions/work`)).items;
  await s.post('poster1', '公开答复提问', `/questions/${asked.id}/answer`, { answer: '发榜方与揭榜方共同送第三方检测，每批抽三片。（示例）' });
  const answered = await s.get('', `/items/${tale.items.wafer}/questions`);
  s.check(answered.total === 1 && !('unit' in answered.items[0]), 'question and answer are public, who asked is not');
  await s.post('broker1', '记录对接：现场走访', `/items/${tale.items.wafer}/contacts`, {
    kind: 'visit', held_at: '2026-08-19T14:00:00+08:00', place: '示例企业甲', people: '企业代表甲、团队代表1、技术经纪人甲', summary: '双方核对指标与试验条件。' });
  await s.refused('', '对接记录不公开', 'GET', `/items/${tale.items.wafer}/work`, undefined, { status: 401 });

  s.clock('2026-08-28 10:00');
  const c = tale.claims;
  c.wafer1 = await consortium(s, tale);
  await gate(s, tale);
  c.wafer2 = await draft(s, tale, 'team4', 'wafer', leaders.wafer[1]);
  c.tio2a = await draft(s, tale, 'team2', 'tio2', leaders.tio2[0], [{ unit: await unitOf(s, 'team5'), duty: '粉体表征', share_pct: 20 }]);
  await signOff(s, 'team5', c.tio2a);
  c.tio2b = await draft(s, tale, 'team3', 'tio2', leaders.tio2[1]);
  c.power = await draft(s, tale, 'team6', 'powertrain', leaders.powertrain[0]);
  c.vana1 = await draft(s, tale, 'team8', 'vanadium', leaders.vanadium[0]);
  c.vana2 = await draft(s, tale, 'team5', 'vanadium', leaders.vanadium[1]);
  c.cruc = await draft(s, tale, 'team3', 'crucible', leaders.crucible[0]);
  for (const one of Object.values(c)) await submit(s, one);
  await s.refused('team1', '已提交不能再改', 'PUT', c.wafer1.where, claimBody(tale.open.wafer, leaders.wafer[0]), { status: 409 });
  const second = await draft(s, tale, 'team4', 'powertrain', leaders.wafer[1]);
  await s.refused('team4', '同一负责人限揭一项', 'POST', `${second.where}/submission`, {}, { status: 409 });
  await s.event('team3', '撤回申请', `/claims/${c.cruc.id}`, 'withdraw', { reason: '人员调整，撤回揭榜申请。' }, { state: 'withdrawn' });
  await s.event('poster10', '企业已自行解决', `/items/${tale.items.crucible}`, 'self_solve', { reason: '企业已自行攻克该技术，不再发榜。' }, { state: 'self_solved' });

  // sealed: nobody but the claimant reads it before the opening
  const own = await s.get('team1', c.wafer1.where);
  s.check(own.sealed && own.content.plan, 'the claimant reads its own sealed claim');
  const seen = await s.get('officer1', `/items/${tale.items.wafer}/claims`);
  s.check(!JSON.stringify(seen).includes('负责人甲') && !JSON.stringify(seen).includes('示例大学甲'), 'the bureau sees neither content nor name before the opening');
  await s.refused('poster1', '开封前发榜方看不到申请', 'GET', c.wafer1.where, undefined, { status: 404 });
  await s.refused('team4', '竞争者看不到申请', 'GET', c.wafer1.where, undefined, { status: 404 });
  await s.refused('officer1', '截止前不能开封', 'POST', `/items/${tale.items.wafer}/opening`, {}, { status: 409 });

  s.clock('2026-09-04 17:00');
  await s.until('揭榜截止', 'officer1', `/items/${tale.items.wafer}/work`, 'sealed');
  await s.until('揭榜截止', 'officer1', `/items/${tale.items.vanadium}/work`, 'sealed');
  await s.until('无人揭榜，流榜', 'officer1', `/items/${tale.items['sic-growth']}/work`, 'unclaimed');
  await s.refused('team5', '逾期申请不予受理', 'POST', `${tale.late.where}/submission`, {}, { status: 409, problem: 'not_open' });
  await open(s, tale);
  await again(s, tale);
}

async function open(s, tale) {
  s.clock('2026-09-07 09:00');
  for (const [n, key] of ['wafer', 'tio2', 'powertrain', 'vanadium'].entries()) {
    const where = `/items/${tale.items[key]}`;
    await s.post('officer1', `申请开封 ${tale.titles[key]}`, `${where}/opening`, undefined, { status: 202 });
    if (n === 0) await s.refused('officer1', '一人不能开封', 'POST', `${where}/opening`, {}, { status: 409 });
    const doc = await s.post('officer2', '第二人开封', `${where}/opening`);
    s.same(doc.state.code, 'matching', 'after the opening');
  }
  const wafer = await s.get('poster1', tale.claims.wafer1.where, '开封后发榜方可见申请');
  s.same(wafer.content.leader.name, leaders.wafer[0], 'the opened content');
  const checks = [{ name: '独立法人', ok: true }, { name: '材料齐全', ok: true }, { name: '覆盖全部指标', ok: true }];
  for (const key of ['wafer1', 'wafer2', 'tio2a', 'tio2b', 'power', 'vana1']) {
    await s.event('officer1', '资格合格', `/claims/${tale.claims[key].id}`, 'qualify', { checks }, { state: 'eligible' });
  }
  await s.refused('poster7', '资格未审完不能择优', 'POST', `/items/${tale.items.vanadium}/choice`,
    { reason: '先选一家。', ranks: [{ claim: tale.claims.vana1.id, rank: 1, reason: '路线可行。' }] }, { status: 409, problem: 'claims_unchecked' });
  await s.event('officer1', '资格不合格', `/claims/${tale.claims.vana2.id}`, 'disqualify', { reason: '项目负责人不是申报单位在职人员。' }, { state: 'ineligible' });
}

// nobody came: extended once, re-issued with softer terms, at last taken off the list
async function again(s, tale) {
  const where = `/items/${tale.items['sic-growth']}`;
  await s.refused('officer1', '延期须在今后', 'POST', `${where}/extension`, { claim_until: '2026-09-01T17:00:00+08:00', reason: '无人揭榜，延期发榜。' }, { status: 422, fields: ['claim_until'] });
  await s.post('officer1', '延期发榜', `${where}/extension`, { claim_until: '2026-09-14T17:00:00+08:00', reason: '首次发榜无人揭榜，延期十天。' });
  s.clock('2026-09-14 17:00');
  await s.until('再次流榜', 'officer1', `${where}/work`, 'unclaimed');
  await s.post('leader1', '修改后重新发榜', `${where}/reissue`, { claim_until: '2026-09-28T17:00:00+08:00', reason: '放宽对揭榜方的条件后重新发榜。',
    content: { conditions: '示例：不限单位性质，可联合揭榜。' } });
  const versions = await s.get('', `${where}/versions`, '公众查看榜单变更');
  s.check(JSON.stringify(versions).includes('conditions'), 'the change is public as a difference');
}
