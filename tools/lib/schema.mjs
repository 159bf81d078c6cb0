// schema.mjs - the short way of writing a schema (proto/schemas) made into JSON Schema 2020-12.

const kinds = {
  any: {},
  text: { type: 'string' },
  int: { type: 'integer' },
  number: { type: 'number' },
  bool: { type: 'boolean' },
  wan: { type: 'number', multipleOf: 0.01, description: '万元' },
  uuid: { type: 'string', format: 'uuid', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
  hash: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  date: { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
  time: {
    type: 'string',
    format: 'date-time',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$',
  },
  null: { type: 'null' },
};

function named(name) {
  if (name.startsWith('[')) return { type: 'array', items: schemaOf(name.slice(1, -1)) };
  if (name.startsWith('{*')) return { type: 'object', additionalProperties: schemaOf(name.slice(2, -1)) };
  if (/^[A-Z]\w*$/.test(name)) return { $ref: `#/components/schemas/${name}` };
  if (!(name in kinds)) throw new Error(`no kind '${name}' of schema`);
  return kinds[name];
}

function words(text) {
  const [first, second, ...more] = text.split('|');
  if (second === undefined) return named(first);
  const one = named(first);
  if (second === 'null' && more.length === 0 && typeof one.type === 'string') {
    return { ...one, type: [one.type, 'null'] };
  }
  return { anyOf: [first, second, ...more].map(named) };
}

function object(members) {
  const { '*': others, ...known } = members;
  const names = Object.keys(known);
  const required = names.filter((name) => !name.endsWith('?'));
  const properties = Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), schemaOf(known[name])]));
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    ...(names.length > 0 && { properties }),
    additionalProperties: others === undefined ? false : schemaOf(others),
  };
}

/** JSON Schema of what proto/schemas says. */
export function schemaOf(source) {
  if (typeof source === 'string') return words(source);
  if (Array.isArray(source)) return { type: 'array', items: schemaOf(source[0]) };
  return object(source);
}

/* --- what a form takes ------------------------------------------------------------------------ */

const lengths = (field, fallback) => ({
  ...(field.min > 0 && { minLength: field.min }),
  maxLength: field.max || fallback,
});
const range = (field, unit = 1) => (field.min === 0 && field.max === 0 ? {}
  : { minimum: field.min / unit, maximum: field.max / unit });
const entries = (field, items) => ({
  type: 'array', items, ...(field.min > 0 && { minItems: field.min }), maxItems: field.max || 100,
});

const fieldKinds = {
  text: (f) => ({ type: 'string', ...lengths(f, 200) }),
  prose: (f) => ({ type: 'string', ...lengths(f, 20000) }),
  secret: (f) => ({ type: 'string', format: 'password', ...lengths(f, 200) }),
  code: (f) => ({ type: 'string', pattern: '^[A-Za-z0-9._-]*$', ...lengths(f, 64) }),
  integer: (f) => ({ type: ['integer', 'string'], ...range(f) }),
  money: (f) => ({ type: ['number', 'string'], description: '万元, at most 2 decimals', ...range(f, 1e6) }),
  number: (f) => ({ type: ['number', 'string'], ...range(f) }),
  boolean: () => ({ type: ['boolean', 'string'] }),
  uuid: () => ({ type: 'string', format: 'uuid' }),
  date: () => ({ type: 'string', format: 'date' }),
  time: () => ({ type: 'string', format: 'date-time' }),
  enum: (f) => ({ type: 'string', enum: f.words.split(' ') }),
  credit_code: () => ({ type: 'string', description: '统一社会信用代码', minLength: 18, maxLength: 40 }),
  email: () => ({ type: 'string', format: 'email' }),
  phone: () => ({ type: 'string', description: '11-digit mobile or area-number[-extension]' }),
  object: (f) => formSchema(f.fields),
  list: (f) => entries(f, formSchema(f.fields)),
  words: (f) => ({ ...entries({ ...f, min: 0 }, { type: 'string', maxLength: 40 }), type: ['array', 'string'] }),
  ids: (f) => ({ ...entries(f, { type: 'string', format: 'uuid' }), type: ['array', 'string'] }),
  json: (f) => ({ type: 'object', description: `at most ${f.max || 65536} bytes` }),
};

/** Schema of one field of a form; an optional one may be null, an empty text counts as absent. */
export function fieldSchema(field) {
  const make = fieldKinds[field.kind];
  if (!make) throw new Error(`no schema for the field kind '${field.kind}'`);
  const schema = make(field);
  if (field.required) return schema;
  const { minLength, minItems, ...open } = schema;
  if (open.enum) return { ...open, type: ['string', 'null'], enum: [...open.enum, '', null] };
  return { ...open, type: [open.type, 'null'].flat() };
}

/** Schema of a body: what jiebang-gateway --routes says of a form. */
export function formSchema(fields) {
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    additionalProperties: false,
  };
}
