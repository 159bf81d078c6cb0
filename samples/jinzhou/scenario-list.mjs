// 定榜 and 发榜: argumentation by experts, wording agreed with the enterprises, the list of six.
import { Stage } from '../lib/stage.mjs';
import { wording } from '../lib/papers.mjs';

const argued = ['wafer', 'tio2', 'powertrain', 'crucible', 'filter', 'additive', 'ionic', 'pv', 'vanadium', 'sic-growth', 'sic-substrate'];
const shortlisted = ['wafer', 'tio2', 'powertrain', 'crucible', 'vanadium', 'sic-growth'];

async function panel(s, tale) {
  s.clock('2026-08-05 09:00');
  const experts = {};
  for (let i = 1; i <= 9; i += 1) experts[`expert${i}`] = (await s.as(`expert${i}`)).person.id;
  const doc = await s.post('officer1', '组建论证专家组', '/panels', {
    batch: tale.batch, kind: 'need', name: '2026年第一批需求论证专家组', held_on: '2026-08-05', place: '示例市科学技术局会议室',
    members: ['expert1', 'expert2', 'expert3', 'expert4', 'expert9'].map((login, i) => ({ person: experts[login], chair: i === 0 })),
    subjects: argued.map((key) => tale.needs[key]),
  }, { state: 'draft' });
  const where = `/panels/${doc.id}`;
  await s.refused('expert5', '组外专家看不到', 'GET', where, undefined, { status: 404 });
  for (const login of ['expert1', 'expert2', 'expert3', 'expert4', 'expert9']) {
    await s.post(login, '接受邀请', `${where}/answer`, { accept: true });
  }
  await s.post('expert4', '声明回避：曾在该企业任职', `${where}/recusals`,
    { subject: tale.needs.vanadium, reason: '曾任该企业技术顾问，申请回避。' });
  await s.event('officer1', '开始论证', where, 'open', {}, { state: 'open' });
  const criteria = (await s.get('expert1', where)).criteria;
  const sheet = (points) => ({
    scores: Object.fromEntries(criteria.map((c, i) => [c.code, points + i])),
    comment: '需求明确，指标可测，具有产业带动作用。',
  });
  await s.refused('expert4', '回避者不能评分', 'PUT', `${where}/scores/${tale.needs.vanadium}`, sheet(90), { status: 403 });
  await s.refused('expert9', '本单位需求系统回避', 'PUT', `${where}/scores/${tale.needs['sic-growth']}`, sheet(99), { status: 403 });
  await s.refused('expert1', '评分须齐全', 'PUT', `${where}/scores/${tale.needs.wafer}`, { scores: { [criteria[0].code]: 101 }, comment: '分数超出范围的评分表。' }, { status: 422 });
  await s.do('expert1', '先存评分草稿', 'PUT', `${where}/drafts/${tale.needs.wafer}`, { scores: { [criteria[0].code]: 80 }, comment: '指标可测，其余待看完全文再评。' });
  await s.refused('officer1', '未评完不能形成结论', 'POST', `${where}/conclusion`, {
    opinions: argued.map((key) => ({ subject: tale.needs[key], conclusion: 'keep', text: '尚未评分，不应形成结论。' })) }, { status: 409 });
  for (const [n, key] of argued.entries()) {
    for (const login of ['expert1', 'expert2', 'expert3', 'expert4', 'expert9']) {
      if ((login === 'expert4' && key === 'vanadium') || (login === 'expert9' && key === 'sic-growth')) continue;
      const points = shortlisted.includes(key) ? 84 + (n % 4) : 56 + (n % 4);
      await s.do(login, `评分 ${key}`, 'PUT', `${where}/scores/${tale.needs[key]}`, sheet(points));
    }
  }
  const done = await s.post('officer1', '形成论证结论', `${where}/conclusion`, {
    opinions: argued.map((key) => ({
      subject: tale.needs[key],
      conclusion: shortlisted.includes(key) ? 'shortlist' : 'keep',
      text: shortlisted.includes(key) ? '必要性和创新性较强，指标可考核，建议入榜。' : '指标与现有水平差距不足，建议留库继续凝练。',
    })),
  }, { state: 'closed' });
  s.check(done.id === doc.id, 'the conclusion belongs to the panel');
}

async function words(s, tale) {
  s.clock('2026-08-10 10:00');
  for (const key of shortlisted) {
    const body = (tale.data[key] ?? tale.data['tio2-a']).body;
    const where = `/needs/${tale.needs[key]}`;
    const poster = (tale.data[key] ?? tale.data['tio2-a']).account;
    const text = { ...wording(body), title: key === 'tio2' ? '电子级二氧化钛共性技术' : body.title, note: '按专家意见统一表述。' };
    await s.post('officer1', `商定表述 ${body.title}`, `${where}/wording`, text, { state: 'wording' });
    if (key === 'crucible') {
      await s.event(poster, '不同意表述', where, 'contest', { reason: '第二项指标的测试方法与我公司条件不符，请改为第三方检测。' }, { state: 'shortlisted' });
      await s.post('officer1', '再次提出表述', `${where}/wording`, { ...text, note: '测试方法改为第三方检测。' }, { state: 'wording' });
    }
    await s.event(poster, '企业确认表述', where, 'agree', {}, { state: 'agreed' });
    await s.event('leader1', '局审定', where, 'approve', {}, { state: 'approved' });
  }
  const versions = await s.get('poster1', `/needs/${tale.needs.wafer}/versions`);
  s.check(JSON.stringify(versions).includes('argued') && JSON.stringify(versions).includes('submitted'), 'the versions submitted and argued are kept');
}

export async function select(s, tale) {
  s.chapter('三、定榜 — argumentation and wording');
  await s.event('officer1', '转入定榜', `/batches/${tale.batch}`, 'select', {}, { state: 'selecting' });
  await panel(s, tale);
  await words(s, tale);

  s.chapter('四、发榜 — the list of six');
  s.clock('2026-08-14 09:00');
  const draft = {
    batch: tale.batch, title: '2026年第一批“揭榜挂帅”榜单（示例）', doc_no: '示例科发〔2026〕15号', minutes_no: '示例局党组会议纪要〔2026〕6号',
    body: '面向社会公开发榜，欢迎具备条件的团队揭榜。', claim_until: '2026-09-04T17:00:00+08:00',
    items: shortlisted.map((key) => ({ need: tale.needs[key], masking: key === 'powertrain' ? 'masked' : 'open' })),
  };
  const list = await s.post('officer1', '编制榜单', '/lists', draft, { state: 'draft' });
  await s.refused('', '未发布的榜单公众看不到', 'GET', `/lists/${list.id}`, undefined, { status: 404 });
  await s.post('officer1', '榜单定稿', `/lists/${list.id}/freezing`, undefined, { state: 'frozen' });
  await s.refused('officer1', '定稿者不能发榜', 'POST', `/lists/${list.id}/publication`, {}, { status: 403 });
  await s.event('leader1', '退回修改', `/lists/${list.id}`, 'thaw', { reason: '发榜说明须补充揭榜条件。' }, { state: 'draft' });
  const thawed = await s.get('officer1', `/lists/${list.id}/work`);
  await s.do('officer1', '修改榜单', 'PUT', `/lists/${list.id}`, { ...draft, body: `${draft.body}揭榜不设年龄、学历、职称门槛。` }, { version: thawed.version });
  await s.post('officer1', '再次定稿', `/lists/${list.id}/freezing`, undefined, { state: 'frozen' });
  const key = '5f7c7cbb-6f3a-4a53-9a0c-0d5f0a1b2c3d';
  const first = await s.post('leader1', '局领导发榜', `/lists/${list.id}/publication`, undefined, { state: 'published', key });
  const again = await s.post('leader1', '重发同一请求，得同一答复', `/lists/${list.id}/publication`, undefined, { key });
  s.same(again, first, 'the answer under the same key');
  await s.refused('leader1', '不能发榜两次', 'POST', `/lists/${list.id}/publication`, {}, { status: 409, problem: 'step_not_allowed' });

  const open = await s.get('', `/lists/${list.id}`, '公众查看榜单');
  s.same(open.hash, Stage.sha256(open.canonical), 'the hash of the published list, recomputed');
  s.same(JSON.parse(open.canonical), open.content, 'the content in its canonical spelling');
  tale.list = list.id;
  const items = (await s.get('', '/items?size=50')).items;
  s.same(items.length, 6, 'challenges published');
  for (const k of shortlisted) {
    const need = k === 'tio2' ? '电子级二氧化钛共性技术' : tale.data[k].body.title;
    tale.items[k] = items.find((item) => item.title === need)?.id;
    s.check(tale.items[k], `the challenge ${need} is public`);
  }
  const masked = await s.get('', `/items/${tale.items.powertrain}`);
  s.check(!JSON.stringify(masked).includes('示例企业丑'), 'a masked challenge does not name its poster');
  s.check(!JSON.stringify(open).includes('13800000000'), 'no telephone number is public');
}
