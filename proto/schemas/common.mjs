// common.mjs - what many documents share, and how a schema is written here.
//
// A schema is a plain object: member → kind. `name?` may be absent, `text|null` may be null, `[x]` is a
// list, `{ '*': x }` has names that are data, and a capital names another schema. Members that are not
// listed are not in the answer. The kinds (text, uuid, time, wan, ..) are in tools/lib/schema.mjs.

/** What workflow.head() gives of anything that has a state. */
export const head = {
  id: 'uuid', machine: 'text', preset: 'text', state: 'State', version: 'int', title: 'text',
  batch: 'uuid|null', parent: 'uuid|null', owner: 'uuid|null', since: 'time', due: 'time|null',
  created_at: 'time', actions: ['Action'],
};

/** An answer of one page; `more` schemas beside the items. `sample` stands there, true, where the database holds sample data. */
export const page = (of, more = {}) => ({ 'sample?': 'bool', items: [of], page: 'int', size: 'int', total: 'int', ...more });

/** All of a short list. */
export const all = (of) => ({ items: [of], total: 'int' });

/** A line of a list: the document without what `omit` names, and without its nulls. */
export function row(document, omit = [], more = {}) {
  const line = {};
  for (const [name, kind] of Object.entries(document)) {
    const bare = name.replace('?', '');
    if (omit.includes(bare)) continue;
    const nullable = typeof kind === 'string' && kind.endsWith('|null');
    line[nullable ? `${bare}?` : name] = nullable ? kind.slice(0, -5) : kind;
  }
  return { ...line, ...more };
}

export const schemas = {
  Words: { zh: 'text', 'en?': 'text|null' },
  State: { code: 'text', zh: 'text', en: 'text', 'final?': 'bool' },
  Ref: { id: 'uuid', name: 'text' },
  Action: { event: 'text', label: 'Words', method: 'text', href: 'text', weighty: 'bool', fields: ['ActionField'] },
  ActionField: { name: 'text', kind: 'text', 'required?': 'bool', '*': 'any' },
  Step: {
    at: 'time', event: 'text', label: 'Words', from: 'text|null', to: 'text', role: 'text', unit: 'text|null',
    person: 'text|null', reason: 'text|null', version: 'int',
  },
  Problem: {
    type: 'text', title: 'text', status: 'int', detail: 'text', instance: 'text',
    'errors?': ['FieldError'], 'params?': { '*': 'any' },
  },
  FieldError: { field: 'text', code: 'text', 'message?': 'text', '*': 'any' },
  ProblemKind: { type: 'text', slug: 'text', status: 'int', zh: 'text', en: 'text' },
  Status: { status: 'text' },
  Front: {
    service: 'Words', bureau: 'text|null', sample: { flag: 'bool', 'zh?': 'text', 'en?': 'text' },
    counts: { open_items: 'int', closing_soon: 'int', open_programmes: 'int' }, at: 'time',
    links: [{ rel: 'text', href: 'text', label: 'Words' }],
  },
};

export const answers = {
  'GET /': { 200: 'Front' },
  'GET /healthz': { 200: 'Status' },
  'GET /readyz': { 200: 'Status' },
  'GET /metrics': { 200: 'text/plain' },
  'GET /problems/{slug}': { 200: 'ProblemKind' },
};
