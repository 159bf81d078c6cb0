// cases.mjs - which reads are measured: every GET route of the gateway that asks the database, with
// its own statement, as every role that it lets in, with the filters that its form takes. A route that
// is not named here is asked for its first page; one that wants an id and is not named fails the run.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** Ids as city/*.sql makes them. */
const uuid = (text) => createHash('md5').update(text).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
export const id = (kind, n) => uuid(`bench ${kind} ${n}`);
const everybody = ['member', 'county', 'officer', 'leader', 'city', 'expert', 'broker', 'sysadmin', 'secadmin', 'auditor'];

function roles(permissions) {
  return permissions.split('|').map((word) => word.trim().replace('PERM_', '').toLowerCase()).flatMap((role) => ({
    public: ['public'], signed: everybody, bureau: ['officer', 'leader'], admins: ['sysadmin', 'secadmin'] }[role] ?? [role]));
}

/** The GET routes: {path, roles, sql, letters}. */
export function routes() {
  const folder = path.join(root, 'services/gateway/routes');
  const text = fs.readdirSync(folder).sort().map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n');
  return [...text.matchAll(/^ROUTE\("GET",\s*"([^"]+)",\s*([A-Z_|\s]+?),\s*"([^"]+)",\s*"(\w*)",\s*\w+,\s*([A-Z_|\s0]+),/gm)]
    .filter(([, , , , , flags]) => !flags.includes('ROUTE_TEXT')) // whole files, not pages
    .map(([, address, permissions, sql, letters]) => ({ path: address, roles: roles(permissions), sql, letters }))
    .concat(matchRoutes(text));
}

/** Of the routes that ask the match engine: the searches as the database answers them while it is away, and the
 *  question that an officer's request becomes. */
function matchRoutes(text) {
  return [...text.matchAll(/^MATCH\("GET",\s*"([^"]+)",\s*([A-Z_|\s]+?),\s*"(\w+)",/gm)].flatMap(([, address, , question]) => {
    const kind = { search_expert: 'expert', search_achievement: 'achievement', search_patent: 'patent', search_earlier: 'need' }[question];
    if (kind) return [{ path: address, roles: ['public'], sql: `select * from api.library_search('${kind}',$1::jsonb)`, letters: 'q' }];
    if (!address.includes('{id}') || question.endsWith('_teams')) return []; // the needs of this city have no indicators
    asked[address] ??= { queries: [{}], params: asked[address.replace(/\{id\}.*/, '{id}')]?.params ?? [batch] };
    return [{ path: address, roles: ['officer'], letters: 'srpq',
      sql: `select * from api.match_ask($1::bytea,$2::jsonb,'${question}',$3::uuid,$4::jsonb)` }];
  });
}

const batch = id('batch', 8);
const deep = { page: 50 }; // the last that a list shows at twenty a page
const word = '低缺陷抛光硅片', rare = '研发第1234号', nowhere = '量子计算';

/** Filters of an item's list: common and rare states, alone and with the rest. */
const states = (common, none) => [{}, deep, { state: common }, { state: common, ...deep }, { state: none }, { batch }, { batch, ...deep },
  { batch, state: common }, { batch, state: none }];
const words = (common, none) => [...states(common, none), { q: word }, { q: word, ...deep }, { q: rare }, { q: nowhere }, { q: word, batch },
  { q: word, state: common }];
const library = [{}, deep, { q: '半导体' }, { q: '半导体 抛光' }, { q: '半导体与抛光' }, { q: '技术1234' }, { q: '示例大学1234' }, { q: '硅' },
  { q: nowhere }, { field: 'bio' }, { division: '210700' }, { unit: id('unit', 1) }, { q: '半导体 抛光', facets: true }, { q: '储能', page: 10, size: 100 },
  { q: '储能', field: 'bio', division: '210700' }];
const kept = [{}, deep, { state: 'pending' }, { state: 'removed' }];
const one = [null];

/** What each route is asked for: its queries, and the path's parameters. */
export const asked = {
  '/needs': { queries: [...words('pooled', 'refused'), { q: '抛光硅片' }, { q: '抛光硅片', ...deep }] },
  '/claims': { queries: states('submitted', 'lapsed') },
  '/items': { queries: [...words('open', 'sealed'), { industry: '新能源' }, { field: '新材料及应用' }, { division: '2107' }, { list: id('list', 7) },
    { unit: id('unit', 1) }, { industry: '新能源', division: '210726', state: 'open' }, { open: true }, { open: true, sort: 'deadline' },
    { sort: 'deadline', ...deep }, { sort: 'budget' }, { open: true, q: word, sort: 'budget' }] },
  '/notices': { queries: [...states('running', 'revoked'), { item: id('item', 9) }] },
  '/projects': { queries: [...states('running', 'closed'), { item: id('item', 9) }] },
  '/objections': { queries: states('received', 'dismissed') },
  '/lists': { queries: states('published', 'dropped') },
  '/work/lists': { queries: states('published', 'dropped') },
  '/panels': { queries: states('open', 'dissolved') },
  '/recommendations': { queries: [{}, deep, { batch }, { batch, ...deep }] },
  '/batches': { queries: [{}, { programme: id('programme', 3) }] },
  '/work/batches': { queries: [{}, { programme: id('programme', 3) }] },
  '/programmes': { queries: [{}, { year: 2026 }] },
  '/work/programmes': { queries: [{}, { year: 2026 }] },
  '/desk': { queries: one },
  '/inbox': { queries: [{}, deep, { unread: true }, { unread: true, ...deep }] },
  '/units': { queries: [{}, deep, { q: '企业12' }, { q: '企业1234' }, { q: nowhere }, { state: 'verified' }, { state: 'pending' }, { state: 'suspended' },
    { kind: 'university' }, { kind: 'social' }, { division: '210726' }, { division: '999999' }, { recommender: id('recommender', 3) },
    { q: '企业12', kind: 'university' }] },
  '/users': { queries: [{}, deep, { q: 'bench12' }, { q: '人员1234' }, { q: nowhere }, { state: 'disabled' }, { q: 'bench12', state: 'disabled' }] },
  '/role-grants': { queries: [{}, deep, { state: 'open' }] },
  '/account-events': { queries: [{}, { before: 5000 }, { kind: 'password_changed' }, { kind: 'totp_reset' }, { account: id('person', 7) }, { object: id('unit', 7) },
    { kind: 'password_changed', account: id('person', 7) }] },
  '/reports/match': { queries: [{}, { outcome: 'contact' }, { outcome: 'choice' }, { outcome: 'signature' }] },
  '/terms': { queries: [{}, deep, { q: '碳化硅' }, { q: nowhere }, { rule: 'synonym' }, { state: 'off' }] }, '/terms/proposed': { queries: [{}] },
  '/credits': { queries: [{}, deep, { unit: id('unit', 1) }, { person: id('person', 7) }] },
  '/imports': { queries: [{}] },
  '/earlier-needs/similar': { queries: [{ title: '低缺陷抛光硅片半导体与硅片与抛光技术研究' }, { title: nowhere }] },
  '/codes': { queries: one }, '/codes/{list}': { queries: [{}], params: ['division'] }, '/calendar/{year}': { queries: one, params: ['2026'] },
  '/libraries': { queries: one }, '/recommenders': { queries: one }, '/presets/{name}/rules': { queries: one, params: ['jinzhou'] },
  '/sessions': { queries: one }, '/account': { queries: one }, '/account/tokens': { queries: one }, '/users/{id}': { queries: one, params: [id('person', 7)] },
  '/items/{id}/stages': { queries: one, params: [id('item', 1000)] }, '/items/{id}/questions': { queries: one, params: [id('item', 1000)] },
  '/items/{id}/questions/work': { queries: one, params: [id('item', 1000)] }, '/items/{id}/comparison': { queries: one, params: [id('item', 1000)] },
  '/statistics': { queries: one }, '/clocks': { queries: one },
  '/items/{id}': { queries: one, params: [id('item', 1000)] }, '/items/{id}/versions': { queries: one, params: [id('item', 1000)] },
  '/items/{id}/work': { queries: one, params: [id('item', 1000)] }, '/items/{id}/claims': { queries: one, params: [id('item', 1000)] },
  '/notices/{id}': { queries: one, params: [id('notice', 9)] }, '/projects/{id}': { queries: one, params: [id('project', 9)] },
  '/units/{id}': { queries: one, params: [id('unit', 1)] }, '/units/{id}/members': { queries: one, params: [id('unit', 1)] },
  '/units/{id}/relations': { queries: one, params: [id('unit', 1)] },
  '/programmes/{id}': { queries: one, params: [id('programme', 3)] }, '/programmes/{id}/work': { queries: one, params: [id('programme', 3)] },
  '/batches/{id}': { queries: one, params: [batch] }, '/batches/{id}/work': { queries: one, params: [batch] },
  '/lists/{id}': { queries: one, params: [id('list', 7)] }, '/lists/{id}/work': { queries: one, params: [id('list', 7)] },
  '/panels/{id}': { queries: one, params: [id('panel', 100)] }, '/recommendations/{id}': { queries: one, params: [id('letter', 8)] },
  '/objections/{id}': { queries: one, params: [id('objection', 9)] },
  '/needs/{id}': { queries: one, params: [id('need', 2000)] }, '/needs/{id}/check': { queries: one, params: [id('need', 2000)] },
  '/needs/{id}/versions': { queries: one, params: [id('need', 2000)] },
};
for (const [address, kind, queries] of [
  ['experts', 'expert', [...library, { title_level: 'senior' }, { q: '专家12345' }]],
  ['achievements', 'achievement', [...library, { trl_min: 6 }, { year: 2024 }]],
  ['patents', 'patent', library], ['earlier-needs', 'need', library]]) {
  asked[`/${address}`] = { queries };
  asked[`/${address}/kept`] = { queries: kept };
  asked[`/${address}/{id}`] = { queries: one, params: [id(kind, 7)] };
  asked[`/${address}/{id}/history`] = { queries: one, params: [id(kind, 7)] };
}
/** Single papers whose matter this city does not have. */
export const unasked = ['/contracts/{id}', '/questions/{id}', '/claims/{id}', '/memberships/{id}', '/terms/{id}', '/items/{id}/claims/{claim_id}', '/imports/{id}'];

const quoted = (value) => (value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`);

function statement(route, role, query, params = []) {
  const left = [...params];
  const session = role === 'public' ? null : `\\x${createHash('sha256').update(`session ${role}`).digest('hex')}`;
  const request = { rid: 'bench', ip: '192.0.2.1', lang: 'zh', query: query ?? {} };
  const values = [...route.letters].map((letter) => quoted({ s: session, r: JSON.stringify(request), q: JSON.stringify(query ?? {}) }[letter]
    ?? (letter === 'p' ? left.shift() : null)));
  return route.sql.replace(/\$(\d+)/g, (_, n) => values[n - 1]);
}

/** The cases: {path, role, query, sql}; throws when a route has none. */
export function cases() {
  const all = routes().filter((route) => !unasked.includes(route.path));
  const missing = all.filter((route) => !asked[route.path] && route.path.includes('{')).map((route) => route.path);
  if (missing.length) throw new Error(`no case in bench/plans/cases.mjs for ${missing.join(', ')}`);
  return all.flatMap((route) => route.roles.flatMap((role) => (asked[route.path] ?? { queries: [{}] }).queries.map((query) => (
    { path: route.path, role, query, sql: statement(route, role, query, asked[route.path]?.params) }))));
}
