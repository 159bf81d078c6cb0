// What the match engine says at its steps: groups and duplicates while the list is made up, suggestions and
// teams once it is out, and what became of them at the end.

const titles = (list) => list.map((one) => one.title);

/** Before two alike needs are merged: who has asked for the same, and what was funded before. */
export async function beforeMerging(s, tale) {
  const { 'tio2-a': a, 'tio2-b': b, zrcl4 } = tale.needs;
  const has = (group, ...ids) => ids.every((id) => group.needs.some((need) => need.id === id));
  await s.match('officer1', '同类需求分组（不同企业）', `/batches/${tale.batch}/groups?likeness=35`,
    (body) => body.items.some((group) => has(group, a, b)),
    (body) => body.items.map((group) => `${group.needs.length} 项：${group.shared.slice(0, 2).join(' ')}`).slice(0, 2));
  await s.match('officer1', '相似需求并列对照', `/needs/${a}/duplicates?likeness=30`, (body) => body.items.some((item) => item.id === b));
  await s.match('officer1', '查重：以往立项的同名项目', `/needs/${zrcl4}/duplicates`,
    (body) => body.items.some((one) => one.kind === 'earlier' && one.title === '粗ZrCl4提纯技术及产业化'), (body) => titles(body.items).slice(0, 2));
  await s.match('poster1', '企业查看推荐专家', `/needs/${tale.needs.wafer}/experts`, (body) => body.items.length > 0);
  await s.match('officer1', '建议的技术领域', `/needs/${tale.needs.wafer}/labels`, (body) => body.items.length > 0);
}

/** The list is out: who could claim what. Nobody who stands too near a poster is proposed for it. */
export async function afterPublication(s, tale) {
  const { wafer, vanadium } = tale.items;
  const units = await s.match('poster1', '推荐揭榜单位', `/items/${wafer}/units?size=50`, (body) => body.items.length > 0);
  for (const name of ['示例企业甲', '示例企业甲研究中心', '示例失信公司']) {
    s.check(!titles(units.items).includes(name), `${name} is not proposed for ${tale.data.wafer.body.title}`);
  }
  for (const item of units.items) {
    const sum = item.reasons.reduce((all, reason) => all + reason.share, 0);
    s.check(Math.abs(sum - item.score) < 1e-6, `the reasons for ${item.title} sum to its score`);
  }
  const experts = await s.match('poster1', '推荐专家', `/items/${wafer}/experts`, (body) => body.items.length > 0);
  s.same(experts.items[0].title, '专家甲', 'the first expert for the wafer');
  await s.match('officer1', '推荐成果', `/items/${vanadium}/achievements`, (body) => body.filters.length > 0);
  await s.match('officer1', '推荐专利', `/items/${wafer}/patents`, (body) => body.filters.length > 0);
  const team = await s.match('poster1', '组队建议：覆盖全部指标', `/items/${wafer}/team-proposals?by=expert`, (body) => body.team.length > 0,
    (body) => body.team.map((one) => `${one.title}（${one.covers.length}）`));
  s.same([...new Set([...team.team.flatMap((one) => one.covers.map((cover) => cover.indicator)), ...team.uncovered])].sort(),
    [...team.indicators].sort(), 'every indicator is covered or said to be open');
  const expert = experts.items[0].id;
  await s.match('broker1', '专家可揭的榜', `/experts/${expert}/challenges`, (body) => body.items.some((item) => item.id === wafer));
  const unit = (await s.get('team1', '/session')).unit.id;
  await s.match('team1', '本单位可揭的榜', `/units/${unit}/challenges`, (body) => body.filters.some((filter) => filter.name === 'open'));
  for (const [where, what] of [['achievements', '成果'], ['patents', '专利']]) {
    const [first] = (await s.get('', `/${where}`)).items;
    await s.match('broker1', `${what}可解的榜`, `/${where}/${first.id}/challenges`, (body) => body.items.length > 0);
  }
  await s.match('', '与此相似的榜', `/items/${wafer}/similar`, (body) => body.items.length > 0);
  await s.match('', '全库检索', `/search?q=${encodeURIComponent('抛光')}`, (body) => body.items.some((item) => item.id === wafer));
}

/** What became of it: the bureau's report over contacts and claims. */
export async function atTheEnd(s) {
  for (const [outcome, name] of [['contact', '对接'], ['claim', '揭榜'], ['signature', '签约']]) {
    const report = await s.get('officer1', `/reports/match?outcome=${outcome}`, `匹配引擎评估（以${name}为准）`);
    s.check(report.items.some((line) => line.suggestions > 0), 'suggestions are on record');
  }
}
