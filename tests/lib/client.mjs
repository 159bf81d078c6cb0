// client.mjs - a browser's manners for programs: cookies, the CSRF token, an Idempotency-Key on each
// POST, If-Match from a version. Used by the tests and by the scenarios; needs nothing but Node.
//
// JB_TRACE names a file that gets every exchange as a JSON line: the contract's tests hold them all
// against proto/openapi.yaml, and its examples come from there.
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createHmac, randomUUID } from 'node:crypto';
import { noteAnswer } from './refusals.mjs';

const trace = process.env.JB_TRACE ? fs.openSync(process.env.JB_TRACE, 'a') : undefined;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(text) {
  const bytes = [];
  let bits = 0;
  let value = 0;
  for (const letter of text.replace(/=+$/, '').toUpperCase()) {
    value = (value << 5) | BASE32.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bytes.push((value >>> (bits - 8)) & 255);
      bits -= 8;
      value &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}

/** The six digits of RFC 6238 for a base32 secret at a time in milliseconds. */
export function totp(secret, at = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, '0');
}

/** What came back. `body` is the parsed document when the answer is JSON, else the text. */
export class Answer {
  constructor(status, headers, raw) {
    this.status = status;
    this.headers = headers;
    this.raw = raw;
    this.text = raw.toString('utf8');
    const json = /[/+]json\b/.test(headers['content-type'] ?? '');
    this.body = json && this.text !== '' ? JSON.parse(this.text) : this.text;
  }

  /** The slug of a problem document, or undefined. */
  get problem() {
    return this.body?.type?.split('/').pop();
  }
}

export class Client {
  #cookies = new Map();
  #agent;

  /**
   * `base`: http(s)://host:port. Own certificates are accepted: the service makes one on the spot.
   * Without `keepAlive` each request has a connection of its own, for who rests long between two.
   */
  constructor(base, { lang = 'zh', headers = {}, keepAlive = true } = {}) {
    this.base = new URL(base);
    this.secure = this.base.protocol === 'https:';
    this.headers = { accept: 'application/json', 'accept-language': lang, ...headers };
    this.csrf = undefined;
    this.bearer = undefined;
    const options = { keepAlive, maxSockets: 8 };
    this.#agent = this.secure
      ? new https.Agent({ ...options, rejectUnauthorized: false })
      : new http.Agent(options);
  }

  close() {
    this.#agent.destroy();
  }

  get cookies() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keepCookies(lines = []) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(/;\s*/);
      const at = pair.indexOf('=');
      const gone = attributes.some((a) => /^max-age=0$/i.test(a));
      if (gone || pair.slice(at + 1) === '') this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }

  #headersFor(method, { key, version, headers = {}, type } = {}, payload) {
    const all = { ...this.headers };
    if (this.#cookies.size > 0) all.cookie = this.cookies;
    if (this.bearer) all.authorization = `Bearer ${this.bearer}`;
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) {
      if (this.csrf && !this.bearer) all['x-csrf-token'] = this.csrf;
      if (method === 'POST' && key !== null) all['idempotency-key'] = key ?? randomUUID();
      if (version !== undefined && version !== null) all['if-match'] = `"${version}"`;
    }
    if (payload !== undefined) {
      all['content-type'] = type;
      all['content-length'] = payload.length;
    }
    return Object.assign(all, headers);
  }

  #note(method, url, body, sent, answer) {
    if (trace === undefined || /text\/html/.test(sent.accept ?? '')) return; // pages are no part of the contract
    fs.writeSync(trace, `${JSON.stringify({ login: this.login ?? '', method, path: url.pathname + url.search,
      type: sent['content-type'], request: body instanceof URLSearchParams ? body.toString() : body,
      status: answer.status, headers: answer.headers, response: answer.body })}\n`);
  }

  /**
   * One request. `body`: an object goes as JSON, URLSearchParams as a form, text or bytes as they
   * are (with `type`). Options: key (null: none), version (If-Match), headers, query, type.
   */
  request(method, path, body, options = {}) {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    let payload;
    let type = options.type;
    if (body instanceof URLSearchParams) {
      payload = Buffer.from(body.toString());
      type ??= 'application/x-www-form-urlencoded';
    } else if (typeof body === 'string' || body instanceof Uint8Array) {
      payload = Buffer.from(body);
      type ??= 'application/json';
    } else if (body !== undefined) {
      payload = Buffer.from(JSON.stringify(body));
      type ??= 'application/json';
    } else if (!['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method)) {
      payload = Buffer.alloc(0);
      type ??= 'application/json';
    }
    const headers = this.#headersFor(method, { ...options, type }, payload);
    return new Promise((resolve, reject) => {
      const send = this.secure ? https.request : http.request;
      const req = send(url, { method, headers, agent: this.#agent, timeout: options.timeout ?? 60000 });
      req.on('timeout', () => req.destroy(new Error(`${method} ${path}: no answer in time`)));
      req.on('error', reject);
      req.on('response', (res) => {
        const chunks = [];
        const whole = () => {
          this.#keepCookies(res.headers['set-cookie']);
          try {
            const answer = new Answer(res.statusCode, res.headers, Buffer.concat(chunks));
            if (answer.body?.csrf) this.csrf = answer.body.csrf;
            noteAnswer(answer.body);
            this.#note(method, url, body, headers, answer);
            resolve(answer);
          } catch (error) {
            reject(new Error(`${method} ${path}: ${error.message}`));
          }
        };
        res.on('error', reject);
        res.on('data', (chunk) => {
          chunks.push(chunk);
          // an answer without an end (GET /live): its beginning is enough; tests/lib/live.mjs listens
          if (!res.headers['content-type']?.startsWith('text/event-stream') || res.destroyed) return;
          res.removeListener('error', reject).on('error', () => {});
          whole();
          res.destroy();
        });
        res.on('end', whole);
      });
      req.end(payload);
    });
  }

  get(path, options) {
    return this.request('GET', path, undefined, options);
  }

  post(path, body, options) {
    return this.request('POST', path, body, options);
  }

  put(path, body, options) {
    return this.request('PUT', path, body, options);
  }

  patch(path, body, options) {
    return this.request('PATCH', path, body, options);
  }

  delete(path, options) {
    return this.request('DELETE', path, undefined, options);
  }

  /** Signs in; with a TOTP secret the code is computed for `at`. Throws unless it worked. */
  async signIn(login, password, { secret, code, at } = {}) {
    const body = { login, password };
    if (code ?? secret) body.code = code ?? totp(secret, at);
    const answer = await this.post('/session', body);
    if (answer.status >= 300) {
      throw new Error(`${login} cannot sign in: ${answer.status} ${answer.text.slice(0, 300)}`);
    }
    this.login = login;
    return answer;
  }
}
