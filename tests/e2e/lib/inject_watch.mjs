// inject_watch.mjs - looks at pages of a city into which the corpus was typed (corpus.mjs): as they are
// sent, read by Chromium's own parser without running them, and as they run.
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../../lib/city.mjs';
import { mangled } from './corpus.mjs';

const web = process.env.JB_WEB ?? path.join(root, 'services/web');

function templates(folder = path.join(web, 'templates')) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? templates(path.join(folder, one.name))
    : one.name.endsWith('.html') ? [fs.readFileSync(path.join(folder, one.name), 'utf8')] : []));
}

/** The elements and attributes that our templates and sentences make. */
function ours() {
  const sources = [...templates(), ...fs.readdirSync(path.join(web, 'messages')).map((name) => JSON.stringify(fs.readFileSync(path.join(web, 'messages', name), 'utf8')))];
  const names = new Set(['tbody', 'body', 'head', 'html']);
  for (const source of sources) {
    for (const [, tag] of source.matchAll(/<([a-z][a-z0-9]*)/g)) names.add(tag);
    for (const [, attribute] of source.matchAll(/[\s}]([a-zA-Z][a-zA-Z-]*)=\\*"/g)) names.add(`@${attribute}`);
    for (const [, attribute] of source.matchAll(/[\s}](data-[a-z-]+)/g)) names.add(`@${attribute}`);
    for (const [, attribute] of source.matchAll(/[\s}](checked|selected|required|disabled|hidden|readonly|open|multiple|novalidate|defer|async|formnovalidate|download|inert|reversed|controls|popover)(?=[\s>{])/g)) names.add(`@${attribute}`);
  }
  return names;
}
const known = ours();

/** Runs in Chromium: what a document that is not shown holds. */
function read(source) {
  const doc = new DOMParser().parseFromString(source, 'text/html');
  const all = [...doc.querySelectorAll('*')];
  const scripts = [...doc.querySelectorAll('script')];
  const data = scripts.filter((one) => one.type === 'application/ld+json').map((one) => one.textContent);
  const inline = scripts.filter((one) => one.type !== 'application/ld+json' && one.textContent.trim() !== '').map((one) => one.textContent.slice(0, 80));
  for (const one of scripts) one.remove();
  const attributes = all.flatMap((one) => [...one.attributes].map(({ name, value }) => ({ name, value, tag: one.localName })));
  return {
    title: doc.title, text: doc.body.textContent, data, inline,
    names: [...new Set([...all.map((one) => one.localName), ...attributes.map(({ name }) => `@${name}`)])],
    links: attributes.filter(({ name }) => ['href', 'src', 'action', 'formaction', 'srcset', 'poster', 'style', 'srcdoc', 'background', 'ping'].includes(name)),
    values: attributes.map(({ value }) => value).filter((value) => /№|%E2%84%96/i.test(value)),
  };
}

const decoded = (value) => {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
};

/** A text that is a document itself: the canonical spelling of a list. */
function inner(text) {
  try {
    return /^[{[]/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

const strings = (doc) => (typeof doc === 'string' ? (inner(doc) ? strings(inner(doc)) : [doc]) : doc && typeof doc === 'object' ? Object.entries(doc).flatMap(([key, one]) => [...strings(one), ...(/№/.test(key) ? [key] : [])]) : []);

/** Where the engine sets single passages of a text side by side. */
const passages = /\/(duplicates|groups|similar|labels|team-proposals|challenges)\b|\/[0-9a-f-]{36}\/(units|experts|achievements|patents)\b|\/match\b/;

/** Faults of the texts of a JSON document: each is as it was typed. */
export function inJson(pen, doc, seen, where = '') {
  const how = { seen, parts: passages.test(where) };
  return strings(doc).filter((text) => text.includes('№')).flatMap((text) => mangled(pen, text, how));
}

export class Watch {
  constructor(browser, pen) {
    Object.assign(this, { browser, pen, seen: new Set(), titles: new Set(), faults: new Map(), count: 0 });
  }

  async open(base) {
    this.reader = await this.browser.visitor(base);
    await this.reader.go('/accessibility');
    return this;
  }

  close() {
    return this.reader.close();
  }

  /** One line for each kind of fault, with the first place where it was met. */
  fault(where, what) {
    const kind = `${where} ${what}`.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*').replace(/"(\\.|[^"])*"/g, '“”');
    if (!this.faults.has(kind)) this.faults.set(kind, `${where}: ${what}`);
  }

  get told() {
    return [...this.faults.values()];
  }

  /** A page's source. */
  async source(where, text) {
    this.count += 1;
    const how = { seen: this.seen, parts: passages.test(where) };
    const doc = await this.reader.page.evaluate(read, text);
    for (const one of mangled(this.pen, doc.title, { seen: this.titles })) this.fault(where, `title: ${one}`);
    for (const one of mangled(this.pen, doc.text, how)) this.fault(where, one);
    for (const value of doc.values) {
      if (mangled(this.pen, value, how).length === 0) continue;
      for (const one of mangled(this.pen, decoded(value), how)) this.fault(where, `an attribute: ${one}`);
    }
    for (const name of doc.names) if (!known.has(name)) this.fault(where, `no template makes ${name}`);
    for (const script of doc.inline) this.fault(where, `a script in the page: ${script}`);
    for (const { name, value, tag } of doc.links) {
      if (/^[\s\u0000-\u001f]*(javascript|vbscript|data):/i.test(value) || /^(https?:)?\/\/x\.example/i.test(value.trim()) || ['style', 'srcdoc', 'ping'].includes(name)) {
        this.fault(where, `${tag} ${name}=${JSON.stringify(value.slice(0, 80))}`);
      }
    }
    for (const one of doc.data) {
      try {
        for (const wrong of inJson(this.pen, JSON.parse(one), this.seen)) this.fault(where, `JSON-LD: ${wrong}`);
      } catch (error) {
        this.fault(where, `JSON-LD: ${error.message}`);
      }
    }
    return doc;
  }

  /** Somebody in whose windows everything that runs or leaves is noticed. */
  async visitor(town, login, lang) {
    const visitor = await this.browser.visitor(town.plain, { lang });
    await visitor.context.addInitScript('window.jb = () => { window.jbRan = true; };');
    if (login) await visitor.become(town, login);
    visitor.context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.origin !== new URL(town.plain).origin) this.fault(visitor.page?.url(), `asks for ${url.href.slice(0, 100)}`);
    });
    visitor.context.on('dialog', (dialog) => {
      this.fault(dialog.page()?.url(), `a dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    return visitor;
  }

  /** The page that is open in a visitor's window. */
  async live(visitor, where) {
    this.count += 1;
    const found = await visitor.page.evaluate(() => ({ ran: window.jbRan === true, title: document.title,
      made: [...document.querySelectorAll('jb, math, iframe, base, [onload], [onerror], [onfocus], [ontoggle], [onmouseover]')].map((one) => one.outerHTML.slice(0, 80)) }));
    if (found.ran) this.fault(where, 'something ran');
    for (const one of found.made) this.fault(where, `made ${one}`);
    for (const one of visitor.complaints.splice(0)) this.fault(where, `the browser complains: ${one}`);
    for (const one of mangled(this.pen, found.title, { seen: this.titles })) this.fault(where, `title: ${one}`);
  }
}
