// live.mjs - a reader of GET /live (text/event-stream, WHATWG HTML): on a connection of its own, in this
// process or as bytes for tests that look at the wire.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { until } from './city.mjs';

/** What a browser's EventSource makes of the stream, and the comments and the end besides. */
export class Live {
  events = []; // { event, data }
  beats = 0;
  retry = undefined;
  ended = false;
  #rest = '';
  #one = {};

  /** Opens it as `client` is signed in; resolves with the head. */
  static async open(client, { base = client.base, path = '/live', method = 'GET', headers = {} } = {}) {
    const live = new Live();
    const url = new URL(path, base);
    const send = url.protocol === 'https:' ? https.request : http.request;
    await new Promise((resolve, reject) => {
      live.req = send(url, { method, agent: false, rejectUnauthorized: false,
        headers: { accept: 'text/event-stream', ...(client.bearer ? { authorization: `Bearer ${client.bearer}` } : { cookie: client.cookies }), ...headers } });
      live.req.on('error', (error) => {
        live.ended = true;
        reject(error);
      });
      live.req.on('response', (res) => {
        live.res = res;
        live.status = res.statusCode;
        live.headers = res.headers;
        res.setEncoding('utf8').on('data', (text) => live.#take(text)).on('error', () => {});
        res.on('end', () => { live.whole = true; }).on('close', () => { live.ended = true; });
        resolve();
      });
      live.req.end();
    });
    return live;
  }

  #take(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    this.raw = (this.raw ?? '') + text;
    for (const line of lines) {
      if (line === '') {
        if (this.#one.data !== undefined) this.events.push(this.#one);
        this.#one = {};
      } else if (line.startsWith(':')) this.beats += 1;
      else {
        const [, name, value] = /^([^:]+):? ?(.*)$/.exec(line);
        if (name === 'retry') this.retry = Number(value);
        else if (name === 'event') this.#one.event = value;
        else if (name === 'data') this.#one.data = JSON.parse(value);
      }
    }
  }

  /** The n-th event, once it is here. */
  async event(n, ms) {
    await until(() => this.events.length > n || this.ended, `event ${n}`, ms);
    if (this.events.length <= n) throw new Error(`the stream ended before event ${n}`);
    return this.events[n];
  }

  end(ms) {
    return until(() => this.ended, 'the end of the stream', ms);
  }

  close() {
    this.req.destroy();
  }
}

/** The bytes of a request for the stream. */
export const ask = (client, { version = '1.1', more = '' } = {}) =>
  `GET /live HTTP/${version}\r\nHost: localhost\r\nCookie: ${client.cookies}\r\n${more}\r\n`;

/** A bare connection that has said `text`; `heard` is what came back. */
export function connection(port, text) {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(text));
  socket.heard = '';
  socket.setEncoding('latin1').on('data', (bytes) => { socket.heard += bytes; });
  socket.on('end', () => { socket.over = true; }).on('error', () => { socket.over = true; }).on('close', () => { socket.over = true; });
  return socket;
}
