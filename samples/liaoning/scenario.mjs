// The other order (preset liaoning): both sides sign an agreement first, the poster applies, experts
// review the claim, then notice, approval and the task contract.
import { checks, claimBody, contractBody, how, sheet, wording } from '../lib/papers.mjs';

const counties = { poster1: 'county1', poster2: 'county1', poster3: 'county2', poster4: 'county2', poster5: 'county3' };

async function needs(s, tale) {
  s.chapter('一、征集与推荐');
  s.clock('2026-07-01 09:00');
  const programme = (await s.get('', '/programmes')).items[0];
  s.same(programme.preset.name, 'liaoning', 'the preset of the programme');
  const batch = await s.post('officer1', '草拟批次', `/programmes/${programme.id}/batches`, {
    name: '2026年“揭榜挂帅”技术需求征集（示例）', doc_no: '示例科发〔2026〕9号', body: '面向全市征集技术需求。（样例）',
    solicit_from: '2026-07-01T09:00:00+08:00', solicit_until: '2026-07-20T17:00:00+08:00' }, { state: 'draft' });
  tale.batch = batch.id;
  await s.event('officer1', '发布征集通知', `/batches/${batch.id}`, 'solicit', {}, { state: 'soliciting' });
  tale.data = s.data('needs.json');
  for (const need of tale.data) {
    const doc = await s.post(need.account, `填写 ${need.body.title}`, '/needs', { batch: batch.id, ...need.body }, { state: 'draft' });
    tale.needs[need.key] = doc.id;
    await s.post(need.account, '提交', `/needs/${doc.id}/submission`, undefined, { state: 'submitted' });
  }
  for (const login of ['county1', 'county2', 'county3']) {
    await s.post(login, '推荐函', '/recommendations', { letter_no: `示例推荐〔2026〕${login.at(-1)}号`, letter_date: '2026-07-01', signer: '示例局长',
      summary: '推荐技术需求，汇总如下。',
      needs: tale.data.filter((n) => counties[n.account] === login).map((n) => ({ need: tale.needs[n.key], opinion: '同意推荐。' })) });
  }
  await s.event('officer1', '提前截止征集', `/batches/${batch.id}`, 'close', { reason: '需求已征集齐全，提前截止。' }, { state: 'solicited' });
  await s.event('officer1', '转入建榜', `/batches/${batch.id}`, 'build', {}, { state: 'building' });
  for (const need of tale.data) await s.event('officer1', '受理入库', `/needs/${tale.needs[need.key]}`, 'accept', { checks }, { state: 'pooled' });
}

/** A panel of three: invited, at work, every subject scored, concluded. */
async function panel(s, tale, kind, name, subjects, conclusion) {
  const logins = ['expert1', 'expert2', 'expert3', 'expert4'];
  const members = [];
  for (const login of logins) members.push({ person: (await s.as(login)).person.id, chair: login === 'expert1' });
  const doc = await s.post('officer1', name, '/panels', { batch: tale.batch, kind, name, held_on: '2026-09-10', members, subjects }, { state: 'draft' });
  const where = `/panels/${doc.id}`;
  for (const login of logins) await s.post(login, '接受邀请', `${where}/answer`, { accept: true });
  await s.event('officer1', '开始评议', where, 'open', {}, { state: 'open' });
  const { criteria } = await s.get('expert1', where);
  for (const subject of subjects) {
    for (const login of logins) await s.do(login, '评分', 'PUT', `${where}/scores/${subject}`, sheet(criteria, 82, '方案可行，指标可考核，建议支持。'));
  }
  await s.post('officer1', '形成结论', `${where}/conclusion`, {
    opinions: subjects.map((subject) => ({ subject, conclusion, text: '专家组一致同意，建议支持。' })) }, { state: 'closed' });
}

async function list(s, tale) {
  s.chapter('二、论证与发榜');
  await s.event('officer1', '转入定榜', `/batches/${tale.batch}`, 'select', {}, { state: 'selecting' });
  await panel(s, tale, 'need', '需求论证专家组', Object.values(tale.needs), 'shortlist');
  for (const need of tale.data) {
    const where = `/needs/${tale.needs[need.key]}`;
    await s.post('officer1', '商定表述', `${where}/wording`, { ...wording(need.body), note: '按专家意见统一表述。' }, { state: 'wording' });
    await s.event(need.account, '企业确认', where, 'agree', {}, { state: 'agreed' });
    await s.event('leader1', '局审定', where, 'approve', {}, { state: 'approved' });
  }
  s.clock('2026-08-03 09:00');
  const doc = await s.post('officer1', '编制榜单', '/lists', { batch: tale.batch, title: '2026年“揭榜挂帅”榜单（示例）', doc_no: '示例科发〔2026〕16号',
    claim_until: '2026-08-28T17:00:00+08:00', items: tale.data.slice(0, 3).map((n) => ({ need: tale.needs[n.key] })) }, { state: 'draft' });
  await s.post('officer1', '定稿', `/lists/${doc.id}/freezing`, undefined, { state: 'frozen' });
  await s.post('leader1', '发榜', `/lists/${doc.id}/publication`, undefined, { state: 'published' });
  for (const item of (await s.get('', '/items')).items) {
    const need = tale.data.find((n) => n.body.title === item.title);
    tale.items[need.key] = { id: item.id, poster: need.account, title: item.title };
  }
}

async function claims(s, tale) {
  s.chapter('三、揭榜与择优');
  const keys = Object.keys(tale.items);
  s.clock('2026-08-20 09:00');
  for (const [n, login] of [[0, 'team1'], [0, 'team2'], [1, 'team3'], [2, 'team4']]) {
    const item = tale.items[keys[n]];
    const open = await s.get('', `/items/${item.id}`);
    const doc = await s.post(login, `揭榜申请 ${item.title}`, `/items/${item.id}/claims`, claimBody(open, `负责人${login}`), { state: 'draft' });
    await s.post(login, '提交', `/items/${item.id}/claims/${doc.id}/submission`, undefined, { state: 'submitted' });
    (item.claims ??= []).push({ id: doc.id, login });
  }
  s.clock('2026-08-28 17:00');
  for (const item of Object.values(tale.items)) {
    await s.until('揭榜截止', 'officer1', `/items/${item.id}/work`, 'sealed');
    await s.post('officer1', '申请开封', `/items/${item.id}/opening`, undefined, { status: 202 });
    await s.post('officer2', '开封', `/items/${item.id}/opening`);
    for (const claim of item.claims) {
      await s.event('officer1', '资格合格', `/claims/${claim.id}`, 'qualify', { checks: [{ name: '独立法人', ok: true }, { name: '材料齐全', ok: true }, { name: '覆盖全部指标', ok: true }] }, { state: 'eligible' });
    }
    await s.post(item.poster, '择优', `/items/${item.id}/choice`, { reason: '综合比较方案与团队。',
      ranks: item.claims.map((claim, i) => ({ claim: claim.id, rank: i + 1, reason: i === 0 ? '方案更优。' : '列为备选。' })) }, { state: 'chosen' });
  }
}

async function paper(s, item, claim, kind, signers) {
  const doc = await s.post(item.poster, kind === 'task' ? '起草任务合同书' : '起草揭榜协议', `/items/${item.id}/contracts`,
    { claim: claim.id, kind, ...contractBody(item.title) }, { state: 'draft' });
  const where = `/contracts/${doc.id}`;
  await s.event(item.poster, '提交签署', where, 'offer', {}, { state: 'signing' });
  const { digest } = await s.get(item.poster, where);
  for (const [n, login] of signers.entries()) {
    await s.post(login, '签署', `${where}/signatures`, { digest }, n === signers.length - 1 ? { state: 'signed' } : {});
  }
}

async function state(s, item, wanted, what) {
  s.same((await s.get('officer1', `/items/${item.id}/work`)).state.code, wanted, what);
}

async function agreements(s, tale) {
  s.chapter('四、先签协议，再申报、评审');
  s.clock('2026-09-07 09:00');
  const [first, second, third] = Object.values(tale.items);
  await s.refused('officer1', '未签协议不能报批', 'POST', `/items/${first.id}/filing`, { file_no: '示例科报〔2026〕1号' }, { status: 409, problem: 'step_not_allowed' });
  await s.refused(first.poster, '未签协议不能申报', 'POST', `/items/${first.id}/application`, { total: 400, asked: 80, statement: '申请项目支持。' }, { status: 409 });
  for (const item of [first, second]) {
    await paper(s, item, item.claims[0], 'agreement', [item.poster, item.claims[0].login]);
    await state(s, item, 'agreed', 'after both sides have signed');
    await s.refused(item.poster, '申请额度超出规定', 'POST', `/items/${item.id}/application`, { total: 400, asked: 300, statement: '申请项目支持。' }, { status: 422, fields: ['asked'] });
    await s.post(item.poster, '发榜方申报项目', `/items/${item.id}/application`, { total: 400, asked: 80, statement: '双方已签协议，申请市级科技计划项目支持。' }, { state: 'applied' });
  }
  await s.event('officer1', '第三项签约失败', `/items/${third.id}`, 'sign_fail', { reason: '双方就经费安排未能达成一致。' }, { state: 'matching' });
  await s.event('leader1', '第三项撤榜', `/items/${third.id}`, 'withdraw', { reason: '无其他合格申请，撤榜。' }, { state: 'withdrawn' });
  await s.refused('officer1', '未评审不能通过', 'POST', `/items/${first.id}/events`, { event: 'pass_review' }, { status: 409, problem: 'review_missing' });
  await panel(s, tale, 'claim', '项目评审专家组一', [first.claims[0].id], 'advise');
  await panel(s, tale, 'claim', '项目评审专家组二', [second.claims[0].id], 'against');
  await s.event('officer1', '评审通过', `/items/${first.id}`, 'pass_review', {}, { state: 'reviewed' });
  await s.event('officer1', '评审未通过', `/items/${second.id}`, 'fail_review', { reason: '专家组不建议支持，退回发榜方。' }, { state: 'matching' });
}

async function award(s, tale) {
  s.chapter('五、公示、核准、任务合同书');
  const [first] = Object.values(tale.items);
  s.clock('2026-09-16 09:00');
  const notice = await s.post('officer1', '发布公示', `/items/${first.id}/notice`, { title: `拟立项项目公示（${first.title}）`, doc_no: '示例科公示〔2026〕9号',
    basis: '依据揭榜挂帅项目管理规定，经专家评审。（样例）', how }, { state: 'running' });
  // the day of publication counts: 16, 17, 18, Sunday 20 (make-up), 21 September
  const doc = await s.get('', `/notices/${notice.id}`);
  s.same([doc.window.first_day, doc.window.last_day], ['2026-09-16', '2026-09-21'], 'the window');
  s.clock('2026-09-22 00:00');
  await s.until('公示期满', 'officer1', `/items/${first.id}/work`, 'noticed');
  s.clock('2026-09-24 10:00');
  const letter = { name: '示例企业午', is_unit: true, contact: { phone: '010-00000000', address: '示例市示例路3号' }, text: '对拟立项目提出异议，请核查。',
    evidence: '示例：附证明材料。', channel: 'letter', received_on: '2026-09-24' };
  await s.refused('officer1', '邮戳逾期的来信', 'POST', `/notices/${notice.id}/letters`, { ...letter, postmark: '2026-09-22' }, { status: 409, problem: 'notice_over' });
  const objection = await s.post('officer1', '邮戳在期内的来信', `/notices/${notice.id}/letters`, { ...letter, postmark: '2026-09-21' }, { state: 'received' });
  await s.event('officer1', '受理异议', `/objections/${objection.id}`, 'admit', {}, { state: 'investigating' });
  await state(s, first, 'disputed', 'a letter in time by its postmark pauses the award');
  await s.refused('officer1', '有异议不能报批', 'POST', `/items/${first.id}/filing`, { file_no: '示例科报〔2026〕2号' }, { status: 409 });
  await s.post('officer1', '异议不成立，书面答复', `/objections/${objection.id}/answer`,
    { result: 'rejected', finding: '经核查，符合申报条件。', answer: '异议不成立，特此答复。' }, { state: 'rejected' });
  await s.until('公示期满无异议', 'officer1', `/items/${first.id}/work`, 'noticed');
  await s.post('officer1', '报批', `/items/${first.id}/filing`, { file_no: '示例科报〔2026〕3号' }, { state: 'filed' });
  await s.post('city1', '核准', `/items/${first.id}/approval`, { decision: 'approved', doc_no: '示例政复〔2026〕40号', doc_date: '2026-09-24' }, { state: 'approved' });
  s.clock('2026-10-20 09:00');
  await paper(s, first, first.claims[0], 'task', [first.poster, first.claims[0].login, 'leader2']);
  await state(s, first, 'signed', 'after the task contract');
  const project = (await s.get('', '/projects')).items[0];
  s.clock('2026-11-02 09:00');
  await s.post('officer1', '启动项目', `/projects/${project.id}/start`, { start_on: '2026-11-02', meeting: '示例：启动会。' }, { state: 'running' });
  await state(s, first, 'started', 'after the start');
}

export default async function play(s) {
  const tale = { needs: {}, items: {} };
  await needs(s, tale);
  await list(s, tale);
  await claims(s, tale);
  await agreements(s, tale);
  await award(s, tale);
  s.verify();
}
