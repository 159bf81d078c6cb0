// checker.mjs - after the faults: does the database hold what clients were told, once, and nothing
// that contradicts it? Returns the violations found, in words; an empty array is good.

/** A: rows that a query finds wrong. */
const rules = {
  'a challenge has one award at most':
    `select l.id from workflow.item l join workflow.item c on c.parent = l.id and c.machine = 'claim' and c.state in ('won', 'contracted')
      group by l.id having count(*) > 1`,
  'versions are a total order without a gap':
    `select i.id from workflow.item i left join workflow.history h on h.item = i.id
      group by i.id having count(h) <> i.version or max(h.version) <> i.version or min(h.version) <> 1`,
  'every state has its history':
    `select i.id from workflow.item i where not exists (
       select from workflow.history h where h.item = i.id and h.version = i.version and h.to_state = i.state)`,
  'every step starts where the one before ended':
    `select h.item as id from workflow.history h join workflow.history b on b.item = h.item and b.version = h.version - 1
      where h.from_state is distinct from b.to_state`,
  'a step is told once':
    `select item as id from workflow.outbox where kind = 'moved' and payload ? 'version'
      group by item, payload ->> 'version' having count(*) > 1`,
  'every step is told':
    `select h.item as id from workflow.history h where h.version > 1 and h.from_state <> h.to_state and not exists (
       select from workflow.outbox o where o.item = h.item and (o.payload ->> 'version')::int = h.version)`,
  'a person is told of a thing once':
    'select item as id from workflow.inbox group by person, outbox, item having count(*) > 1',
};

async function byQuery(sql) {
  const found = [];
  for (const [name, text] of Object.entries(rules)) {
    for (const { id } of await sql(text)) found.push(`${name}: ${id}`);
  }
  for (const row of await sql('select * from ops.verify() where not ok')) found.push(`verify: ${row.check}: ${row.detail}`);
  return found;
}

/** What was acknowledged under a key is there under the key, as it was told. */
async function answersKept(sql, log) {
  const kept = new Map((await sql("select key, status, md5(body::text) as body from workflow.idempotency where status is not null"))
    .map((row) => [row.key, row]));
  return log.acknowledged.filter((op) => op.key && kept.get(op.key)?.status !== op.status)
    .map((op) => `lost: ${op.login} ${op.method} ${op.path}, key ${op.key}`);
}

/** The step that an answer shows is in the history. */
async function stepsKept(sql, log) {
  const steps = new Set((await sql('select item, version, to_state from workflow.history'))
    .map((h) => `${h.item} ${h.version} ${h.to_state}`));
  return log.acknowledged.filter(({ document: d }) => d?.id && d.version && d.state?.code)
    .filter(({ document: d }) => !steps.has(`${d.id} ${d.version} ${d.state.code}`))
    .map((op) => `lost: ${op.login} ${op.method} ${op.path} → ${op.document.state.code}, version ${op.document.version}`);
}

/** Of an item that only the generators touch, each step was acknowledged once and each answer is a step. */
async function stepsOnce(sql, chains) {
  const rows = await sql("select item, string_agg(event, ' ' order by version) as events from workflow.history group by item");
  const steps = new Map(rows.map((row) => [row.item, row.events]));
  const titles = new Map((await sql("select title, count(*)::int as n from workflow.item where machine = 'need' group by title"))
    .map((row) => [row.title, row.n]));
  const found = [];
  for (const { id, title, events } of chains) {
    if (steps.get(id) !== events.join(' ')) found.push(`${title}: acknowledged ${events}, in the history ${steps.get(id)}`);
    if (titles.get(title) !== 1) found.push(`${title}: made ${titles.get(title) ?? 0} times`);
  }
  return found;
}

/** What ended before another began has the lower version. */
function inOrder(log) {
  const newest = new Map();
  const found = [];
  const ends = log.acknowledged.filter(({ document: d }) => d?.id && d.version && d.state).sort((a, b) => a.ended - b.ended);
  for (const op of ends) {
    const before = newest.get(op.document.id);
    if (before && before.ended < op.began && before.document.version > op.document.version) {
      found.push(`${op.method} ${op.path}: version ${op.document.version} after ${before.document.version}`);
    }
    if (!before || before.document.version < op.document.version) newest.set(op.document.id, op);
  }
  return found;
}

/** `sql`: runs a query and gives its rows; `chains`: {id, title, events} of the generators' items. */
export async function violations(sql, log, chains) {
  return [...await byQuery(sql), ...await answersKept(sql, log), ...await stepsKept(sql, log),
    ...await stepsOnce(sql, chains), ...inOrder(log)];
}
