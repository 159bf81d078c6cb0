// rows.mjs - every page of the service, and who sees it full, who sees it empty.
//
// The rows are the gateway's own (--pages). The objects that {id} may name come from
// tests/lib/objects.mjs, the accounts from the roles of the routes behind the page.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { gatewayTables } from '../../../tools/lib/openapi.mjs';
import { bin } from '../../lib/city.mjs';
import { Client } from '../../lib/client.mjs';
import { objectsOf, roleAccounts } from '../../lib/objects.mjs';
import { sessionOf } from './sessions.mjs';

/** [{ path, template, docs, form, public }] */
export function pageRows() {
  return JSON.parse(execFileSync(path.join(bin, 'jiebang-gateway'), ['--pages'], { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/** '/needs/{id}/events' and '/needs/7…/events' → { id }, or undefined. */
export function namesIn(shape, where) {
  const names = [];
  const source = shape.replace(/\{(\w+)\}/g, (_, name) => { names.push(name); return '([^/]+)'; });
  const match = new RegExp(`^${source}$`).exec(where);
  return match ? Object.fromEntries(names.map((name, i) => [name, match[i + 1]])) : undefined;
}

/** The page whose form goes to this address: { row, path }. */
export function formPage(rows, method, where) {
  for (const row of rows) {
    if (!row.form) continue;
    const [formMethod, shape] = row.form.split(' ');
    const names = formMethod === method ? namesIn(shape, where) : undefined;
    if (names) return { row, path: row.path.replace(/\{(\w+)\}/g, (_, name) => names[name]) };
  }
  const shape = `${method} ${where.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}`;
  throw Object.assign(new Error(`no page has the form ${shape}`), { shape });
}

const pattern = (route) => new RegExp(`^${route.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`);

/** The routes behind a page: its documents and the form's. */
function routesOf(row, routes) {
  const wanted = (row.docs ?? '').split(/\s+/).filter(Boolean).map((doc) => ({ method: 'GET', path: doc.slice(doc.indexOf('=') + 1).split('?')[0], optional: doc.includes('?=') }));
  if (row.form) {
    const [method, where] = row.form.split(' ');
    wanted.push({ method, path: where });
  }
  return wanted.filter((one) => !one.optional).map((one) => routes.find((route) => route.method === one.method && route.path === one.path)
    ?? routes.find((route) => route.method === one.method && pattern(one.path).test(route.path.replace(/\{\w+\}/g, 'x')))).filter(Boolean);
}

const everybody = Object.entries(roleAccounts).filter(([role]) => role !== 'public').flatMap(([, logins]) => logins);

/** Accounts worth trying on a page: those of its form, or of the narrowest of its documents. */
export function accountsFor(row, routes) {
  const narrow = routesOf(row, routes).map((route) => route.perm).filter((perm) => !perm.includes('public'));
  if (narrow.length === 0) return ['', 'poster1', 'officer1'];
  const last = narrow.at(-1);
  return last.includes('signed') ? everybody : [...new Set(last.flatMap((perm) => roleAccounts[perm] ?? []))];
}

/** Signed-in programs that ask for pages as a browser does, one for each login. */
export class Callers {
  constructor(town, lang = 'zh') {
    Object.assign(this, { town, lang, clients: new Map() });
  }

  async as(login) {
    if (!this.clients.has(login)) {
      const client = new Client(this.town.plain, { lang: this.lang, headers: login ? { cookie: `jb=${await sessionOf(this.town, login)}` } : {} });
      client.headers.accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
      this.clients.set(login, client);
    }
    return this.clients.get(login);
  }

  async get(login, where) {
    const client = await this.as(login);
    return client.get(where).catch((error) => {
      if (error.code !== 'ECONNRESET') throw error;
      return client.get(where); // its connection had waited too long for others
    });
  }

  close() {
    for (const client of this.clients.values()) client.close();
  }
}

const TRIES = 8;
const ENOUGH = 2;

function pathsOf(row, objects) {
  try {
    return objects.paths(row, TRIES);
  } catch {
    return [];
  }
}

/** Whether a page shows the form that its row has. */
const showsForm = (row, text) => !row.form || /<main[^]*<form[^>]*method="post"/.test(text);

class Surveyor {
  constructor(places) {
    Object.assign(this, { places, routes: gatewayTables(bin).routes, links: new Map() });
  }

  /** All that a city has to show of a row, until there is enough of it. */
  async look(row, { moment, callers, objects }, found, statuses) {
    const paths = pathsOf(row, objects);
    for (const login of accountsFor(row, this.routes)) {
      for (const where of paths) {
        const answer = await callers.get(login, where);
        if (answer.status !== 200 || !/^text\/html/.test(answer.headers['content-type'] ?? '')) {
          statuses.add(answer.status);
          continue;
        }
        found.push({ moment, login, path: where, size: answer.raw.length, form: showsForm(row, answer.text) });
        this.harvest(answer.text, where, { callers, moment, login });
        if (found.filter((one) => one.form).length >= ENOUGH) return true;
      }
    }
    return false;
  }

  /** Ways to acts that say more than a path: ?event=return, ?batch=… */
  harvest(text, page, who) {
    for (const [, path, query] of text.matchAll(/href="([^"?#]*)\?((?:event|batch|kind|unit)=[^"]*)"/g)) {
      const where = `${path || page.split('?')[0]}?${query.replaceAll('&amp;', '&')}`;
      this.links.set(`${who.moment} ${who.login} ${where.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '')}`, { ...who, where });
    }
  }

  /** A form that asks for more than its path is reached as people reach it: by a link. */
  async byLinks({ row, found }) {
    const shape = pattern(row.path);
    for (const { callers, moment, login, where } of this.links.values()) {
      if (!shape.test(where.split('?')[0])) continue;
      const answer = await callers.get(login, where);
      if (answer.status === 200 && showsForm(row, answer.text)) found.unshift({ moment, login, path: where, size: answer.raw.length, form: true });
      if (found[0]?.form) return;
    }
  }

  async row(row) {
    const found = [];
    const statuses = new Set();
    let enough = false;
    for (const place of this.places) {
      if (!enough) enough = await this.look(row, place, found, statuses);
    }
    found.sort((a, b) => b.form - a.form || b.size - a.size);
    const why = found.length > 0 ? undefined : statuses.size === 0 ? 'there is no object that it could show' : `answers ${[...statuses].join(', ')} to all who were tried`;
    return { row, found, why };
  }
}

/**
 * For each row { row, found: [{ moment, login, path, size, form }], why }: where it can be seen, fullest
 * first; `why` where it cannot. `towns` is a Map from the name of a moment to its city.
 */
export async function survey(towns, { only } = {}) {
  const places = await Promise.all([...towns].map(async ([moment, town]) => ({ moment, callers: new Callers(town), objects: await objectsOf(town) })));
  const surveyor = new Surveyor(places);
  const all = [];
  for (const row of pageRows().filter((one) => !only || only.test(`${one.path} ${one.template}`))) all.push(await surveyor.row(row));
  for (const one of all.filter(({ row, found }) => row.form && !found[0]?.form)) {
    await surveyor.byLinks(one);
    if (one.found.length > 0) one.why = undefined;
  }
  for (const { callers } of places) callers.close();
  return all;
}

/** A short name for files. */
export const nameOf = (row) => (row.path === '/' ? 'front' : row.path.slice(1).replace(/[{}]/g, '').replaceAll('/', '-'));
