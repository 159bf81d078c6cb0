// objects.mjs - for every name in a path, the things of a city that it can name. Tests that walk all
// routes take their paths from here; a route whose names are not listed makes them fail, so that a
// new one is walked too.

const items = (machine) => `select id from workflow.item where machine = '${machine}' order by created_at, id`;
const records = (kind) => `select id from lib.record where kind = '${kind}' order by state, title, id`;

/** `first/second/..` of the path up to the name, without other names → the values, as SQL or a list. */
const sources = {
  'problems/slug': ['not_found', 'internal'],
  'sessions/id': 'select id from auth.session order by id',
  'account/tokens/id': 'select id from auth.token order by id',
  'users/id': 'select id from auth.account order by login',
  'role-grants/id': 'select id from auth.role_grant order by id',
  'units/id': 'select id from party.unit order by name',
  'recommenders/id': 'select id from party.recommender order by code_local',
  'units/relations/parent_id': 'select parent as id, unit as first from party.unit_relation',
  'memberships/id': 'select id from party.membership order by id',
  'credits/id': 'select id from party.credit order by id',
  'codes/list': 'select distinct list as id from ref.code_list order by 1',
  'calendar/year': 'select year as id from ref.calendar_year order by 1',
  'experts/id': records('expert'),
  'achievements/id': records('achievement'),
  'patents/id': records('patent'),
  'earlier-needs/id': records('need'),
  'imports/id': 'select id from lib.import order by id',
  'imports/kind': ['unit', 'expert', 'achievement', 'patent', 'need'],
  'exports/kind': ['unit', 'expert', 'achievement', 'patent', 'need'],
  'terms/id': 'select id from lib.term order by id',
  'presets/name': 'select name as id from workflow.preset order by 1',
  'programmes/id': 'select id from core.programme order by id',
  'batches/id': items('batch'),
  'needs/id': items('need'),
  'recommendations/id': 'select id from core.recommendation order by id',
  'panels/id': items('panel'),
  'panels/drafts/subject_id': 'select subject as id, panel as first from core.panel_subject order by 1, 2',
  'panels/scores/subject_id': 'select subject as id, panel as first from core.panel_subject order by 1, 2',
  'lists/id': items('list'),
  'items/id': items('list_item'),
  'items/claims/claim_id': 'select id, item as first from core.claim order by 1',
  'questions/id': 'select id from core.question order by at, id',
  'claims/id': items('claim'),
  'notices/id': items('notice'),
  'objections/id': items('objection'),
  'contracts/id': items('contract'),
  'projects/id': items('project'),
};

/** The names of a route's path: [{ name, source }]. */
function namesOf(route) {
  const parts = route.path.split('/').slice(1);
  return parts.flatMap((part, i) => {
    if (!part.startsWith('{')) return [];
    const name = part.slice(1, -1);
    const key = [...parts.slice(0, i).filter((p) => !p.startsWith('{')), name].join('/');
    if (!(key in sources)) throw new Error(`${route.method} ${route.path}: ${key} is not in tests/lib/objects.mjs`);
    return [{ name, key }];
  });
}

/** Everything that the paths of a city can name: read once, asked for by `paths`. */
export async function objectsOf(town) {
  const found = {};
  for (const [key, source] of Object.entries(sources)) {
    found[key] = Array.isArray(source) ? source.map((id) => ({ id })) : await town.sql(source);
  }
  return {
    /** The paths of a route: `{id}` filled with each thing it can name, at most `limit` of them. */
    paths(route, limit = Infinity) {
      const names = namesOf(route);
      if (names.length === 0) return [route.path];
      const last = names.at(-1);
      const rows = found[last.key].slice(0, limit);
      return rows.map((row) => {
        const values = names.length === 1 ? [row.id] : [row.first, row.id];
        return route.path.replace(/\{\w+\}/g, () => encodeURIComponent(values.shift()));
      });
    },
    /** The same path, naming what does not exist. */
    absent(route) {
      namesOf(route);
      return route.path.replace(/\{(\w+)\}/g, (_, name) =>
        (/id$/.test(name) ? '00000000-0000-4000-8000-000000000000' : name === 'year' ? '1901' : 'no-such-thing'));
    },
  };
}

/** One account of the sample city for each role of the routes table; '' is the public. */
export const roleAccounts = {
  public: [''],
  member: ['poster1', 'poster14', 'team1', 'drafter1', 'pending1'],
  county: ['county1', 'county8'],
  officer: ['officer1'],
  leader: ['leader1'],
  city: ['city1'],
  expert: ['expert1', 'expert9'],
  broker: ['broker1'],
  sysadmin: ['sysadmin1'],
  secadmin: ['secadmin1'],
  auditor: ['auditor1'],
};
