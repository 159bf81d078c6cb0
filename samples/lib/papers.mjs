// papers.mjs - the texts and bodies that the scenarios hand in. Sums and people are examples (示例).

/** What the bureau ticks when it takes a need into the library. */
export const checks = ['材料齐全', '不涉密', '属于重点产业', '企业无法自行解决'].map((name) => ({ name, ok: true }));

/** Where and how to object. */
export const how = { address: '示例市示例路1号 示例市科学技术局', phone: '010-00000000', postcode: '100000',
  clauses: '以书面形式署真实姓名并提供联系方式和必要的证明材料；匿名和逾期的不予受理。' };

/** The members of a need that the bureau may reword. */
export function wording(body) {
  const { partner_wish, background, tried, finance, commitments, secret, disclosure, contact, ...rest } = body;
  return rest;
}

/** A whole claim on a challenge: every indicator answered, money by source, an explicit choice on rights. */
export function claimBody(item, leader, partners = []) {
  return {
    leader: { name: leader, title: '教授', duty: '总体负责', in_post: true },
    team: [{ name: '成员甲', title: '副教授', duty: '工艺研究' }, { name: '成员乙', title: '工程师', duty: '试验与测试' }],
    achievements: [{ kind: 'project', name: '示例：相关方向在研项目', year: 2025 }],
    plan: '示例：分三个阶段开展工艺研究、样机试制和现场验证，路线清晰，每阶段有可考核的节点。',
    responses: item.content.indicators.map((indicator) => ({
      indicator: indicator.name, commit: 'yes', value: indicator.value ?? undefined, unit: indicator.unit ?? undefined,
      basis: '示例：已有实验室数据支撑，承诺达到。' })),
    milestones: [{ name: '实验室样品', due: '2027-06-30', deliverable: '样品与测试报告' }, { name: '中试验证', due: '2028-06-30', deliverable: '中试报告' }],
    budget: [{ source: 'poster', amount: 300, note: '示例' }, { source: 'city', amount: 80, note: '示例' }, { source: 'claimant', amount: 20, note: '示例' }],
    ip: { choice: 'joint', text: '示例：双方共同所有，企业享有优先实施权。' },
    risk: '示例：关键工艺窗口较窄，设有备选路线；出现不可克服的困难及时书面通知。',
    commitments: { integrity: true, no_ip_dispute: true, clean_credit: true },
    partners,
  };
}

/** A whole task contract: milestones and money add up to the total, rights are an explicit choice. */
export function contractBody(title) {
  return {
    from: '2026-11-01', until: '2028-10-31', total: 400, subject: `${title}（示例）`,
    milestones: [{ name: '实验室样品', due: '2027-06-30', amount: 200 }, { name: '中试验证', due: '2028-06-30', amount: 200 }],
    money: [{ source: 'poster', tranche: '首款', trigger: 'contract', amount: 200 }, { source: 'poster', tranche: '二期', trigger: 'milestone', amount: 120 },
      { source: 'city', tranche: '首款', trigger: 'contract', amount: 48 }, { source: 'city', tranche: '尾款', trigger: 'acceptance', amount: 32 }],
    ip: { choice: 'joint', text: '专利申请权双方共有，发榜方优先实施。（示例）' },
    confidentiality: '双方对技术资料负有保密义务，期限五年。（示例）', acceptance: '由发榜方组织验收，按指标逐项考核。（示例）',
    change: '变更须经三方书面同意，延期以一次为限。（示例）', dispute: '协商不成的，提交示例仲裁机构仲裁。（示例）',
  };
}

/** A sheet of scores, the same points for every criterion but for its place. */
export function sheet(criteria, points, comment) {
  return { scores: Object.fromEntries(criteria.map((c, i) => [c.code, points + i])), comment };
}
