// wire.mjs - a connection on which a test says bytes, not requests, and reads what comes back.
import net from 'node:net';
import { noteAnswer } from '../../lib/refusals.mjs';

const answerHead = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/;

/** Takes one whole answer from the front of `text` (latin1), or null while it is not whole. */
function takeAnswer(text, method) {
  const match = answerHead.exec(text);
  if (!match) {
    if (text.includes('\r\n\r\n')) throw new Error(`not an HTTP answer: ${JSON.stringify(text.slice(0, 200))}`);
    return null;
  }
  const status = Number(match[1]);
  const headers = Object.fromEntries(match[2].split('\r\n').filter(Boolean).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const bare = status < 200 || status === 204 || status === 304 || method === 'HEAD';
  const length = bare ? 0 : Number(headers['content-length']);
  if (!Number.isInteger(length)) throw new Error('an answer without Content-Length');
  const end = match[0].length + length;
  return text.length < end ? null : { status, headers, body: text.slice(match[0].length, end), end };
}

export class Wire {
  constructor(url, { timeout = 15000 } = {}) {
    const { hostname, port } = new URL(url);
    this.text = '';
    this.ended = false;
    this.socket = net.connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text) => { this.text += text; this.wake?.(); });
    this.socket.on('end', () => { this.ended = true; this.wake?.(); });
    // A server that refuses may reset while we still write; what it said before counts.
    this.socket.on('error', () => { this.ended = true; this.wake?.(); });
    this.timer = setTimeout(() => { this.late = true; this.wake?.(); }, timeout);
  }

  /** Each piece in a segment of its own, as far as a sender can have it. */
  async say(...pieces) {
    for (const piece of pieces) {
      const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(piece, 'latin1');
      await new Promise((resolve) => this.socket.write(bytes, () => setImmediate(resolve)));
    }
  }

  async change() {
    if (this.late) throw new Error(`nothing more came; so far ${JSON.stringify(this.text.slice(0, 300))}`);
    await new Promise((resolve) => { this.wake = resolve; });
  }

  /** The next answer; null when the connection ended instead. */
  async answer(method = 'GET') {
    for (;;) {
      const answer = takeAnswer(this.text, method);
      if (answer) {
        if (/problem\+json/.test(answer.headers['content-type'] ?? '') && answer.body) noteAnswer(JSON.parse(answer.body));
        this.text = this.text.slice(answer.end);
        return answer;
      }
      if (this.ended) return null;
      await this.change();
    }
  }

  /** Waits for the other side to end; what it still said, which should be nothing. */
  async end() {
    while (!this.ended) await this.change();
    return this.text;
  }

  close() {
    clearTimeout(this.timer);
    this.socket.destroy();
  }
}
