// item.mjs - challenges, claims, choice, approval, notices, objections, contracts, projects, desk and inbox.
import { head, page, row } from './common.mjs';

const face = {
  number: 'text', revision: 'int', kind: 'text', origin: 'text', masking: 'text', industry: 'text|null',
  field: 'text|null', division: 'text|null', budget_wan: 'wan', max_winners: 'int', sealed: 'bool',
  claim_until: 'time', extensions: 'int', poster: 'Ref|null', posters: '[Ref]|null', list: 'ItemList',
  content: 'NeedContent',
};
// a masked poster shows its unit to nobody: whose a challenge is, `poster` says where it may be known
const { parent, owner, actions, due, ...publicHead } = head;
const { owner: _owner, ...itemHead } = head;

const claim = {
  ...head, item: { id: 'uuid', number: 'text', title: 'text' }, unit: 'Ref|null', leader: 'text|null', live: 'bool',
  sealed: 'bool', revision: 'int', digest: 'hash|null', receipt: 'Receipt|null', opened_at: 'time|null',
  content: 'ClaimContent|null', partners: ['Partner'], 'form?': 'ClaimForm',
};
const notice = {
  ...head, item: 'uuid|null', kind: 'text', doc_no: 'text', issuer: 'text', basis: 'text',
  how: { phone: 'text', address: 'text', 'postcode?': 'text', 'clauses?': 'text', '*': 'text' },
  rule: {
    unit: 'text', length: 'int', cutoff_hour: 'int', written_only: 'bool', objection_timestamp: 'text',
    include_publication_day: 'bool',
  },
  window: { from: 'time', until: 'time', first_day: 'date', last_day: 'date' }, published_at: 'time',
  paused_at: 'time|null',
};
const noticeBody = {
  discipline: 'text|null', steps: [{ on: 'date', event: 'text', zh: 'text', en: 'text' }],
  lines: [{
    'claim?': 'uuid', 'number?': 'text', 'project?': 'text', 'poster?': 'text', 'claimant?': 'text',
    'leader?': 'text', 'partners?': ['text'], 'total_wan?': 'wan', 'score?': 'number|null', '*': 'any',
  }],
};
const objection = {
  ...head, notice: 'uuid', receipt_no: 'text', received_at: 'time', in_time: 'bool', channel: 'text', name: 'text|null',
  is_unit: 'bool', contact: { '*': 'text' }, text: 'text', evidence: 'text|null', claims: ['uuid'],
  postmark: 'date|null', finding: 'text|null', answer: 'text|null', correction: 'text|null', answered_at: 'time|null',
  steps: ['Step'], award: [{ claim: 'uuid', claimant: 'text' }],
};
const contract = {
  ...head, item: 'uuid', claim: 'uuid', kind: 'text', number: 'text', live: 'bool', revision: 'int', total_wan: 'wan|null',
  digest: 'hash', funding: 'Funding|null', parties: ['ContractParty'], content: 'ContractContent', gaps: ['Gap'], claimant: ['Ref'], form: { '*': 'any' },
};
const project = {
  ...itemHead, 'owner?': 'uuid|null', item: 'uuid', contract: 'uuid', number: 'text', leader: 'text', poster: 'Ref|null', claimant: 'Ref',
  start_on: 'date|null', end_on: 'date', meeting: 'text|null',
};
const deskLine = {
  id: 'uuid', title: 'text', state: 'State', version: 'int', since: 'time', due: 'time|null', parent: 'uuid|null',
};

export const schemas = {
  ItemList: { id: 'uuid', number: 'text', title: 'text', published_at: 'time' },
  ItemPublic: { ...publicHead, 'due?': 'time|null', ...face },
  ItemLine: row({ ...publicHead, 'due?': 'time', ...face }, ['content']),
  ItemFacet: { code: 'text', count: 'int' },
  ItemVersions: {
    id: 'uuid', number: 'text', revision: 'int',
    versions: [{
      revision: 'int', at: 'time', note: 'text|null', hash: 'hash', change: [{ path: 'text', from: 'any', to: 'any', 'from_text?': 'text', 'to_text?': 'text' }],
    }],
  },
  ItemStages: {
    id: 'uuid', number: 'text', intents: 'int',
    stages: [{
      code: 'text', label: 'Words', who: 'Words', done: 'bool', current: 'bool', at: 'time|null', until: 'time|null',
    }],
  },
  QuestionAnswered: {
    id: 'uuid', no: 'int', text: 'text', asked_at: 'time', answer: 'text', answered_at: 'time', by: 'text',
  },
  Questions: {
    id: 'uuid', number: 'text', title: 'text', until: 'time', open: 'bool', items: ['QuestionAnswered'], total: 'int',
  },
  Question: {
    id: 'uuid', no: 'int', text: 'text', asked_at: 'time', answer: 'text|null', answered_at: 'time|null', by: 'text|null',
    mine: 'bool', unit: 'Ref|null', may_answer: 'bool',
    item: { id: 'uuid', number: 'text', title: 'text', claim_until: 'time' },
  },
  QuestionsWork: { id: 'uuid', may_answer: 'bool', may_ask: 'bool', items: ['Question'], total: 'int' },
  StageTime: { machine: 'text', state: 'State', n: 'int', median_days: 'number', most_days: 'number' },
  StatisticsRow: { code: 'text|null', n: 'int', open: 'int', signed: 'int', budget_wan: 'wan' },
  Statistics: {
    at: 'time', total: { n: 'int', budget_wan: 'wan' }, funnel: [{ code: 'text', label: 'Words', n: 'int' }],
    states: ['StatisticsRow'], industries: ['StatisticsRow'], divisions: ['StatisticsRow'], times: ['StageTime'],
  },
  Clocks: {
    at: 'time', waiting_total: 'int', late_total: 'int', times: ['StageTime'],
    stages: [{ machine: 'text', state: 'State', roles: ['text'], waiting: 'int', late: 'int', longest_days: 'number' }],
    late: [{ id: 'uuid', machine: 'text', title: 'text', number: 'text|null', state: 'State', due: 'time', days: 'int' }],
  },
  Item: { ...itemHead, ...face },
  ItemWork: {
    ...itemHead, ...face, 'steps?': ['Step'], claims: ['Claim'], notices: ['NoticeBrief'], contracts: ['ContractBrief'],
    projects: ['Project'],
    intents: [{ unit: 'Ref', statement: 'text', at: 'time', withdrawn_at: 'time|null' }],
    contacts: [{
      id: 'uuid', kind: 'text', held_at: 'time', place: 'text|null', people: 'text', summary: 'text',
      unit: 'Ref|null',
    }],
    'opening?': 'Opening|null', 'choices?': ['Choice'], 'approvals?': ['Approval'], 'funding?': '{*Fundable}|null',
    'credit?': '[CreditCheck]|null', 'applications?': ['Application'],
    'disclosures?': [{ unit: 'Ref', statement: 'text', at: 'time' }],
    flow: ['Stage'], may: { '*': 'any' }, forms: { 'claim?': 'ClaimForm', 'contract?': { '*': 'any' }, 'choice?': { '*': 'any' } },
  },
  Stage: {
    code: 'text', label: 'Words', who: 'Words', done: 'bool', current: 'bool', at: 'time|null', until: 'time|null',
  },
  ClaimForm: { 'responses?': [{ indicator: 'text', '*': 'any' }], '*': 'any' },
  Comparison: {
    item: 'uuid', title: 'text', columns: 'int', claims: ['ComparedClaim'],
    indicators: [{ name: 'text', answers: [{ claim: 'uuid', no: 'text', verdict: 'text', '*': 'any' }], '*': 'any' }],
  },
  ComparedClaim: {
    id: 'uuid', no: 'text', unit: 'Ref', leader: { '*': 'any' }, receipt_no: 'text', submitted_at: 'time', state: 'State',
    intent_at: 'time|null', team: 'int', partners: ['Partner'], ip: { '*': 'any' }, milestones: [{ '*': 'any' }], until: 'text|null',
    achievements: [{ '*': 'any' }], plan: 'text|null', risk: 'text|null', total_wan: 'wan', poster_wan: 'wan', city_wan: 'wan',
    advice: 'Advice|null',
  },
  Advice: { average: 'number', counted: 'int', conclusion: 'text', text: 'text' },
  Opening: { first_at: 'time|null', opened_at: 'time|null', second_needed: 'bool' },
  Choice: {
    round: 'int', at: 'time', reason: 'text',
    ranks: [{ claim: 'uuid', rank: 'int|null', reason: 'text', outcome: 'text|null', outcome_reason: 'text|null' }],
  },
  Approval: {
    round: 'int', claims: ['uuid'], file_no: 'text', filed_at: 'time', decision: 'text|null', doc_no: 'text|null',
    doc_date: 'date|null', reason: 'text|null', decided_at: 'time|null',
  },
  CreditCheck: { at: 'time', step: 'text', units: ['uuid'], problems: ['any'] },
  Application: { total_wan: 'wan', asked_wan: 'wan', statement: 'text', '*': 'any' },
  Fundable: {
    eligible: 'bool', min_wan: 'wan|null', max_wan: 'wan|null', reasons: ['any'],
    tranches: [{ trigger: 'text', fen: 'int' }],
  },
  Funding: {
    eligible: 'bool', min_fen: 'int|null', max_fen: 'int|null', reasons: ['any'],
    tranches: [{ trigger: 'text', fen: 'int' }],
  },
  Claim: claim,
  ClaimLine: row(claim, ['content', 'due', 'form?'], {
    partners: [{ unit: 'Ref', duty: 'text', share_pct: 'number', state: 'text', 'digest?': 'hash', 'signed_at?': 'time',
      'reason?': 'text' }],
  }),
  ClaimContent: {
    leader: { name: 'text', title: 'text|null', duty: 'text|null', 'in_post?': 'bool', '*': 'any' },
    'team?': [{ name: 'text', '*': 'any' }], 'achievements?': [{ '*': 'any' }], 'plan?': 'text',
    'responses?': [{ indicator: 'text', commit: 'text|null', '*': 'any' }],
    'milestones?': [{ name: 'text', due: 'date', '*': 'any' }],
    'budget?': [{ source: 'text', amount_wan: 'wan', '*': 'any' }], 'ip?': { '*': 'text' }, 'risk?': 'text',
    'commitments?': { '*': 'bool' },
  },
  Partner: {
    unit: 'Ref', duty: 'text', share_pct: 'number|null', state: 'text', digest: 'hash|null', signed_at: 'time|null',
    reason: 'text|null',
  },
  Receipt: { number: 'text', time: 'time', digest: 'hash' },
  Notice: { ...notice, body: noticeBody },
  NoticeBrief: notice,
  NoticeLine: row(notice, ['owner']),
  Objection: objection,
  ObjectionLine: row(objection, ['steps'], { steps: ['StepLine'] }),
  StepLine: {
    at: 'time', event: 'text', label: 'Words', 'from?': 'text', to: 'text', role: 'text', 'unit?': 'text',
    'person?': 'text', 'reason?': 'text', version: 'int',
  },
  ObjectionReceipt: { notice: 'uuid', receipt_no: 'text', received_at: 'time', in_time: 'bool', digest: 'hash' },
  ContractParty: {
    role: 'text', unit: 'Ref', signer: 'text|null', signed_at: 'time|null', digest: 'hash|null',
  },
  ContractContent: {
    'from?': 'date', 'until?': 'date', 'subject?': 'text', 'indicators?': ['Indicator'],
    'milestones?': [{ name: 'text', due: 'date', 'amount_wan?': 'wan', '*': 'any' }],
    'money?': [{ source: 'text', tranche: 'text', trigger: 'text', amount_wan: 'wan', '*': 'any' }],
    'grant_reason?': 'text', 'ip?': { choice: 'text', 'text?': 'text' }, 'confidentiality?': 'text', 'acceptance?': 'text', 'change?': 'text',
    'dispute?': 'text', 'other?': 'text',
  },
  Gap: { field: 'text', code: 'text', key: 'text', '*': 'any' },
  Contract: contract,
  Project: project,
  ProjectLine: row(project),
  Desk: {
    waiting: [{ ...deskLine, machine: 'text', late: 'bool', 'when?': 'text', actions: ['Action'] }], needs: [deskLine],
    'counts?': { waiting: 'int', late: 'int', today: 'int', week: 'int' },
    'also?': [{ code: 'text', title: 'text', href: 'text', since: 'time' }], 'batches?': [deskLine], 'projects?': [deskLine],
    items: [deskLine], claims: [deskLine], panels: [{ '*': 'any' }], unread: 'int',
  },
  BoardLine: {
    id: 'uuid', number: 'text', title: 'text', state: 'State', posters: ['text'], claim_until: 'time',
    intents: 'int', teams: ['text'], claims: 'int', contacts: 'int', 'last?': { kind: 'text', at: 'time', 'unit?': 'text' }, quiet: 'bool',
  },
  HistoryLine: {
    seq: 'int', at: 'time', machine: 'text', kind: 'Words', item: { id: 'uuid', title: 'text', parent: 'uuid|null' }, event: 'text', label: 'Words',
    from: 'State|null', to: 'State', version: 'int', role: 'text', reason: 'text|null', withheld: 'bool', person: 'Ref|null', unit: 'text|null',
  },
  Message: { id: 'int', at: 'time', kind: 'text', 'item?': 'uuid', params: { '*': 'any' }, 'read_at?': 'time', 'sees?': 'bool' },
  InboxRead: { read: 'int' },
};
const { content: _content, gaps: _gaps, form: _form, ...contractBrief } = contract;
schemas.ContractBrief = contractBrief;

export const answers = {
  'GET /items': { 200: page('ItemLine', { 'facets?': { '*': '[ItemFacet]' } }) },
  'GET /items.atom': { 200: 'application/atom+xml' },
  'GET /notices.atom': { 200: 'application/atom+xml' },
  'GET /items.ics': { 200: 'text/calendar' },
  'GET /sitemap.xml': { 200: 'application/xml' },
  'GET /robots.txt': { 200: 'text/plain' },
  'GET /statistics': { 200: 'Statistics' },
  'GET /clocks': { 200: 'Clocks' },
  'GET /matchmaking': { 200: page('BoardLine', { counts: { open: 'int', intents: 'int', without: 'int', quiet: 'int' } }) },
  'GET /audit': { 200: { items: ['HistoryLine'], next: 'int|null', machines: [{ code: 'text', title: 'Words' }] } },
  'GET /items/{id}/stages': { 200: 'ItemStages' },
  'GET /items/{id}/questions': { 200: 'Questions' },
  'GET /items/{id}/questions/work': { 200: 'QuestionsWork' },
  'POST /items/{id}/questions': { 201: 'Question' },
  'GET /questions/{id}': { 200: 'Question' },
  'POST /questions/{id}/answer': { 200: 'Question' },
  'GET /items.csv': { 200: 'text/csv' },
  'GET /notices.csv': { 200: 'text/csv' },
  'GET /projects.csv': { 200: 'text/csv' },
  'GET /items/{id}': { 200: 'ItemPublic' },
  'GET /items/{id}/versions': { 200: 'ItemVersions' },
  'GET /items/{id}/work': { 200: 'ItemWork' },
  'POST /items/{id}/intents': { 201: 'Item' },
  'POST /items/{id}/intents/withdrawal': { 200: 'Item' },
  'POST /items/{id}/contacts': { 201: 'Item' },
  'POST /items/{id}/undertaking': { 201: 'Item' },
  'POST /items/{id}/extension': { 200: 'Item' },
  'POST /items/{id}/reissue': { 200: 'Item' },
  'POST /items/{id}/events': { 200: 'Item' },
  'GET /claims': { 200: page('ClaimLine') },
  'GET /items/{id}/claims': { 200: { items: ['Claim'] } },
  'POST /items/{id}/claims': { 201: 'Claim' },
  'GET /items/{id}/claims/{claim_id}': { 200: 'Claim' },
  'PUT /items/{id}/claims/{claim_id}': { 200: 'Claim' },
  'POST /items/{id}/claims/{claim_id}/signoff': { 200: 'Claim' },
  'POST /items/{id}/claims/{claim_id}/submission': { 201: 'Claim' },
  'GET /claims/{id}': { 200: 'Claim' },
  'POST /claims/{id}/events': { 200: 'Claim' },
  'GET /items/{id}/comparison': { 200: 'Comparison' },
  'POST /items/{id}/opening': { 200: 'Item', 202: 'Item' },
  'POST /items/{id}/choice': { 201: 'Item' },
  'POST /items/{id}/application': { 201: 'Item' },
  'POST /items/{id}/filing': { 201: 'Item' },
  'POST /items/{id}/approval': { 201: 'Item' },
  'GET /notices': { 200: page('NoticeLine') },
  'GET /notices/{id}': { 200: 'Notice' },
  'POST /items/{id}/notice': { 201: 'Notice' },
  'POST /batches/{id}/notices': { 201: 'Notice' },
  'POST /notices/{id}/objections': { 201: 'ObjectionReceipt' },
  'POST /notices/{id}/letters': { 201: 'Objection' },
  'GET /objections': { 200: page('ObjectionLine') },
  'GET /objections/{id}': { 200: 'Objection' },
  'POST /objections/{id}/events': { 200: 'Objection' },
  'POST /objections/{id}/answer': { 200: 'Objection' },
  'POST /items/{id}/contracts': { 201: 'Contract' },
  'GET /contracts/{id}': { 200: 'Contract' },
  'PUT /contracts/{id}': { 200: 'Contract' },
  'POST /contracts/{id}/events': { 200: 'Contract' },
  'POST /contracts/{id}/signatures': { 201: 'Contract' },
  'GET /projects': { 200: page('ProjectLine') },
  'GET /projects/{id}': { 200: 'Project' },
  'POST /projects/{id}/start': { 200: 'Project' },
  'GET /desk': { 200: 'Desk' },
  'GET /inbox': { 200: page('Message') },
  'POST /inbox/read': { 200: 'InboxRead' },
};
