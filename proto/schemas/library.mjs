// library.mjs - code lists, the calendar, the four libraries, imports and exports.
import { page } from './common.mjs';

const optional = (names, kind) => Object.fromEntries(names.split(' ').map((name) => [`${name}?`, kind]));

/** What a library's record holds: lib.field, and `names` with the words of its codes. */
const fields = {
  expert: {
    name: 'text', title_level: 'text', fields: ['text'],
    ...optional('gender unit_name unit_code unit_nature department duty post education degree school expert_class'
      + ' research record papers projects intro division', 'text'),
    ...optional('strategic discipline keywords', ['text']),
  },
  achievement: {
    title: 'text', fields: ['text'], 'trl?': 'int',
    ...optional('industry trl_scale stage application intro innovation prospect benefit cases award holder unit_name'
      + ' unit_code division cooperation', 'text'),
    ...optional('patents keywords', ['text']),
  },
  patent: {
    number: 'text', title: 'text', 'licence_fee_wan?': 'wan', 'filed_on?': 'date',
    ...optional('unit_name unit_code patent_state licence_mode division intro', 'text'),
    ...optional('inventors ipc strategic fields keywords', ['text']),
  },
  need: {
    title: 'text', nature: 'text', year: 'int', 'budget_wan?': 'wan',
    ...optional('requirement field_stated industry unit_name claimant province city division money_note deadline'
      + ' list_name outcome', 'text'),
    ...optional('fields keywords', ['text']),
  },
};

const provenance = { source: 'text', date: 'date|null', sample: 'bool' };
const found = (kind) => ({
  id: 'uuid', library: 'text', unit: 'uuid|null', names: { '*': 'text|[text]' }, provenance, 'passages?': ['MatchPassage'], ...fields[kind],
});
const record = (kind) => ({
  ...found(kind), person: 'uuid|null', state: 'text', state_reason: 'text|null', version: 'int', may_edit: 'bool',
  created_at: 'time', 'private?': { '*': 'text' }, provenance: { ...provenance, refreshed_at: 'time' },
});

const field = {
  name: 'text', type: 'text', header: 'Words', list: 'text|null', required: 'bool', private: 'bool', min: 'int|null',
  max: 'int|null',
};

/** A row of the bureau's term list; `rule` keep, synonym, stop or bridge; `state` on or off. */
const term = {
  id: 'uuid', rule: 'text', term: 'text', other: 'text|null', weight: 'number', note: 'text|null', state: 'text',
  source: 'text', version: 'int', by: 'text|null', at: 'time', created_at: 'time',
};

export const schemas = {
  CodeListLine: {
    list: 'text', edition: 'text', standard: 'text', title: 'Words', effective_from: 'date|null', current: 'bool',
    source: 'text|null', count: 'int',
  },
  CodeList: {
    list: 'text', edition: 'text', standard: 'text', title: 'Words', effective_from: 'date|null', current: 'bool',
    source: 'text|null',
    items: [{ code: 'text', name: 'Words', level: 'int', 'parent?': 'text', 'valid_to?': 'date' }],
  },
  CalendarLine: { year: 'int', source: 'text|null', days: 'int' },
  Calendar: {
    year: 'int', source: 'text', loaded_at: 'time', days: [{ day: 'date', off: 'bool', name: 'text|null' }],
  },
  Library: { library: 'text', path: 'text', title: 'Words', fields: [field] },
  Expert: record('expert'), ExpertLine: found('expert'),
  Achievement: record('achievement'), AchievementLine: found('achievement'),
  Patent: record('patent'), PatentLine: found('patent'),
  EarlierNeed: record('need'), EarlierNeedLine: found('need'),
  SimilarNeed: {
    id: 'uuid', names: { '*': 'text|[text]' }, provenance, likeness: 'number', 'unit?': 'uuid', 'library?': 'text',
    ...fields.need,
  },
  Facet: { value: 'text', name: 'text|null', count: 'int' },
  RecordVersion: {
    version: 'int', why: 'text', data: { '*': 'any' }, private: { '*': 'any' }, state: 'text', reason: 'text|null',
    person: 'text|null', import: 'uuid|null', by: 'text|null', at: 'time',
  },
  Import: {
    id: 'uuid', library: 'text', state: 'text', version: 'int', digest: 'hash', rows: 'int', columns: ['text'],
    counts: { insert: 'int', update: 'int', same: 'int', repeat: 'int', bad: 'int' },
    errors: [{ row: 'int', code: 'text', '*': 'any' }],
    preview: [{ row: 'int', action: 'text', target: 'uuid|null', data: { '*': 'any' } }],
    at: 'time', by: 'text|null', applied_at: 'time|null', undone_at: 'time|null',
  },
  Term: term,
  TermWithPast: {
    ...term,
    history: [{ version: 'int', why: 'text', data: { '*': 'any' }, by: 'text|null', at: 'time' }],
  },
  ProposedTerm: { word: 'text', records: 'int' },
  TermImport: { rows: 'int', added: 'int', changed: 'int', same: 'int' },
  ImportLine: {
    id: 'uuid', library: 'text', state: 'text', rows: 'int', version: 'int', at: 'time', by: 'text|null',
  },
};

const shelves = { experts: 'Expert', achievements: 'Achievement', patents: 'Patent', 'earlier-needs': 'EarlierNeed' };

export const answers = {
  'GET /codes': { 200: { items: ['CodeListLine'] } },
  'GET /codes/{list}': { 200: 'CodeList' },
  'PUT /codes/{list}': { 200: 'CodeList' },
  'GET /codes/{list}/table.csv': { 200: 'text/csv' },
  'POST /codes/{list}/table': { 200: 'CodeList' },
  'POST /calendar/{year}/table': { 200: 'Calendar' },
  'GET /calendar': { 200: { items: ['CalendarLine'] } },
  'GET /calendar/{year}': { 200: 'Calendar' },
  'PUT /calendar/{year}': { 200: 'Calendar' },
  'GET /libraries': { 200: { items: ['Library'] } },
  'GET /earlier-needs/similar': { 200: { items: ['SimilarNeed'] } },
  'GET /imports': { 200: page('ImportLine') },
  'POST /imports/{kind}': { 201: 'Import' },
  'GET /imports/{id}': { 200: 'Import' },
  'POST /imports/{id}/apply': { 200: 'Import' },
  'POST /imports/{id}/undo': { 200: 'Import' },
  'GET /terms': { 200: page('Term') },
  'POST /terms': { 201: 'Term' },
  'GET /terms/proposed': { 200: page('ProposedTerm') },
  'POST /terms/import': { 200: 'TermImport' },
  'GET /terms/{id}': { 200: 'TermWithPast' },
  'PUT /terms/{id}': { 200: 'Term' },
  'DELETE /terms/{id}': { 200: 'Term' },
  'GET /exports/{kind}': { 200: 'text/csv' },
};
for (const [path, name] of Object.entries(shelves)) {
  answers[`GET /${path}`] = { 200: page(`${name}Line`, { more: 'bool', 'facets?': { '*': '[Facet]' }, engine: 'MatchEngine' }) };
  answers[`POST /${path}`] = { 201: name };
  answers[`GET /${path}/kept`] = { 200: page(name) };
  answers[`GET /${path}/{id}`] = { 200: name };
  answers[`PUT /${path}/{id}`] = { 200: name };
  answers[`POST /${path}/{id}/state`] = { 200: name };
  answers[`GET /${path}/{id}/history`] = { 200: { items: ['RecordVersion'] } };
}
for (const step of ['link', 'unlink']) answers[`POST /experts/{id}/${step}`] = { 200: 'Expert' };
