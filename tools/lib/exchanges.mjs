// exchanges.mjs - the exchanges that clients have recorded (JB_TRACE), and which route each one met.
import fs from 'node:fs';

/** A function from (method, target) to the route of the table, or undefined. */
export function finder(routes) {
  const patterns = routes.map((route) => ({
    route,
    literal: route.path.split('{').length,
    match: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, (_, name) => (/id$/.test(name) ? '[0-9a-fA-F-]{36}' : '[^/]+'))}$`),
  })).sort((a, b) => a.literal - b.literal);
  return (method, target) => {
    const path = target.split('?')[0];
    const wanted = method === 'HEAD' ? 'GET' : method;
    return patterns.find(({ route, match }) => route.method === wanted && match.test(path))?.route;
  };
}

/** The exchanges of trace files, one after the other. */
export function* exchanges(files) {
  for (const file of files) {
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) if (line !== '') yield JSON.parse(line);
  }
}

/* --- examples --------------------------------------------------------------------------------- */

const SECRET = /^(password|new_password|csrf|token|one_time_token|secret|uri|code|recovery_codes)$/;

/** A value small enough to be read: a list's first entries, texts cut (where `cut`), secrets replaced. */
function shown(value, secret, cut) {
  if (Array.isArray(value)) return value.slice(0, cut ? 1 : 2).map((one) => shown(one, secret, cut));
  if (value === null || typeof value !== 'object') {
    return cut && typeof value === 'string' && value.length > 300 ? `${value.slice(0, 300)}…` : value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name,
    secret && SECRET.test(name) ? hidden(member) : shown(member, secret, cut)]));
}

const hidden = (value) => (Array.isArray(value) ? ['0'] : String(value).replace(/[0-9a-f]/g, '0').replace(/[^0]/g, 'x'));

/** The first success of each route, shortened. */
export function pickExamples(routes, files) {
  const find = finder(routes);
  const found = {};
  for (const { method, path, type, request, status, headers, response } of exchanges(files)) {
    const route = status < 300 && method !== 'HEAD' && find(method, path);
    const name = route && `${method} ${route.path}`;
    const form = type === 'application/x-www-form-urlencoded';
    if (!route || name in found || form || (headers['content-type'] ?? '').startsWith('text/plain')) continue;
    const secret = /^\/(session|account|accounts|first-admin|password-reset|users)\b/.test(route.path);
    const example = { status };
    if (request !== undefined) example.request = typeof request === 'string' && /json/.test(type) ? JSON.parse(request || '{}') : request;
    if (typeof example.request === 'object') example.request = shown(example.request, secret, false);
    if (response !== '') example.response = shown(response, secret, true);
    found[name] = example;
  }
  return Object.fromEntries(routes.map((route) => `${route.method} ${route.path}`)
    .filter((name) => name in found).map((name) => [name, found[name]]));
}
