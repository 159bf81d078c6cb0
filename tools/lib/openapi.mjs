// openapi.mjs - the document of the public contract, put together from three sources: the routes and
// forms that the gateway prints (--routes), the schemas of the answers (proto/schemas), and the
// examples (proto/examples.json). Nothing of it is written twice.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fieldSchema, formSchema, schemaOf } from './schema.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** { routes, problems } as the gateway of `bin` has them. */
export function gatewayTables(bin = path.join(root, 'build/bin')) {
  return JSON.parse(execFileSync(path.join(bin, 'jiebang-gateway'), ['--routes'],
    { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/** { schemas, answers } of all files in proto/schemas. */
export async function documents() {
  const all = { schemas: {}, answers: {} };
  const folder = path.join(root, 'proto/schemas');
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.mjs')).sort()) {
    const part = await import(path.join(folder, file));
    for (const [kind, members] of Object.entries({ schemas: part.schemas, answers: part.answers })) {
      for (const [name, value] of Object.entries(members)) {
        if (name in all[kind]) throw new Error(`${file}: '${name}' stands in another file already`);
        all[kind][name] = value;
      }
    }
  }
  return all;
}

export function examplesOf() {
  return JSON.parse(fs.readFileSync(path.join(root, 'proto/examples.json'), 'utf8'));
}

/* --- one operation ---------------------------------------------------------------------------- */

export const routeName = (route) => `${route.method} ${route.path}`;
const has = (route, flag) => route.flags.includes(flag);
const isPublic = (route) => route.perm.includes('public');
const ref = (kind, name) => ({ $ref: `#/components/${kind}/${name}` });

function operationId(route) {
  const parts = route.path.split('/').filter(Boolean)
    .map((part) => (part.startsWith('{') ? `by-${part.slice(1, -1)}` : part));
  return [route.method.toLowerCase(), ...parts].join('-').replaceAll('_', '-');
}

function parameters(route) {
  const list = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name, in: 'path', required: true, schema: /id$/.test(name) ? { type: 'string', format: 'uuid' } : { type: 'string' },
  }));
  if (route.method === 'GET') {
    for (const field of route.form ?? []) {
      const { type, ...schema } = fieldSchema({ ...field, required: true });
      list.push({ name: field.name, in: 'query', required: field.required, schema: { type: [type].flat()[0], ...schema } });
    }
    list.push(ref('parameters', 'IfNoneMatch'));
  } else {
    if (route.method === 'POST') list.push(ref('parameters', has(route, 'no_key') ? 'MaybeKey' : 'Key'));
    if (route.args.includes('r')) list.push(ref('parameters', 'IfMatch'));
  }
  return [...list, ref('parameters', 'Language')];
}

const pascal = (text) => text.replace(/(^|-)(\w)/g, (_, dash, letter) => letter.toUpperCase());

/** The forms by their content: routes that take the same share a schema, named after the first. */
class Bodies {
  schemas = {};
  #names = new Map();

  ref(route) {
    const schema = formSchema(route.form ?? []);
    const text = JSON.stringify(schema);
    if (!this.#names.has(text)) {
      const name = route.form?.length ? `${pascal(operationId(route).replace(/-by-\w+/g, ''))}Body` : 'NothingBody';
      if (name in this.schemas) throw new Error(`two forms would be called ${name}`);
      this.#names.set(text, name);
      this.schemas[name] = schema;
    }
    return ref('schemas', this.#names.get(text));
  }
}

function requestBody(route, example, bodies) {
  if (route.method === 'GET' || route.method === 'DELETE') return undefined;
  if (has(route, 'upload')) {
    return { required: true, content: { 'text/csv': { schema: { type: 'string' }, ...(example && { example: example.request }) } } };
  }
  const schema = bodies.ref(route);
  return {
    required: (route.form ?? []).some((field) => field.required),
    content: {
      'application/json': { schema, ...(example && { example: example.request ?? {} }) },
      'application/x-www-form-urlencoded': { schema },
    },
  };
}

/** The statuses of problems that this operation may answer; `default` is there for the rest. */
export function refusals(route) {
  const statuses = ['400', '401', '408', '421', '422', '429', '431', '500', '503'];
  if (!isPublic(route) || route.method !== 'GET') statuses.push('403');
  if (route.path.includes('{')) statuses.push('404');
  if (route.method !== 'GET') statuses.push('409', '413', '415');
  if (['/session', '/session/reauth', '/account/password'].includes(route.path)) statuses.push('423');
  return [...new Set(statuses)].sort();
}

function success(route, what, example) {
  const headers = route.method === 'GET' ? { ETag: ref('headers', 'ETag') } : { ETag: ref('headers', 'ETag'), Location: ref('headers', 'Location') };
  const media = typeof what === 'string' && what.includes('/');
  const answer = { description: route.summary };
  if (what === null) return answer;
  answer.headers = headers;
  answer.content = media ? { [what]: { schema: { type: 'string' } } } : { 'application/json': { schema: schemaOf(what) } };
  if (example) Object.values(answer.content)[0].example = example.response;
  return answer;
}

const twoDoors = (route) => (route.method === 'GET' ? [{ session: [] }, { token: [] }] : [{ session: [], csrf: [] }, { token: [] }]);

function operation(route, answers, example, bodies) {
  const responses = {};
  for (const [status, what] of Object.entries(answers)) {
    responses[status] = success(route, what, example && String(example.status) === status ? example : undefined);
  }
  if (route.method === 'GET' && !has(route, 'text')) responses['304'] = { description: 'unchanged since the ETag of If-None-Match' };
  for (const status of refusals(route)) responses[status] = ref('responses', `Problem${status}`);
  responses.default = ref('responses', 'Problem');
  const body = requestBody(route, example, bodies);
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split('/')[1]],
    'x-permission': route.perm,
    ...(has(route, 'reauth') && { 'x-reauth': true }),
    ...(has(route, 'cached') && { 'x-cached': true }),
    security: isPublic(route) ? [{}, ...twoDoors(route)] : twoDoors(route),
    parameters: parameters(route),
    ...(body && { requestBody: body }),
    responses,
  };
}

/* --- the whole document ----------------------------------------------------------------------- */

const header = (name, description, schema, required = false) => ({ name, in: 'header', required, description, schema });

function components(tables, schemas, bodies) {
  const problem = (description) => ({
    description, content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } } });
  const responses = { Problem: problem('a refusal; `type` ends in a slug of x-problems') };
  for (const status of [...new Set(tables.problems.map((one) => one.status))].sort()) {
    const slugs = tables.problems.filter((one) => one.status === status).map((one) => one.slug);
    responses[`Problem${status}`] = problem(slugs.join(', '));
  }
  return {
    securitySchemes: {
      session: { type: 'apiKey', in: 'cookie', name: '__Host-jb', description: 'set by POST /session' },
      csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token', description: 'from GET /session; a form may carry it as its field csrf' },
      token: { type: 'http', scheme: 'bearer', description: 'from POST /account/tokens' },
    },
    parameters: {
      Key: header('Idempotency-Key', 'a UUID that is reused when the same act is tried again', { type: 'string', format: 'uuid' }, true),
      MaybeKey: header('Idempotency-Key', 'not needed here', { type: 'string', format: 'uuid' }),
      IfMatch: header('If-Match', 'the version that the caller has seen; another one is refused with 409', { type: 'string' }),
      IfNoneMatch: header('If-None-Match', 'the ETag that the caller has; 304 when it still stands', { type: 'string' }),
      Language: header('Accept-Language', 'zh (as given) or en: the language of problems', { type: 'string' }),
    },
    headers: {
      ETag: { description: 'the version, to be given back in If-Match and If-None-Match', schema: { type: 'string' } },
      Location: { description: 'where the new thing is', schema: { type: 'string' } },
    },
    responses,
    schemas: Object.fromEntries(Object.entries(schemas).map(([name, source]) => [name, schemaOf(source)])
      .concat(Object.entries(bodies.schemas)).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The OpenAPI 3.1 document as data. A route without an answer, or the other way round, is an error. */
export function openapi(tables, { schemas, answers }, examples) {
  const names = new Set(tables.routes.map(routeName));
  const unused = Object.keys(answers).filter((name) => !names.has(name));
  if (unused.length > 0) throw new Error(`proto/schemas: no such route: ${unused.join(', ')}`);
  const paths = {};
  const bodies = new Bodies();
  for (const route of tables.routes) {
    const name = routeName(route);
    if (!answers[name]) throw new Error(`proto/schemas: no answer for ${name}`);
    paths[route.path] ??= {};
    paths[route.path][route.method.toLowerCase()] = operation(route, answers[name], examples[name], bodies);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '揭榜 Jiebang',
      version: '1',
      summary: 'The service on which a city runs 揭榜挂帅',
      description: 'Built by tools/openapi.mjs; do not edit. Money is in 万元 with at most 2 decimals, times are RFC 3339, '
        + 'problems are RFC 9457 in Chinese or English. Every POST takes an Idempotency-Key.',
    },
    servers: [{ url: 'https://localhost:8443' }],
    paths,
    components: components(tables, schemas, bodies),
    'x-problems': Object.fromEntries(tables.problems.map(({ slug, status, zh, en }) => [slug, { status, zh, en }])),
  };
}
