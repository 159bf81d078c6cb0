// city.mjs - a whole city for one test file: a database cloned from a template, gateways and a
// worker on free ports, a clock that the test moves.
//
//   const town = await city({ template: 'jinzhou', worker: true });
//   after(() => town.stop());
//   const officer = town.client();
//   await officer.signIn('officer', '...');
//   await town.clock.advance('3 days');
//
// ./test brings one cluster for the whole run (JB_TEST_CLUSTER); a file run alone brings its own and
// takes it away. JB_BIN names the folder of the programs (build/bin), so that the same files run on
// the sanitizer build.
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import net from 'node:net';
import { Client } from './client.mjs';

export { Client, totp } from './client.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const bin = process.env.JB_BIN ?? path.join(root, 'build/bin');
const run = promisify(execFile);

/** The cluster's folder, started when ./test has not done it. */
let own;
export function clusterFolder() {
  if (process.env.JB_TEST_CLUSTER) return process.env.JB_TEST_CLUSTER;
  if (!own) {
    own = fs.mkdtempSync(path.join(os.tmpdir(), 'jbt-'));
    fs.chmodSync(own, 0o755);
    execFileSync(path.join(root, 'tools/cluster'), ['start', own, '--fast'], { stdio: ['ignore', 'pipe', 'inherit'] });
    process.on('exit', () => {
      spawnSync(path.join(root, 'tools/cluster'), ['stop', own, '--fast']);
      fs.rmSync(own, { recursive: true, force: true });
    });
  }
  return own;
}

function conninfo(database, user = 'postgres') {
  const line = execFileSync(path.join(root, 'tools/cluster'), ['conninfo', clusterFolder()], { encoding: 'utf8' });
  const host = /host=(\S+)/.exec(line)[1];
  return `host=${host} user=${user} dbname=${database}`;
}

/** Runs SQL through psql; $1.. are the arguments. Returns the rows as objects. */
async function query(db, text, args = []) {
  const named = text.replace(/\$(\d+)/g, (_, n) => (args[n - 1] === null ? 'null' : `:'a${n}'`));
  const isRead = /^\s*(select|with|values|table)\b/i.test(text);
  const body = isRead ? `select coalesce(json_agg(t), '[]') from (${named}) t` : named;
  const variables = args.flatMap((value, i) => (value === null ? [] : ['-v', `a${i + 1}=${value}`]));
  return new Promise((resolve, reject) => {
    const child = execFile('psql', ['--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', ...variables, '-d', db],
      { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim() || error.message));
        else resolve(isRead ? JSON.parse(stdout) : stdout.trim());
      });
    child.stdin.on('error', () => {}); // it ended first; its own error says why
    child.stdin.end(`${body};\n`);
  });
}

/** Makes sure that the template exists; one process does the work, the others wait. */
async function template(name) {
  await run(path.join(root, 'tools/template'), [name, clusterFolder()]);
  return `template_${name}`;
}

/** A port that no other test of this machine will take: gateways share ports, so a clash is silent. */
export async function freePort() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    const file = path.join(os.tmpdir(), `.jbport-${port}`);
    try {
      if (!fs.existsSync(`/proc/${fs.readFileSync(file, 'utf8').trim()}`)) fs.rmSync(file);
      else continue;
    } catch {
      // nobody holds it
    }
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    } catch {
      continue;
    }
    const free = await new Promise((resolve) => {
      const server = net.createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return { port, release: () => fs.rmSync(file, { force: true }) };
    fs.rmSync(file, { force: true });
  }
}

/** Waits until `probe` gives something true; for conditions of other processes, never as a pause. */
export async function until(probe, what, ms = 60000) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: not within ${ms} ms${last ? ` (${last.message})` : ''}`);
}

/** A child process with its log in memory. */
class Process {
  constructor(name, program, args, env) {
    this.name = name;
    this.log = '';
    this.child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.log = (this.log + text).slice(-1 << 22);
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ code: -1, error }));
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    process.on('exit', () => this.child.kill('SIGKILL'));
  }

  get pid() {
    return this.child.pid;
  }

  get alive() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(name) {
    this.child.kill(name);
  }

  /** Ends it gently and returns its exit code; a sanitizer's finding is an error. */
  async stop(signal = 'SIGTERM') {
    if (this.alive) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 20000);
    const { code } = await this.ended;
    clearTimeout(timer);
    if (/(AddressSanitizer|LeakSanitizer|runtime error):/.test(this.log)) {
      throw new Error(`${this.name}: ${this.log.slice(-6000)}`);
    }
    return code;
  }
}

let certificate;
function tlsFiles() {
  if (!certificate) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbtls-'));
    certificate = { cert: path.join(folder, 'tls.crt'), key: path.join(folder, 'tls.key'), secret: path.join(folder, 'app') };
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
      '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout', certificate.key, '-out', certificate.cert], { stdio: 'ignore' });
    fs.chmodSync(certificate.key, 0o400);
    fs.writeFileSync(certificate.secret, randomBytes(32).toString('hex'), { mode: 0o400 });
    process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  }
  return certificate;
}

class City {
  constructor(database, options) {
    this.database = database;
    this.options = options;
    this.admin = conninfo(database);
    this.ops = conninfo(database, 'jb_ops');
    this.gateways = [];
    this.releases = [];
    this.clients = [];
    /** The city's clock: stopped at a time, or moved on by an interval ('3 days'). */
    this.clock = {
      set: (time) => this.sql('select ops.clock_set($1::timestamptz)', [time instanceof Date ? time.toISOString() : time]),
      advance: (interval) => this.sql('select ops.clock_set(workflow.now() + $1::interval)', [interval]),
      now: async () => new Date((await this.sql('select workflow.now() as now'))[0].now),
    };
  }

  /** As superuser: looks behind the scenes, past row level security. */
  sql(text, args) {
    return query(this.admin, text, args);
  }

  /** As one of the service roles, e.g. 'jb_gateway'. */
  sqlAs(role, text, args) {
    return query(conninfo(this.database, role), text, args);
  }

  client(options) {
    const client = new Client(options?.base ?? this.url ?? this.plain, options);
    this.clients.push(client);
    return client;
  }

  /** What its services use: the cluster's socket, or one that a test has put before it. */
  connections(line) {
    return this.options.socket ? line.replace(/host=\S+/, `host=${this.options.socket}`) : line;
  }

  async startGateway() {
    const { cert, key, secret } = tlsFiles();
    const args = [`--secret=${secret}`];
    if (this.port) args.push(`--port=${this.port}`, `--cert=${cert}`, `--key=${key}`);
    else args.push('--port=0');
    if (this.plainPort) args.push(`--plain=${this.plainPort}`);
    for (const [name, value] of Object.entries(this.options.settings ?? {})) args.push(`--${name}=${value}`);
    const gateway = new Process('gateway', path.join(bin, 'jiebang-gateway'), args, {
      DATABASE_URL: this.connections(conninfo(this.database, 'jb_gateway')), ...this.options.env });
    this.gateways.push(gateway);
    // Gateways share the port, so an answer may be another's: its own word that it listens comes
    // first, then as many new connections in a row as make it likely that each has been asked.
    await until(() => !gateway.alive || /"event":"listening/.test(gateway.log), 'the gateway listens');
    let inARow = 0;
    await until(async () => {
      if (!gateway.alive) return true;
      const probe = new Client(this.plain ?? this.url);
      try {
        inARow = (await probe.get('/readyz', { timeout: 2000 })).status === 200 ? inARow + 1 : 0;
      } finally {
        probe.close();
      }
      return inARow > 4 * (this.gateways.length - 1);
    }, 'the gateway is ready');
    if (!gateway.alive) throw new Error(`the gateway ended: ${gateway.log}`);
    return gateway;
  }

  /** The match engine on a socket of its own; answers once it has read what there is and learned from it. */
  async startMatch() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbm-'));
    this.releases.push(() => fs.rmSync(folder, { recursive: true, force: true }));
    this.options.settings = { ...this.options.settings, match: path.join(folder, 'socket') };
    this.match = new Process('match', path.join(bin, 'jiebang-match'),
      [`--socket=${path.join(folder, 'socket')}`, '--poll-ms=200', '--log-level=debug'], {
        DATABASE_URL: this.connections(conninfo(this.database, 'jb_match')), ...this.options.env });
    await until(() => !this.match.alive || /"event":"(vectors learned|nothing was learned)"/.test(this.match.log), 'the engine has learned');
    if (!this.match.alive) throw new Error(`the engine ended: ${this.match.log}`);
    return this.match;
  }

  startWorker() {
    this.worker = new Process('worker', path.join(bin, 'jiebang-worker'), this.options.workerArgs ?? [], {
      DATABASE_URL: this.connections(conninfo(this.database, 'jb_worker')), ...this.options.env });
    return this.worker;
  }

  /** Everything that is due now, done now: the worker's work in one go. */
  async runDue() {
    await run(path.join(bin, 'jiebang-worker'), ['--once'], {
      env: { ...process.env, DATABASE_URL: conninfo(this.database, 'jb_worker') } });
  }

  ctl(...args) {
    return run(path.join(bin, 'jiebang-ctl'), args, { env: { ...process.env, DATABASE_URL: this.ops } });
  }

  /** Ends its processes and drops its database, or keeps the database under another name. */
  async stop({ keepAs } = {}) {
    for (const client of this.clients) client.close();
    const ends = await Promise.allSettled([...this.gateways, this.worker, this.match].filter(Boolean).map((p) => p.stop()));
    for (const release of this.releases) release();
    if (keepAs) await query(conninfo('postgres'), `alter database ${this.database} rename to ${keepAs}`);
    else await run('dropdb', ['--force', '-h', /host=(\S+)/.exec(this.admin)[1], '-U', 'postgres', this.database]);
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

let count = 0;

/**
 * A city of its own. template: 'empty' (migrated), the name of a sample city, or that with `_played`
 * (after its scenario); gateways: how many
 * (0: only the database); tls / plain: which doors; worker: a running worker; match: a match engine; settings: further
 * settings of the gateway, by name; clock: a time to stop it at; socket: the folder of a socket that
 * stands before the database's.
 */
export async function city(options = {}) {
  const wanted = { template: 'empty', gateways: 1, plain: true, tls: false, worker: false, ...options };
  const source = await template(wanted.template);
  const database = `test_${process.pid}_${(count += 1)}`;
  await query(conninfo('postgres'), `create database ${database} template ${source}`);
  const town = new City(database, wanted);
  if (wanted.gateways > 0) {
    for (const [door, name, scheme] of [['plain', 'plainPort', 'http'], ['tls', 'port', 'https']]) {
      town[door === 'tls' ? 'url' : 'plain'] = undefined;
      if (!wanted[door]) continue;
      const { port, release } = await freePort();
      town.releases.push(release);
      town[name] = port;
      town[door === 'tls' ? 'url' : 'plain'] = `${scheme}://${door === 'tls' ? 'localhost' : '127.0.0.1'}:${port}`;
    }
  }
  if (wanted.clock) await town.clock.set(wanted.clock);
  if (wanted.match) await town.startMatch();
  for (let i = 0; i < wanted.gateways; i += 1) await town.startGateway();
  if (wanted.worker) town.startWorker();
  return town;
}
