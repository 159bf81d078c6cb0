// corpus.mjs - what somebody types who means harm, and a pen that writes it into every text of a form.
//
//   const pen = new Pen(routes);
//   const body = pen.poison(route, { title: '…' });   // as many tricks as each field has room for
//   pen.clean(answer.body)                            // the same document as the scenario knows it
//   pen.typed                                         // field → [{ text, where }]
//
// The tricks call jb(), or make an element <jb>: neither is anywhere else.

/** Each would do something in one of the places that a template, a table or a mail puts text into. */
export const tricks = [
  '<img src=x onerror=jb()>', '"><svg onload=jb()>', "' autofocus onfocus=jb() x='", '</textarea><script>jb()</script>',
  '</title></style><script>jb()</script>', '</script><script>jb()</script>', '<jb>', '"><jb>', "'><jb>", '--><jb>', ']]><jb>', '</jb><jb x=1>',
  '<svg/onload=jb()>', '<a href=//x.example/jb>', 'javascript:jb()', '<iframe srcdoc="<script>parent.jb()</script>">',
  '<meta http-equiv=refresh content="0;url=//x.example/jb">', '<style>@import "//x.example/jb";</style>', '<base href="//x.example/jb/">',
  '<form action=//x.example/jb><button>', '<details open ontoggle=jb()>', '<math><mtext><jb>', '`onmouseover=jb()`',
  '{{page.csrf}}', '{{{page.csrf}}}', '{{@core.error}}', '{{#.}}jb', '{{/page}}', '&lt;jb&gt;', '&#60;jb&#62;', '&amp;lt;jb', '%3Cjb%3E',
  '\\u003cjb\\u003e', "\\'-jb()-\\'", '${jb()}', "'||jb()||'", "';--jb", '＜script＞jb()＜/script＞', '\u0301\u0489jb', 'j\u200bb\u200d\u00ad', '\u00a0jb\u3000jb',
  'jb,"jb",jb', ';jb;|jb', '=?utf-8?B?PGpiPg==?=', '%0d%0aBcc:jb@x.example', '\\r\\nBcc:jb', '\\,\\;\\nATTENDEE:jb', '\u{1f4a3}jb',
];
/** What only a text of several lines may hold. */
const lines = ['\nBcc: jb@x.example\n\n<jb>', '\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:jb', '\n.\nMAIL FROM:<jb@x.example>', '\n=1+1+jb,"\n', '\n\t@jb\n--jb'];
/** What a table would count with, and what stands first in a place that somebody forgot to quote. */
const leads = ['=', '+', '-', '@', '"', "'", '<jb>', '＝', '|', '%'];

const marked = /№[0-9a-z]+№/;

const length = (text) => [...text].length;
const cut = (text, room) => [...text].slice(0, Math.max(0, room)).join('').trim();
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Fields whose value a later step is compared with: the same text is written in the same way. */
const names = /(^|\.)(name|indicator)$/;

export class Pen {
  /**
   * `keep(place, value)`: whether it is left as it is; `most(place)`: how long it may be where the form
   * does not say it; `fill`: whether texts that
   * the body lacks are written too.
   */
  constructor({ keep = () => false, most = () => undefined, fill = true } = {}) {
    Object.assign(this, { keep, most, fill, turn: 0, count: 0, clean_: new Map(), marks: new Map(), same: new Map(), pending: [], typed: new Map() });
  }

  /** One value: a lead, a mark, the text itself, and tricks as long as there is room. */
  write({ kind, min = 0, max }, text) {
    const room = Math.min(max || 200, kind === 'prose' ? 600 : 200);
    this.count += 1;
    const mark = `№${this.count.toString(36)}№`;
    const head = `${leads[this.count % leads.length]}${mark}`;
    const own = kind === 'prose' ? [...lines, ...tricks] : tricks;
    let left = room - length(head);
    const taken = [];
    const reserve = Math.min(length(text) + 1, Math.max(0, left - 24)); // the text itself goes before more tricks
    left -= reserve;
    for (let i = 0; i < own.length && left > 4; i += 1) {
      const one = own[(this.turn + i) % own.length];
      if (length(one) + 1 > left) continue;
      taken.push(one);
      left -= length(one) + 1;
      if (taken.length >= (kind === 'prose' ? 12 : 5)) break;
    }
    this.turn += Math.max(1, taken.length);
    const value = [head, cut(text, reserve - 1), ...taken].filter(Boolean).join(' ').trim().padEnd(min, '。');
    return this.#keep(mark, value, text);
  }

  #keep(mark, value, text) {
    this.clean_.set(value, text);
    this.marks.set(mark, value);
    return value;
  }

  #text(field, place, text) {
    if (this.clean_.has(text)) return text; // the scenario hands back what it was given
    const key = names.test(place) ? `${text}` : undefined;
    const known = key && this.same.get(key);
    const max = this.most(place) ?? field.max;
    const value = known && length(known) <= (max || 200) ? known : this.write({ ...field, max }, text);
    if (key && !known) this.same.set(key, value);
    this.pending.push({ place, text: value });
    return value;
  }

  #word(field, place, word) {
    let value = word;
    if (!this.clean_.has(word)) {
      value = this.write({ kind: 'text', max: 40 }, word).replace(/[,，、;；\s\u3000]/g, '');
      this.#keep(marked.exec(value)[0], value, word);
    }
    this.pending.push({ place, text: value });
    return value;
  }

  #field(field, place, value) {
    if (this.keep(place, value)) return value;
    const wanted = this.fill && !field.required;
    switch (field.kind) {
      case 'text':
      case 'prose':
        if (typeof value === 'string' && value !== '') return this.#text(field, place, value);
        return value === undefined && wanted ? this.#text(field, place, '示例') : value;
      case 'words':
        if (Array.isArray(value)) return value.map((word) => this.#word(field, place, word));
        return value === undefined && wanted ? [this.#word(field, place, '示例')] : value;
      case 'json':
        return this.#json(place, value);
      case 'object':
        return isObject(value) ? this.#fields(field.fields, `${place}.`, value) : value;
      case 'list':
        return Array.isArray(value) ? value.map((one) => this.#fields(field.fields, `${place}.`, one)) : value;
      default:
        return value;
    }
  }

  /** A document of its own: what is in it for people to read is in Chinese. */
  #json(place, value) {
    if (typeof value === 'string') return /\p{Script=Han}/u.test(value) ? this.#text({ kind: 'text', max: 60 }, place, value) : value;
    if (Array.isArray(value)) return value.map((one) => this.#json(place, one));
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#json(place, one)]));
    return value;
  }

  #fields(fields, prefix, body) {
    const out = { ...body };
    for (const field of fields) {
      const value = this.#field(field, `${prefix}${field.name}`, body[field.name]);
      if (value !== undefined) out[field.name] = value;
    }
    return out;
  }

  /** The body with the corpus in each text of the route's form. `taken` or `left` tells what came of it. */
  poison(route, body) {
    this.pending = [];
    if (!route.form?.length || !(isObject(body) || body === undefined)) return body;
    return this.#fields(route.form, `${route.method} ${route.path} `, body ?? {});
  }

  /** The service has taken the last body. */
  taken(where) {
    for (const { place, text } of this.pending.splice(0)) {
      if (!this.typed.has(place)) this.typed.set(place, []);
      this.typed.get(place).push({ text, where });
    }
  }

  clean(doc) {
    if (typeof doc === 'string') return this.clean_.get(doc) ?? doc;
    if (Array.isArray(doc)) return doc.map((one) => this.clean(one));
    if (isObject(doc)) return Object.fromEntries(Object.entries(doc).map(([key, value]) => [key, this.clean(value)]));
    return doc;
  }
}

/** How much of `text` stands at a place of a page. */
function common(text, page, from) {
  let n = 0;
  while (n < text.length && text[n] === page[from + n]) n += 1;
  return n;
}

const squeeze = (text) => text.replace(/\s/g, '');

/**
 * What is wrong with the corpus in a text that people read: each mark must stand in the whole of what was
 * typed, or in its beginning where `…` says that it goes on. `seen` gets the marks that stand there whole.
 * `parts`: sentences may stand there by themselves.
 */
export function mangled(pen, text, { seen = new Set(), parts = false } = {}) {
  const faults = [];
  const page = squeeze(text);
  for (const { 0: mark, index } of page.matchAll(new RegExp(marked, 'g'))) {
    const value = pen.marks.get(mark);
    if (!value) continue;
    const whole = squeeze(value);
    const from = index - whole.indexOf(mark);
    const end = page.indexOf('…', from);
    if (page.startsWith(whole, from)) seen.add(mark);
    else if (!(end > index && whole.startsWith(page.slice(from, end))) && !(parts && /[;；。!?]/.test(page[from + common(whole, page, from) - 1]))) faults.push(`${JSON.stringify(whole)} stands as ${JSON.stringify(page.slice(Math.max(0, from), from + whole.length + 20))}`);
  }
  return faults;
}

/** 'METHOD /path field' of all texts that somebody can type in a route's form. */
export function textFields(route) {
  const walk = (fields, prefix) => (fields ?? []).flatMap((field) => (['object', 'list'].includes(field.kind) ? walk(field.fields, `${prefix}${field.name}.`)
    : ['text', 'prose', 'words', 'json'].includes(field.kind) ? [`${prefix}${field.name}`] : []));
  return walk(route.form, `${route.method} ${route.path} `);
}
