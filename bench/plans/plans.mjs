// plans.mjs CONNINFO [--plans-only] [/route] - runs every case on the city that city/*.sql has made and looks at it
// in three ways: the time of five calls (their median), the plans of all statements inside (auto_explain),
// and the pages they touched. The time that the server's process stood in the queue for a processor
// (/proc/self/schedstat) is taken off: it tells of the machine's other work, not of the read.
//
// All calls go through one connection, like those of a gateway: a function that has been called with
// one filter and has kept its plan must be as good with the next. Fails on a sequential scan that ran
// over a table of more than 10,000 rows, and on a median over 50 ms.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { cases } from './cases.mjs';

const [conninfo, ...flags] = process.argv.slice(2);
const plansOnly = flags.includes('--plans-only');
const LIMIT_MS = 50, BIG_TABLE = 10000, TIMES = plansOnly ? 0 : 5;
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** The psql script: a session for everybody, then each case warmed, timed and explained. */
function* script(list) {
  yield `\\set ON_ERROR_STOP on\nset client_min_messages = warning;\nload 'auto_explain';\n`;
  yield `update auth.session set seen_at = now(), reauth_at = now(), ends_at = now() + interval '1 day';\n`; // of a city that was kept
  yield `select fixture.session(r) from unnest(array['member','county','officer','leader','city','expert','broker','sysadmin','secadmin','auditor']) r \\g /dev/null\n`;
  yield `select 'big ' || c.oid::regclass || ' ' || c.reltuples::bigint from pg_class c where c.relkind = 'r' and c.reltuples > ${BIG_TABLE};\n`;
  yield `create or replace function bench.queued() returns text language sql security definer as $$ select 'queued ' || split_part(pg_read_file('/proc/self/schedstat'), ' ', 2) $$;\n`;
  yield 'grant usage on schema bench to jb_gateway; grant execute on function bench.queued() to jb_gateway;\n';
  yield `set auto_explain.log_nested_statements = on; set auto_explain.log_analyze = on; set auto_explain.log_timing = off;\n`;
  yield `set auto_explain.log_buffers = on; set auto_explain.log_verbose = on; set auto_explain.log_level = 'notice'; set client_min_messages = notice;\n`;
  yield 'set auto_explain.log_min_duration = -1;\nset role jb_gateway;\n';
  yield "\\unset ON_ERROR_STOP\n";
  for (const [n, { sql }] of list.entries()) {
    yield `\\echo case ${n}\n\\warn case ${n}\n`;
    yield `reset role; set auto_explain.log_min_duration = 0; set role jb_gateway;\n`;
    yield `select 'status ' || a.status || ' ' || coalesce(json_array_length(case json_typeof(a.body -> 'items') when 'array' then a.body -> 'items' end), 1) from (${sql}) a;\n`;
    yield `reset role; set auto_explain.log_min_duration = -1; set role jb_gateway;\n`;
    if (!TIMES) continue;
    yield `\\timing on\nselect bench.queued();\n${`${sql} \\g /dev/null\nselect bench.queued();\n`.repeat(TIMES)}\\timing off\n`;
    yield `reset role; set auto_explain.log_min_duration = 0; set role jb_gateway;\n${sql} \\g /dev/null\nreset role; set auto_explain.log_min_duration = -1; set role jb_gateway;\n`;
  }
}

/** Reads what psql says: times and answers on one stream, plans on the other. */
async function listen(child, list) {
  const big = new Map(), errors = [];
  const results = list.map((item) => ({ ...item, times: [], wall: [], scans: new Set(), buffers: 0, status: 0, rows: 0 }));
  let at = null, to = null, wall = 0, skip = false;
  const answers = (line) => {
    let m;
    if ((m = /^case (\d+)/.exec(line))) at = results[m[1]];
    else if ((m = /^big (\S+) (\d+)/.exec(line))) big.set(m[1], Number(m[2]));
    else if ((m = /^status (\d+) (\d+)/.exec(line))) [at.status, at.rows] = [Number(m[1]), Number(m[2])];
    else if ((m = /^Time: ([\d.]+) ms/.exec(line))) [wall, skip] = skip ? [wall, false] : [Number(m[1]), false]; // not of the question itself
    else if ((m = /^queued (\d+)/.exec(line))) {
      if (at.queued !== undefined) {
        at.wall.push(wall);
        at.times.push(Math.max(0, wall - (Number(m[1]) - at.queued) / 1e6));
      }
      at.queued = Number(m[1]);
      skip = true;
    }
  };
  let first = false;
  const plans = (line) => {
    let m;
    if ((m = /^case (\d+)/.exec(line))) to = results[m[1]];
    else if (/ERROR: {2}not_found/.test(line)) { if (to) to.status = 404; } // a paper that this role may not see
    else if (/ERROR:/.test(line)) errors.push(`${to?.path ?? ''} ${to?.role ?? ''} ${JSON.stringify(to?.query ?? '')}: ${line}`);
    else if (line.includes('duration: ')) first = true;
    else if ((m = /Seq Scan on (\S+).*\(actual rows=(\d+) loops=(\d+)\)/.exec(line))) to?.scans.add(m[1].replaceAll('"', ''));
    // the statement itself comes last of those inside it, and its pages are theirs together
    else if (first && (m = /^\s*Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(line))) {
      if (to) to.buffers = Number(m[1] ?? 0) + Number(m[2] ?? 0);
      first = false;
    }
  };
  readline.createInterface({ input: child.stdout }).on('line', answers);
  readline.createInterface({ input: child.stderr }).on('line', plans);
  await once(child, 'close');
  return { big, errors, results };
}

function judge({ big, errors, results }) {
  const faults = [...errors];
  for (const r of results) {
    r.ms = median(r.times) ?? 0; // none where only plans are asked for
    r.bad = [...r.scans].filter((table) => big.has(table));
    const what = `${r.path} ${r.role} ${JSON.stringify(r.query ?? {})}`;
    if (r.bad.length) faults.push(`${what}: reads all of ${r.bad.join(', ')}`);
    if (r.ms > LIMIT_MS) faults.push(`${what}: ${r.ms.toFixed(1)} ms`);
    if (r.status !== 200 && (r.status !== 404 || !results.some((other) => other.path === r.path && other.status === 200))) {
      faults.push(`${what}: answers ${r.status || 'nothing'}`);
    }
  }
  return faults;
}

/** In short, without those who read what another reads: the leader as the officer, and so on. */
const only = flags.find((flag) => flag.startsWith('/')); // one route, while working at it
const list = cases().filter(({ path, role }) => (!only || path === only) && (!plansOnly || !['leader', 'secadmin', 'broker'].includes(role)));
const child = spawn('psql', ['-X', '-qAt', '-d', conninfo], { stdio: ['pipe', 'pipe', 'pipe'] });
child.stdin.on('error', () => {}); // it ended first; its own error says why
child.stdin.end([...script(list)].join(''));
const seen = await listen(child, list);
const faults = judge(seen);

/** One row a route and role: its slowest query. */
const groups = new Map();
for (const r of seen.results) {
  const key = `${r.path} ${r.role}`;
  const worst = groups.get(key);
  groups.set(key, { n: (worst?.n ?? 0) + 1, r: worst && worst.r.ms + worst.r.buffers / 1e6 >= r.ms + r.buffers / 1e6 ? worst.r : r });
}
console.log(['route', 'as', 'queries', 'slowest', 'rows', 'ms', 'pages'].join(' | '));
console.log('--- | --- | --: | --- | --: | --: | --:');
for (const { n, r } of groups.values()) console.log([r.path, r.role, n, `\`${JSON.stringify(r.query ?? {})}\``, r.rows, r.ms.toFixed(1), r.buffers].join(' | '));
for (const fault of faults) console.log(`FAULT ${fault}`);
const slowest = seen.results.reduce((a, b) => (a.ms > b.ms ? a : b));
console.log(JSON.stringify({ rows: seen.big.get('core.need') ?? 0, big_tables: seen.big.size, reads: seen.results.length, faults: faults.length,
  seq_scans: seen.results.filter((r) => r.bad.length).length, over_50_ms: seen.results.filter((r) => r.ms > LIMIT_MS).length,
  slowest_ms: Number(slowest.ms.toFixed(1)), slowest: `${slowest.path} ${slowest.role} ${JSON.stringify(slowest.query ?? {})}`,
  wall_over_50_ms: seen.results.filter((r) => median(r.wall) > LIMIT_MS).length, median_ms: Number(median(seen.results.map((r) => r.ms)).toFixed(2)), most_pages: Math.max(...seen.results.map((r) => r.buffers)) }));
process.exitCode = faults.length ? 1 : 0;
