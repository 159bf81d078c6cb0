// stage.mjs - what a scenario is told with: who does what, what is expected, and the line it prints.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '../../tests/lib/client.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Cells of a Chinese line: wide characters count two. */
function pad(text, width) {
  let cells = 0;
  for (const c of text) cells += c.codePointAt(0) > 0x2e7f ? 2 : 1;
  return text + ' '.repeat(Math.max(0, width - cells));
}

export class Stage {
  constructor(name, url, folder) {
    this.name = name;
    this.url = url;
    this.folder = folder;
    this.count = 0;
    this.refusals = 0;
    this.started = Date.now();
    this.clients = new Map();
    this.states = new Map(); // id → last state seen
    this.password = /password of all: (\S+)/.exec(fs.readFileSync(path.join(folder, 'accounts.txt'), 'utf8'))[1];
  }

  close() {
    for (const client of this.clients.values()) client.close();
  }

  data(file) {
    return JSON.parse(fs.readFileSync(path.join(this.folder, file), 'utf8'));
  }

  chapter(title) {
    console.log(`\n${title}`);
  }

  /** The client of a login, signed in at its first use; '' is the public. */
  async as(login) {
    if (this.clients.has(login)) return this.clients.get(login);
    const client = new Client(this.url);
    this.clients.set(login, client);
    if (login !== '') {
      const answer = await client.signIn(login, this.password);
      const me = await client.get('/session');
      client.unit = me.body.unit?.name ?? answer.body.unit?.name;
      client.person = me.body.person;
    } else {
      client.unit = '公众';
    }
    return client;
  }

  #line(client, login, what, change, ms) {
    this.count += 1;
    const who = `${login || '-'} ${client.unit ?? ''}`;
    console.log(`${String(this.count).padStart(4)}  ${pad(who, 30)}  ${pad(what, 44)}  ${pad(change, 26)} ${String(ms).padStart(5)} ms`);
  }

  async #send(login, method, where, body, options) {
    const client = await this.as(login);
    const before = performance.now();
    const answer = await client.request(method, where, body, options);
    const ms = Math.round(performance.now() - before);
    return { client, answer, ms };
  }

  /**
   * Does something that works. Options: status (200 or 201 unless given), state: the state it must be
   * in afterwards, version: If-Match, key, type. Returns the document.
   */
  async do(login, what, method, where, body, options = {}) {
    const { client, answer, ms } = await this.#send(login, method, where, body, options);
    const wanted = options.status ? [options.status] : [200, 201];
    if (!wanted.includes(answer.status)) {
      throw new Error(`${login} ${what}: ${method} ${where} gave ${answer.status}, not ${wanted}: ${answer.text.slice(0, 1500)}`);
    }
    const doc = answer.body;
    const old = this.states.get(doc?.id);
    const now = doc?.state?.code;
    if (doc?.id && now) this.states.set(doc.id, now);
    this.#line(client, login, what, now ? (old && old !== now ? `${old} → ${now}` : now) : String(answer.status), ms);
    if (options.state) this.same(now, options.state, `${what}: state`);
    return doc;
  }

  post(login, what, where, body, options) {
    return this.do(login, what, 'POST', where, body ?? {}, options);
  }

  /** A generic event. */
  event(login, what, where, event, more = {}, options = {}) {
    return this.post(login, what, `${where}/events`, { event, ...more }, options);
  }

  /** A read: no line unless `what` is given. */
  async get(login, where, what) {
    if (what) return this.do(login, what, 'GET', where, undefined);
    const { answer } = await this.#send(login, 'GET', where);
    if (answer.status !== 200) throw new Error(`${login} GET ${where} gave ${answer.status}: ${answer.text.slice(0, 800)}`);
    return answer.body;
  }

  /**
   * Asks the match engine until it answers as expected: it knows of a change within a second. `shown`
   * makes of the answer what the line tells.
   */
  async match(login, what, where, expected, shown = (body) => body.items.slice(0, 3).map((item) => item.title), seconds = 20) {
    const end = Date.now() + seconds * 1000;
    let last;
    while (Date.now() < end) {
      const { client, answer, ms } = await this.#send(login, 'GET', where);
      last = answer;
      if (answer.status === 200 && answer.body.engine.available && answer.body.engine.known !== false && expected(answer.body)) {
        this.#line(client, login, what, shown(answer.body).join('、'), ms);
        return answer.body;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${what}: GET ${where} did not answer as expected for ${seconds} s: ${last.status} ${last.text.slice(0, 1500)}`);
  }

  /** Tries what must be refused: the status, the problem's slug, and (fields) the fields it names. */
  async refused(login, what, method, where, body, { status, problem, fields = [], ...options }) {
    const { client, answer, ms } = await this.#send(login, method, where, body, options);
    if (answer.status !== status || (problem && answer.problem !== problem)) {
      throw new Error(`${login} ${what}: expected the refusal ${status} ${problem ?? ''}, got ${answer.status}: ${answer.text.slice(0, 1500)}`);
    }
    const named = (answer.body.errors ?? []).map((e) => e.field);
    for (const field of fields) {
      if (!named.includes(field)) throw new Error(`${what}: the refusal does not name ${field}, only ${named.join(', ')}`);
    }
    if (!answer.body.title) throw new Error(`${what}: the refusal has no title`);
    this.refusals += 1;
    this.#line(client, login, what, `拒绝 ${status} ${answer.problem}`, ms);
    return answer.body;
  }

  same(got, wanted, what) {
    if (JSON.stringify(got) !== JSON.stringify(wanted)) {
      throw new Error(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
    }
  }

  check(truth, what) {
    if (!truth) throw new Error(what);
  }

  #ctl(...args) {
    const [command, ...first] = (process.env.JB_CTL ?? path.join(root, 'build/bin/jiebang-ctl')).split(' ');
    const end = spawnSync(command, [...first, ...args], { encoding: 'utf8' });
    if (end.status !== 0) throw new Error(`jiebang-ctl ${args.join(' ')}: ${end.error?.message ?? end.stderr}`);
    return end.stdout;
  }

  /** Stops the city's clock at a moment of Shanghai ('2026-09-18 17:00'). What is due fires by itself. */
  clock(moment) {
    this.#ctl('set-clock', `${moment.replace(' ', 'T')}:00+08:00`);
    this.count += 1;
    console.log(`${String(this.count).padStart(4)}  ${pad('时钟', 30)}  ${moment}`);
  }

  /** Waits until the worker has done what the moved clock made due. */
  async until(what, login, where, state, seconds = 20) {
    const end = Date.now() + seconds * 1000;
    let doc;
    while (Date.now() < end) {
      doc = await this.get(login, where);
      if (doc.state.code === state) {
        const client = await this.as(login);
        this.#line({ unit: '系统' }, 'worker', what, `${this.states.get(doc.id) ?? ''} → ${state}`, 0);
        this.states.set(doc.id, state);
        return doc;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${what}: ${where} stayed ${doc?.state?.code}, not ${state}, for ${seconds} s`);
  }

  /** All that must always hold, by the operators' own command. */
  verify() {
    const out = this.#ctl('verify');
    this.count += 1;
    console.log(`${String(this.count).padStart(4)}  ${pad('jiebang-ctl verify', 30)}  ${out.trim().split('\n').pop()}`);
  }

  static sha256(text) {
    return createHash('sha256').update(text).digest('hex');
  }

  summary() {
    console.log(`\n${this.name}: ${this.count} steps as written, ${this.refusals} of them refusals, in ${((Date.now() - this.started) / 1000).toFixed(1)} s`);
  }
}
