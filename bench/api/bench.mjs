// bench.mjs - see bench/README.md. Brings its own cluster (the disk is waited for), plays the sample
// city, starts two gateways, and measures each pair in turns: A B A B ..., medians at the end.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Client } from '../../tests/lib/client.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const short = process.argv.includes('--short');
const rounds = short ? 1 : Number(/^--rounds=(\d+)$/.exec(process.argv.find((a) => a.startsWith('--rounds=')) ?? '')?.[1] ?? 5);
const seconds = short ? 2 : 5;
const connections = 16; // to the database, in all: two gateways of 8
const clients = 64;
const port = 26000 + 10 * Math.floor(Math.random() * 500); // gateways share ports: a clash would be silent
const place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbb-'));
fs.chmodSync(place, 0o755);
const children = [];
const sh = (file, args, options = {}) => execFileSync(file, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28, ...options });
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function start(name, file, args, env = {}) {
  const log = fs.openSync(path.join(place, `${name}.log`), 'w');
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  children.push(child);
  return child;
}

function stopAll() {
  if (process.env.JB_KEEP) return;
  for (const child of children) child.kill('SIGTERM');
  try { sh(path.join(root, 'tools/cluster'), ['stop', place]); } catch { /* it may never have started */ }
  fs.rmSync(place, { recursive: true, force: true });
}
process.on('exit', stopAll);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

const wrk = (url, ...more) => {
  const out = sh('wrk', ['-t2', `-c${clients}`, `-d${seconds}s`, ...more.slice(0, more.indexOf('--') < 0 ? more.length : more.indexOf('--')), url,
    ...(more.includes('--') ? more.slice(more.indexOf('--')) : [])]);
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(out)?.[1] ?? /Socket errors: (.*)/.exec(out)?.[1];
  if (bad && !/connect 0, read 0, write 0/.test(bad)) throw new Error(`wrk ${url}: errors: ${bad}`);
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]), count: Number(/(\d+) requests in/.exec(out)[1]) };
};

async function ready(url, path = '/readyz') {
  const client = new Client(url);
  for (let i = 0; i < 200; i += 1) {
    try { if ((await client.get(path)).status === 200) { client.close(); return; } } catch { /* not yet */ }
    await pause(50);
  }
  throw new Error(`${url} is not ready`);
}

// --- the city ---------------------------------------------------------------------------------
console.log('preparing: a cluster with fsync, the played sample city');
sh(path.join(root, 'tools/cluster'), ['start', place]);
sh(path.join(root, 'tools/template'), ['jinzhou_played', place]);
const host = /host=(\S+)/.exec(sh(path.join(root, 'tools/cluster'), ['conninfo', place]))[1];
const conninfo = (user, database = 'template_jinzhou_played') => `host=${host} user=${user} dbname=${database}`;
const psql = (text, more = []) => sh('psql', ['--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', ...more, '-d', conninfo('postgres')], { input: text });
const prepared = short ? 4000 : 120000;
sh('psql', ['--no-psqlrc', '-q', '-v', `n=${prepared}`, '-f', path.join(root, 'bench/api/claims.sql'), '-d', conninfo('postgres')]);
fs.writeFileSync(path.join(place, 'todo'), psql("select item || ' ' || claim from bench.todo order by n"));

sh('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
  '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', `${place}/tls.key`, '-out', `${place}/tls.crt`]);
fs.chmodSync(`${place}/tls.key`, 0o400);
fs.writeFileSync(`${place}/secret`, 'b'.repeat(64), { mode: 0o400 });

/** Two gateways on one port, as ./run starts them. `cache`: MiB of answer cache, 0: none. */
async function gateways(name, secure, plain, cache) {
  const pair = [1, 2].map((n) => start(`${name}${n}`, path.join(root, 'build/bin/jiebang-gateway'), [`--port=${secure}`, `--plain=${plain}`,
    `--cert=${place}/tls.crt`, `--key=${place}/tls.key`, `--secret=${place}/secret`, '--access_log=off', `--pool=${connections / 2}`,
    `--cache_mb=${cache}`, '--ip_connections=20000', '--idle_ms=600000'], { DATABASE_URL: conninfo('jb_gateway') }));
  await ready(`http://127.0.0.1:${plain}`);
  return pair;
}
await gateways('bare', port, port + 1, 0);
const cached = await gateways('cached', port + 2, port + 3, 64);
const bare = `http://127.0.0.1:${port + 1}`;
const item = psql("select id from workflow.item where machine = 'list_item' and state = 'started' limit 1").trim();
const readPath = `/items/${item}`;
const first = await new Client(bare).get(readPath);
if (first.status !== 200) throw new Error(`the item cannot be read: ${first.text}`);
start('fastify', process.execPath, [path.join(root, 'build/bench/fastify-server.mjs'), host, 'template_jinzhou_played', String(port + 4), String(connections)]);
await ready(`http://127.0.0.1:${port + 4}`, readPath);

// nginx serves the very bytes of the list with the very headers
const list = await new Client(`http://127.0.0.1:${port + 3}`).get('/items?size=50');
fs.mkdirSync(`${place}/www`);
fs.writeFileSync(`${place}/www/items`, list.raw);
const skip = new Set(['date', 'content-type', 'content-length', 'etag', 'connection', 'x-request-id', 'keep-alive']);
fs.writeFileSync(`${place}/nginx.conf`, `worker_processes 2; error_log ${place}/nginx.log; pid ${place}/nginx.pid; daemon off; user root;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on; open_file_cache max=100; default_type application/json;
  client_body_temp_path ${place}/t1; proxy_temp_path ${place}/t2; fastcgi_temp_path ${place}/t3; uwsgi_temp_path ${place}/t4; scgi_temp_path ${place}/t5;
  ${Object.entries(list.headers).filter(([h]) => !skip.has(h)).map(([h, v]) => `add_header ${h} "${v}";`).join('\n  ')}
  server { listen 127.0.0.1:${port + 5} reuseport; root ${place}/www; } }\n`);
start('nginx', 'nginx', ['-c', `${place}/nginx.conf`]);
await pause(500);

// --- reads -------------------------------------------------------------------------------------
const result = {};
const pgbench = (file, user = 'jb_gateway') => {
  const out = sh('pgbench', ['-h', host, '-U', user, '-n', '-M', 'prepared', '-c', String(connections), '-j', '2', '-T', String(seconds), '-f', file, 'template_jinzhou_played']);
  return Number(/tps = ([\d.]+)/.exec(out)[1]);
};
fs.writeFileSync(`${place}/read.sql`, `select * from api.item_public('${item}'::uuid);\n`);

const rates = {};
const turn = (name, rate) => { (rates[name] ??= []).push(rate); console.log(`  ${name.padEnd(16)} ${Math.round(rate).toLocaleString('en').padStart(9)} /s`); };
for (let round = 1; round <= rounds; round += 1) {
  console.log(`round ${round} of ${rounds}`);
  turn('read', wrk(bare + readPath).rate);
  turn('pgbench read', pgbench(`${place}/read.sql`));
  turn('fastify read', wrk(`http://127.0.0.1:${port + 4}${readPath}`).rate);
  turn('read over TLS', wrk(`https://127.0.0.1:${port}${readPath}`).rate);
  turn('cached list', wrk(`http://127.0.0.1:${port + 3}/items?size=50`).rate);
  turn('nginx list', wrk(`http://127.0.0.1:${port + 5}/items`).rate);
}

// --- claims ------------------------------------------------------------------------------------
const team = new Client(bare);
await team.signIn('team4', /password of all: (\S+)/.exec(fs.readFileSync(path.join(root, 'samples/jinzhou/accounts.txt'), 'utf8'))[1]);
const session = psql("select encode(s.hash, 'hex') from auth.session s join auth.account a on a.id = s.account where a.login = 'team4' order by s.created_at desc limit 1").trim();
fs.writeFileSync(`${place}/claim.sql`, `select a.status from bench.todo t, lateral api.claim_submit('\\x${session}'::bytea,
  jsonb_build_object('key', gen_random_uuid(), 'fp', 'bench', 'rid', 'bench', 'ip', '127.0.0.1', 'lang', 'zh'), t.item, t.claim, '${'ab'.repeat(32)}') a
 where t.n = (select nextval('bench.seq')::int);\n`);
let next = 1;
const share = Math.floor(prepared / (2 * rounds));
for (let round = 1; round <= rounds; round += 1) {
  const done = wrk(bare, '-s', path.join(root, 'bench/api/claims.lua'), '--', path.join(place, 'todo'), team.cookies, team.csrf, String(next), String(next + share - 1));
  if (done.count > share) throw new Error(`more claims were submitted than prepared: ${done.count}`);
  turn('claim', done.rate);
  next += share;
  psql(`select setval('bench.seq', ${next})`);
  turn('pgbench claim', pgbench(`${place}/claim.sql`));
  next += share;
}
const sealed = Number(psql("select count(*) from core.claim c join bench.todo t on t.claim = c.id where c.sealed is not null"));
if (sealed < rates.claim[0]) throw new Error('the claims were not submitted');

// --- idle connections --------------------------------------------------------------------------
const pss = () => cached.reduce((sum, p) => sum + Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${p.pid}/smaps_rollup`, 'utf8'))[1]), 0);
async function idle(count) {
  const before = pss();
  const sockets = [];
  for (let i = 0; i < count; i += 100) {
    await Promise.all(Array.from({ length: 100 }, () => new Promise((resolve, reject) => {
      const socket = tls.connect({ host: '127.0.0.1', port: port + 2, servername: 'localhost', rejectUnauthorized: false });
      sockets.push(socket);
      socket.on('secureConnect', () => socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'));
      socket.once('data', resolve);
      socket.on('error', reject);
    })));
  }
  await pause(1000);
  const kib = (pss() - before) / count;
  for (const socket of sockets) socket.destroy();
  return kib;
}
result.idle_tls_kib = Number((await idle(short ? 1000 : 5000)).toFixed(2));

// --- latency at half load: an open loop, so that a stall is not hidden ---------------------------
const half = median(rates.read) / 2;
const log = path.join(place, 'latency');
sh('h2load', ['--h1', '-t1', `-c${clients}`, `--rps=${Math.max(1, Math.round(half / clients))}`, '-D', String(short ? 3 : 15), `--log-file=${log}`, bare + readPath]);
const micros = fs.readFileSync(log, 'utf8').trim().split('\n').map((line) => Number(line.split('\t')[2])).sort((a, b) => a - b);
result.p99_ms_half_load = Number((micros[Math.floor(micros.length * 0.99)] / 1000).toFixed(2));

const ratio = (a, b) => Number((median(rates[a]) / median(rates[b])).toFixed(3));
Object.assign(result, {
  read_vs_pgbench: ratio('read', 'pgbench read'), read_vs_fastify: ratio('read', 'fastify read'), cached_vs_nginx: ratio('cached list', 'nginx list'),
  claim_vs_pgbench: ratio('claim', 'pgbench claim'), tls_keeps: ratio('read over TLS', 'read') });
for (const [name, all] of Object.entries(rates)) result[`${name.replaceAll(' ', '_')}_per_s`] = Math.round(median(all));
console.log(JSON.stringify(result));
process.exit(0);
