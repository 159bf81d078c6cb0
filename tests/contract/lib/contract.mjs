// contract.mjs - the contract as its readers see it: openapi.yaml read by another program than the one
// that wrote it, and documents held against it.
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { finder } from '../../../tools/lib/exchanges.mjs';
import { gatewayTables, root } from '../../../tools/lib/openapi.mjs';
import { bin } from '../../lib/city.mjs';

export { root } from '../../../tools/lib/openapi.mjs';

const file = path.join(root, 'proto/openapi.yaml');
const toJson = 'import json,sys,yaml; json.dump(yaml.load(open(sys.argv[1]), getattr(yaml, "CSafeLoader", yaml.SafeLoader)), sys.stdout)';

export const contract = JSON.parse(execFileSync('/usr/bin/python3', ['-c', toJson, file], { encoding: 'utf8', maxBuffer: 1 << 28 }));
export const { routes, problems } = gatewayTables(bin);
export const routeOf = finder(routes);

/** [{ name, operation }] of the contract, named as routes are. */
export const operations = Object.entries(contract.paths).flatMap(([where, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${where}`, operation })));

export const operationOf = (route) => contract.paths[route.path]?.[route.method.toLowerCase()];

/** A JSON pointer from the names of its steps. */
export const pointer = (...names) => names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/* --- documents against schemas ---------------------------------------------------------------- */

const formats = [/^[0-9a-f]{8}-[0-9a-f-]{27}$/, /^[0-9a-f]{64}$/, /^\d{4}-\d\d-\d\d$/, /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/];

/** What of a value can matter to a schema: two with the same shape need only one look. */
function shape(value) {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shape))].sort().join()}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((name) => `${/^[0-9a-f-]{36}$/.test(name) ? '*' : name}:${shape(value[name])}`).join()}}`;
  }
  if (typeof value === 'string') return `s${formats.findIndex((format) => format.test(value))}`;
  if (typeof value === 'number') return Number.isInteger(value) ? 'i' : 'n';
  return String(value);
}

/** Documents to be held against schemas of the contract. */
export class Cases {
  #seen = new Set();
  #lines = [];

  get size() {
    return this.#lines.length;
  }

  add(name, schema, value) {
    const key = `${schema} ${shape(value)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#lines.push(JSON.stringify({ name, schema, value }));
  }

  /** The faults found, one line each. */
  faults() {
    const end = spawnSync('/usr/bin/python3', [path.join(root, 'tests/contract/lib/validate.py'), file],
      { input: `${this.#lines.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (end.status !== 0) throw new Error(end.stderr);
    return end.stdout.split('\n').filter(Boolean);
  }
}

/** What is wrong with an exchange beside its document's shape; adds that to `cases`. */
export function look(exchange, cases) {
  const { method, path: target, status, headers, response } = exchange;
  const name = `${method} ${target} ${status}`;
  const type = (headers['content-type'] ?? '').split(';')[0];
  const route = routeOf(method, target);
  if (status >= 400) return refusal({ name, status, type, response, method }, route, cases);
  // files of the static folder are no part of it
  if (!route) return status === 204 || method === 'OPTIONS' || !type.includes('json') ? [] : [`${name}: not a route of the contract`];
  const answer = operationOf(route).responses[status];
  if (!answer) return [`${name}: the contract knows no ${status} here`];
  if (method === 'HEAD' || status === 304) return [];
  if (!answer.content) return response === '' ? [] : [`${name}: a body where none is promised`];
  if (!(type in answer.content)) return [`${name}: ${type}, not ${Object.keys(answer.content)}`];
  cases.add(name, pointer('paths', route.path, method.toLowerCase(), 'responses', status, 'content', type, 'schema'), response);
  return [];
}

function refusal({ name, status, type, response, method }, route, cases) {
  if (method === 'HEAD') return [];
  if (type !== 'application/problem+json') return [`${name}: ${type} for a problem`];
  const slug = response.type.replace('/problems/', '');
  cases.add(name, '/components/schemas/Problem', response);
  if (contract['x-problems'][slug]?.status !== status) return [`${name}: no problem '${slug}' of ${status}`];
  // a message can be refused before any route is looked at, and at a path of no route
  const declared = route === undefined || [404, 405, 413, 414, 501, 505].includes(status)
    || String(status) in operationOf(route).responses;
  return declared ? [] : [`${name}: the contract knows no ${status} (${slug}) here`];
}
