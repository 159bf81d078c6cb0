// oplog.mjs - what clients did and what they were told, while the service dies under them.
//
// A TryingClient writes each request into the log before it goes out. Without an answer, or with one
// that says "not now", its outcome is unknown: the same request goes again, under the same key,
// until somebody knows. So each entry ends as ok or as a refusal; `tries` says how often it was sent.
import { randomUUID } from 'node:crypto';
import { Client } from '../lib/city.mjs';

export class OpLog {
  constructor() {
    this.ops = [];
  }

  get acknowledged() {
    return this.ops.filter((op) => op.result === 'ok');
  }

  /** Those whose first answer never came, by what they turned out to be. */
  get unknown() {
    return this.ops.filter((op) => op.tries > 1);
  }
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export class TryingClient extends Client {
  #log;
  #ready;

  /** `ready`: awaited before each request, for what must come first. */
  constructor(base, log, ready = async () => {}) {
    super(base);
    this.#log = log;
    this.#ready = ready;
  }

  async request(method, path, body, options = {}) {
    await this.#ready();
    const key = method === 'POST' ? options.key ?? randomUUID() : undefined;
    const op = { login: this.login, method, path, key, tries: 0, began: performance.now() };
    if (method !== 'GET' && path !== '/session') this.#log.ops.push(op);
    const answer = await this.#untilKnown(op, body, { ...options, key });
    op.ended = performance.now();
    op.status = answer.status;
    op.result = answer.status < 300 ? 'ok' : 'refused';
    op.document = answer.body;
    op.text = answer.text;
    return answer;
  }

  async #untilKnown(op, body, options) {
    const end = Date.now() + 60000;
    for (let last = ''; Date.now() < end;) {
      op.tries += 1;
      try {
        const answer = await super.request(op.method, op.path, body, { ...options, timeout: 15000 });
        if (answer.status < 500) return op.method === 'PUT' && op.tries > 1 ? await this.#put(op, options, answer) : answer;
        last = answer.text;
        if (answer.status !== 503) throw Object.assign(new Error(`${op.method} ${op.path}: ${last}`), { final: true });
      } catch (error) {
        if (error.final) throw error;
        last = error.message;
      }
      await pause(50);
      if (Date.now() >= end) throw new Error(`${op.method} ${op.path}: nobody knows after a minute: ${last}`);
    }
    return undefined;
  }

  /** A PUT has no key: a version conflict with oneself means that the first try was done. */
  async #put(op, options, answer) {
    if (answer.problem !== 'version_conflict' || answer.body.params?.version !== options.version + 1) return answer;
    for (const path of [op.path, `${op.path}/work`]) {
      const now = await super.request('GET', path, undefined, { timeout: 15000 });
      if (now.status === 200) return now;
    }
    return answer;
  }
}
