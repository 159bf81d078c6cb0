// programme.mjs - programmes, batches, needs, recommendations, panels, lists: from 设榜 to the published list.
import { head, page, row } from './common.mjs';

const window = {
  unit: 'text', length: 'int', cutoff_hour: 'int', written_only: 'bool', objection_timestamp: 'text',
  include_publication_day: 'bool',
};
const criterion = {
  code: 'text', name: 'text', weight: 'number', 'anchors?': [{ from: 'number', to: 'number', text: 'text' }],
};
const who = { kinds: ['text'], verified: 'bool', divisions: ['text'] };

const preset = { name: 'text', zh: 'text', en: 'text' };
const programme = {
  id: 'uuid', code: 'text', name: 'text', year: 'int', doc_no: 'text|null', goal: 'text|null', preset,
  industries: ['text'], targets: [{ name: 'text', 'unit?': 'text', 'value?': 'any', '*': 'any' }], rules: 'Rules', state: 'State',
  batches: [{ id: 'uuid', name: 'text', state: 'text' }], sample: 'bool', version: 'int', created_at: 'time',
  actions: ['Action'],
};
const briefProgramme = {
  id: 'uuid', code: 'text', name: 'text', year: 'int', preset: 'text', industries: ['text'],
};
const listRef = { id: 'uuid', number: 'text', title: 'text' };
const batch = {
  ...head, name: 'text', doc_no: 'text|null', body: 'text|null', rolling: 'bool', solicit_from: 'time|null',
  solicit_until: 'time|null', programme: { ...briefProgramme, rules: 'Rules' }, lists: [listRef],
  changes: [{ event: 'text', at: 'time', before: 'time|null', until: 'time', reason: 'text|null' }],
};

const content = {
  title: 'text', 'industry?': 'text', 'fields?': ['text'], 'industry_code?': 'text', 'discipline?': 'text',
  'problem?': 'text', 'key_tech?': 'text', 'goal?': 'text', 'indicators?': ['Indicator'], 'budget_wan?': 'wan',
  'cash_wan?': 'wan', 'year_from?': 'int', 'year_until?': 'int', 'keywords?': ['text'], 'solution?': 'text',
  'activity?': 'text', 'ip?': 'text', 'ip_note?': 'text', 'conditions?': 'text', 'disclosure?': 'text',
};
const need = {
  ...head, kind: 'text', origin: 'text', unit: 'Ref', posters: ['Ref'], recommender: 'Ref|null',
  'industry?': 'text|null', 'field?': 'text|null', 'division?': 'text|null', 'budget_wan?': 'wan|null',
  'cash_wan?': 'wan|null', content: 'NeedContent', 'wording?': 'NeedContent', opinion: '[Opinion]|null',
  'merged_into?': 'uuid', 'merged_from?': [{ id: 'uuid', unit: 'Ref', title: 'text' }], sample: 'bool', steps: ['Step'],
  'call?': { id: 'uuid', name: 'text', until: 'time|null', industries: ['text'] }, 'formal_checks?': ['text'],
  'latest?': 'NeedContent', editable: 'bool',
};

const panel = {
  ...head, kind: 'text', name: 'text', held_on: 'date|null', place: 'text|null', quorum: 'int', pass_mark: 'number',
  drop_extremes: 'bool', criteria: [criterion], me: { chair: 'bool', state: 'text' },
};

const list = {
  ...head, number: 'text', doc_no: 'text|null', minutes_no: 'text|null', body: 'text|null', claim_until: 'time',
  items: [{
    item: 'uuid|null', need: 'uuid', ordinal: 'int', number: 'text|null', title: 'text|null', masking: 'text',
    claim_until: 'time', max_winners: 'int',
  }],
  content: 'ListContent|null', canonical: 'text|null', hash: 'hash|null', frozen_at: 'time|null',
  published_at: 'time|null',
};
const listLine = {
  id: 'uuid', number: 'text', title: 'text', state: 'text', batch: 'uuid', 'doc_no?': 'text', claim_until: 'time',
  count: 'int', entries: 'int', version: 'int', 'hash?': 'hash', 'published_at?': 'time',
};

export const schemas = {
  Rules: {
    need: {
      must: ['text'], max_years: 'int|null', rd_bands: ['any'], budget_floor: 'int|null', revenue_floor: 'int|null',
      formal_checks: ['text'], min_indicators: 'int', cash_min_pct_of_city_grant: 'number|null',
    },
    panel: { min: 'int', quorum: 'int', pass_mark: 'number', show_names: 'bool', drop_extremes: 'bool' },
    quota: { per_unit: 'int|null', per_recommender: 'int|null' },
    times: { contract_days: 'int' },
    claims: { sealed: 'bool', max_winners: 'int', max_partners: 'int', leader_max_items: 'int|null' },
    notice: { award: window, result: window, argument: window },
    criteria: { need: [criterion], claim: [criterion] },
    eligibility: { poster: who, claimant: who },
    funding_rule: {
      basis: 'text', pct_min: 'number|null', pct_max: 'number|null', cap: 'int|null', cap_includes_prior: 'bool',
      min_amount: 'int|null', floor_total: 'int|null', floor_poster_cash: 'int|null', match_ratio: 'number|null',
      pay_mode: 'text', tranches: [{ pct: 'number', trigger: 'text' }],
    },
  },
  PresetRules: { preset: 'text', rules: 'Rules', shape: ['RuleSection'] },
  RuleSection: {
    section: 'text', rules: [{
      path: 'text', field: 'text', kind: 'text', min: 'number|null', max: 'number|null', words: '[text]|null', nullable: 'bool', value: 'any',
    }],
  },
  Programme: programme,
  ProgrammeWork: { ...programme, shape: ['RuleSection'] },
  ProgrammeLine: row(programme, ['rules']),
  Batch: batch,
  BatchLine: row(batch, ['programme', 'owner', 'batch', 'parent'], { programme: briefProgramme }),
  BatchWork: { ...batch, counts: {
    needs: { '*': 'int' }, recommenders: { '*': 'int' }, funnel: [{ state: 'text', n: 'int' }], counties: [{ name: 'text', n: 'int' }],
  }, steps: ['Step'], choices: ['ListChoice'] },
  ListChoice: {
    need: 'uuid', title: 'text|null', unit: 'text|null', masking: 'text', average: 'number|null', rank: 'int|null', here: 'bool',
  },
  Indicator: {
    name: 'text', 'op?': 'text', 'value?': 'text', 'value2?': 'text', 'unit?': 'text', 'test_method?': 'text',
    'must?': 'bool', 'basis?': 'text', 'commit?': 'text', 'promised?': 'text',
  },
  NeedContent: {
    ...content, 'kind?': 'text', 'origin?': 'text', 'posters?': ['Ref'], 'partner_wish?': 'text',
    'background?': 'text', 'tried?': 'text', 'finance?': { '*': 'wan' }, 'commitments?': { '*': 'bool' },
    'secret?': 'bool', 'contact?': { '*': 'text' },
  },
  Opinion: {
    panel: 'text', held_on: 'date|null', conclusion: 'text', text: 'text', 'average?': 'number', 'rank?': 'int',
    'counted?': 'int',
  },
  Need: need,
  NeedLine: row(need, ['content', 'wording', 'opinion', 'steps', 'posters', 'origin', 'sample', 'parent', 'cash_wan',
    'division', 'merged_from', 'call', 'formal_checks',
    'latest', 'editable'], { 'keywords?': ['text'] }),
  NeedCheck: { complete: 'bool', gaps: [{ field: 'text', code: 'text', level: 'text', '*': 'any' }] },
  NeedVersion: {
    n: 'int', kind: 'text', note: 'text|null', at: 'time', hash: 'hash', content: 'NeedContent',
    change: [{ path: 'text', from: 'any', to: 'any' }],
  },
  Recommendation: {
    id: 'uuid', batch: 'uuid', recommender: 'Ref', letter_no: 'text', letter_date: 'date', signer: 'text',
    summary: 'text', at: 'time', total_wan: 'wan',
    needs: [{
      need: 'uuid', ordinal: 'int', title: 'text', unit: 'Ref', state: 'text', opinion: 'text', years: 'text|null',
      'industry?': 'text|null', 'budget_wan?': 'wan|null',
    }],
  },
  Panel: {
    ...panel, me: 'MySeat|null',
    members: [{
      person: 'uuid', name: 'text', title: 'text|null', chair: 'bool', state: 'text', reason: 'text|null',
      answered_at: 'time|null',
    }],
    subjects: ['PanelSubject'], sheets: { '*': { scores: { '*': 'number' }, comment: 'text|null' } },
    papers: { '*': { scores: { '*': 'number' }, comment: 'text|null', draft: 'bool', at: 'time', given: 'int', of: 'int' } },
    conclusion: 'ConclusionDraft|null',
  },
  ConclusionDraft: {
    missing: 'int', opinions: [{
      subject: 'uuid', title: 'text', average: 'number|null', counted: 'int', rank: 'int|null', sheets: 'int', expected: 'int',
      conclusion: 'text', text: 'text',
    }],
  },
  MySeat: { chair: 'bool', state: 'text' },
  PanelSubject: {
    subject: 'uuid', machine: 'text', title: 'text', state: 'text', unit: 'text|null', mine: 'bool',
    recusals: [{ person: 'uuid', reason: 'text', source: 'text' }],
    sheets: [{
      person: 'uuid', at: 'time', scores: { '*': 'number' }, total: 'number', comment: 'text|null', version: 'int',
    }],
    opinion: 'Conclusion|null',
  },
  Conclusion: {
    conclusion: 'text', text: 'text', average: 'number|null', rank: 'int|null', counted: 'int|null', at: 'time',
  },
  PanelCandidate: {
    person: { id: 'uuid', name: 'text', title: 'text|null' }, units: [{ id: 'uuid', name: 'text' }], record: 'uuid|null', panels: 'int',
    conflicts: [{ subject: 'uuid', title: 'text', unit: 'text' }],
  },
  PanelLine: row({ ...panel, me: 'text|null' }, ['quorum', 'pass_mark', 'drop_extremes', 'criteria', 'members'],
    { subjects: 'int' }),
  ListContent: {
    number: 'text', title: 'text', doc_no: 'text|null', minutes_no: 'text|null', body: 'text|null',
    programme: { code: 'text', name: 'text', year: 'int' },
    items: [{
      number: 'text', ordinal: 'int', masking: 'text', claim_until: 'time', max_winners: 'int', digest: 'hash',
      content: 'NeedContent',
    }],
  },
  List: list,
  ListWork: {
    ...list, steps: ['Step'], choices: ['ListChoice'],
    preview: '[ListPreview]|null',
  },
  ListPreview: { need: 'uuid', masking: 'text', content: 'NeedContent' },
  ListPublic: {
    id: 'uuid', batch: 'uuid', number: 'text', title: 'text', doc_no: 'text|null', body: 'text|null',
    content: 'ListContent', canonical: 'text', hash: 'hash', claim_until: 'time', published_at: 'time',
    items: [{
      id: 'uuid', number: 'text', title: 'text', state: 'State', industry: 'text', masking: 'text', revision: 'int',
      claim_until: 'time',
    }],
  },
  ListLine: listLine,
};

export const answers = {
  'GET /programmes': { 200: page('ProgrammeLine') },
  'POST /programmes': { 201: 'Programme' },
  'GET /programmes/{id}': { 200: 'Programme' },
  'PUT /programmes/{id}': { 200: 'Programme' },
  'POST /programmes/{id}/events': { 200: 'Programme' },
  'GET /programmes/{id}/work': { 200: 'ProgrammeWork' },
  'GET /work/programmes': { 200: page('ProgrammeLine') },
  'GET /presets/{name}/rules': { 200: 'PresetRules' },
  'GET /batches': { 200: page('BatchLine') },
  'POST /programmes/{id}/batches': { 201: 'Batch' },
  'GET /batches/{id}': { 200: 'Batch' },
  'PUT /batches/{id}': { 200: 'Batch' },
  'GET /batches/{id}/work': { 200: 'BatchWork' },
  'POST /batches/{id}/events': { 200: 'Batch' },
  'POST /batches/{id}/prolongation': { 200: 'Batch' },
  'GET /work/batches': { 200: page('BatchLine') },
  'GET /needs': { 200: page('NeedLine') },
  'POST /needs': { 201: 'Need' },
  'POST /needs/merge': { 201: 'Need' },
  'GET /needs/{id}': { 200: 'Need' },
  'PUT /needs/{id}': { 200: 'Need' },
  'GET /needs/{id}/check': { 200: 'NeedCheck' },
  'POST /needs/{id}/check': { 200: 'NeedCheck' },
  'GET /needs/{id}/versions': { 200: { items: ['NeedVersion'] } },
  'POST /needs/{id}/submission': { 200: 'Need' },
  'POST /needs/{id}/wording': { 200: 'Need' },
  'POST /needs/{id}/events': { 200: 'Need' },
  'GET /recommendations': { 200: page('Recommendation') },
  'POST /recommendations': { 201: 'Recommendation' },
  'GET /recommendations/{id}': { 200: 'Recommendation' },
  'GET /panels': { 200: page('PanelLine') },
  'GET /panel-candidates': { 200: page('PanelCandidate') },
  'POST /panels': { 201: 'Panel' },
  'GET /panels/{id}': { 200: 'Panel' },
  'POST /panels/{id}/members': { 200: 'Panel' },
  'POST /panels/{id}/answer': { 200: 'Panel' },
  'POST /panels/{id}/recusals': { 200: 'Panel' },
  'PUT /panels/{id}/scores/{subject_id}': { 200: 'Panel' },
  'PUT /panels/{id}/drafts/{subject_id}': { 200: 'Panel' },
  'GET /panels/{id}/sheets.csv': { 200: 'text/csv' },
  'POST /panels/{id}/sheets': { 200: 'Panel' },
  'POST /panels/{id}/conclusion': { 200: 'Panel' },
  'POST /panels/{id}/events': { 200: 'Panel' },
  'GET /lists': { 200: page('ListLine') },
  'POST /lists': { 201: 'List' },
  'GET /lists/{id}': { 200: 'ListPublic' },
  'PUT /lists/{id}': { 200: 'List' },
  'GET /lists/{id}/work': { 200: 'ListWork' },
  'POST /lists/{id}/freezing': { 200: 'List' },
  'POST /lists/{id}/publication': { 200: 'List' },
  'POST /lists/{id}/events': { 200: 'List' },
  'GET /work/lists': { 200: page('ListLine') },
};
