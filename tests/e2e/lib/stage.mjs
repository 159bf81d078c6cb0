// stage.mjs - plays a sample city's scenario (samples/*/scenario.mjs) through the pages.
//
// The scenario says who does what, where, with which content, and what must come of it; over JSON it
// is played by samples/lib/stage.mjs. Here the same steps are done as people do them: open the page of
// the act, fill its form, press its button, and look at what comes. What must be refused is refused by
// the page: it is not there for that person, or it comes back with its errors and all that was typed.
//
// The same act by the same person is done in the browser `times` times; what is left of a long row of
// the same (eleven score sheets) goes over JSON. Reads for the scenario's own book-keeping do so too.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Stage } from '../../../samples/lib/stage.mjs';
import { bin } from '../../lib/city.mjs';
import { Client } from '../../lib/client.mjs';
import { pageRows } from './rows.mjs';

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/;
const WINDOWS = 6;

/** '/needs/{id}/events' and '/needs/7…/events' → { id }, or undefined. */
function namesIn(pattern, where) {
  const names = [];
  const source = pattern.replace(/\{(\w+)\}/g, (_, name) => { names.push(name); return '([^/]+)'; });
  const match = new RegExp(`^${source}$`).exec(where);
  return match && Object.fromEntries(names.map((name, i) => [name, match[i + 1]]));
}

const asId = (field) => field.replace(/\W+/g, '-').replace(/^-|-$/g, '');

export class BrowserStage extends Stage {
  constructor(name, town, folder, web, { js, times = 2, say = () => {} }) {
    super(name, town.plain, folder);
    Object.assign(this, { town, web, js, times, say, visitors: new Map(), done: new Map(), acts: 0, spoken: 0 });
    this.rows = pageRows();
  }

  async shut() {
    super.close();
    for (const visitor of this.visitors.values()) await visitor.close();
  }

  /** Whoever comes first signs in through the page; the program beside the browser has its cookie. */
  async as(login) {
    if (this.clients.has(login)) return this.clients.get(login);
    const visitor = await this.web.visitor(this.town.plain, { js: this.js });
    this.visitors.set(login, visitor);
    if (login !== '') await visitor.signIn(login, this.password);
    const client = new Client(this.town.plain, { headers: login === '' ? {} : { cookie: await visitor.cookie() } });
    const me = login === '' ? { body: {} } : await client.get('/session');
    Object.assign(client, { unit: me.body.unit?.name ?? '公众', person: me.body.person, login });
    this.clients.set(login, client);
    return client;
  }

  /** The visitor at a window; only a few have one open at a time. */
  async #visitor(login) {
    await this.as(login);
    const visitor = this.visitors.get(login);
    this.visitors.delete(login);
    this.visitors.set(login, visitor); // the most recent last
    const open = [...this.visitors.values()].filter((one) => one.page && one !== visitor);
    for (const one of open.slice(0, Math.max(0, open.length - WINDOWS + 1))) await one.rest();
    return visitor;
  }

  chapter(title) {
    this.say(title);
  }

  #told(login, what, came) {
    this.count += 1;
    this.say(`${this.count} ${login || '-'} ${what}: ${came}`);
  }

  /** The page whose form goes to this route, with its path for these objects. */
  #pageOf(method, where) {
    for (const row of this.rows) {
      if (!row.form) continue;
      const [formMethod, pattern] = row.form.split(' ');
      const names = formMethod === method && namesIn(pattern, where);
      if (names) return { row, path: row.path.replace(/\{(\w+)\}/g, (_, name) => names[name]) };
    }
    throw new Error(`no page has the form ${method} ${where}`);
  }

  #often(login, method, { row }, body) {
    const key = `${login} ${method} ${row.path} ${body?.event ?? ''}`;
    const times = (this.done.get(key) ?? 0) + 1;
    this.done.set(key, times);
    return times > this.times;
  }

  async do(login, what, method, where, body, options = {}) {
    if (method === 'GET') {
      const doc = await super.get(login, where);
      await (await this.#visitor(login)).go(where);
      this.#told(login, what, 'seen');
      return doc;
    }
    const page = this.#pageOf(method, where);
    if (options.key && this.resent?.key === options.key) return this.#again(login);
    if (this.#often(login, method, page, body)) {
      this.spoken += 1;
      return this.#quiet(() => super.do(login, what, method, where, body, options));
    }
    const visitor = await this.#visitor(login);
    let location;
    try {
      await visitor.go(page.path + (body?.event ? `?event=${body.event}` : ''));
      ({ location } = await visitor.send(where, body ?? {}, { password: this.password }));
    } catch (error) {
      error.message = `${what}: ${error.message}`;
      throw error;
    }
    const doc = await this.#after(login, method, where, location);
    if (options.key) this.resent = { key: options.key, request: visitor.sent, location, doc };
    this.acts += 1;
    this.#told(login, what, doc.state?.code ?? location);
    if (options.state) this.same(doc.state?.code, options.state, `${what}: state`);
    return doc;
  }

  async #quiet(act) {
    const { log } = console;
    console.log = () => {};
    try {
      return await act();
    } finally {
      console.log = log;
    }
  }

  /** The same form sent a second time, as a reload does: it must be taken for the same act. */
  async #again(login) {
    const { request, location, doc } = this.resent;
    const answer = await this.visitors.get(login).context.request.fetch(request.url(), { method: 'POST', maxRedirects: 0,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: this.town.plain }, data: request.postDataBuffer() });
    this.same(answer.status(), 303, 'the form sent again');
    const to = new URL(answer.headers().location, this.town.plain);
    this.same(to.pathname, new URL(location, this.town.plain).pathname, 'where the form sent again leads');
    return doc;
  }

  /** The object that was made or moved, as its maker may read it. */
  async #after(login, method, where, location) {
    const client = await this.as(login);
    const landed = location.split('?')[0];
    const fresh = (UUID.exec(landed.split('/').pop() ?? '') ?? [])[0];
    const parent = method === 'PUT' ? where : where.slice(0, where.lastIndexOf('/'));
    const claim = /^\/claims\/(.+)$/.exec(parent);
    const places = fresh && !where.includes(fresh) ? [landed] : [`${parent}/work`, parent, ...(claim ? [landed] : [])];
    for (const place of places.filter((one) => UUID.test(one))) {
      const answer = await client.get(place);
      if (answer.status === 200 && answer.body.id) return answer.body;
    }
    return {};
  }

  async refused(login, what, method, where, body, wanted) {
    const { status, fields = [] } = wanted;
    const visitor = await this.#visitor(login);
    const page = method === 'GET' ? { path: where } : this.#pageOf(method, where);
    const answer = await visitor.go(page.path + (body?.event ? `?event=${body.event}` : '')).catch((error) => error);
    const asked = new URL(visitor.page.url()).pathname === '/sign-in';
    if (visitor.status >= 400 || asked) {
      // the page itself is not for this person
      if (!asked && visitor.status >= 500) throw answer;
      this.#told(login, what, asked ? 'sign in first' : `no page: ${visitor.status}`);
      if (method === 'GET') this.refusals += 1;
      else await this.#quiet(() => super.refused(login, what, method, where, body, wanted));
      return {};
    }
    if ((await visitor.form(where).count()) === 0) {
      // shown, but not offered: whoever sends it all the same is refused
      this.#told(login, what, 'not offered');
      await this.#quiet(() => super.refused(login, what, method, where, body, wanted));
      return {};
    }
    await visitor.fill(where, body ?? {}, { lenient: true, password: this.password });
    if (wanted.version !== undefined) await this.#stale(visitor, where, wanted.version);
    const typed = await this.#typed(visitor, where);
    const came = await visitor.press(where, { password: this.password });
    const seen = await visitor.look();
    if (came.status !== status) throw await visitor.fault(`${what}: POST ${where} gave ${came.status}, not ${status}`);
    if (!seen.problem) throw await visitor.fault(`${what}: the page does not say what is wrong`);
    const named = seen.errors.map((error) => asId(error.field).replace(/^f-/, ''));
    for (const field of fields) {
      if (!named.includes(asId(field))) throw await visitor.fault(`${what}: the errors do not lead to ${field}, only to ${named}`);
    }
    const kept = await this.#typed(visitor, where);
    for (const [name, text] of Object.entries(typed)) {
      if (kept[name] !== text) throw await visitor.fault(`${what}: ${name} was typed as “${text}” and is “${kept[name]}” now`);
    }
    this.refusals += 1;
    this.#told(login, what, `refused: ${seen.problem.slice(0, 60)}`);
    return {};
  }

  /** What stands in the form's visible fields, but for passwords. */
  #typed(visitor, where) {
    return visitor.form(where).evaluateAll((forms) => Object.fromEntries(forms.flatMap((form) => [...form.elements])
      .filter((one) => one.name && !one.name.startsWith('_') && !['hidden', 'password', 'submit', 'button'].includes(one.type))
      .map((one) => [`${one.name}${one.type === 'checkbox' || one.type === 'radio' ? `=${one.value}` : ''}`,
        one.type === 'checkbox' || one.type === 'radio' ? one.checked : one.value])));
  }

  /** A form that was opened before somebody else changed the object. */
  #stale(visitor, where, version) {
    return visitor.form(where).evaluate((form, old) => {
      form.setAttribute('action', form.getAttribute('action').replace(/(_version=)[^&]*/, `$1${old}`));
      for (const one of form.querySelectorAll('[name=_version]')) one.value = old;
    }, version);
  }

  #ctl(...args) {
    const end = spawnSync(path.join(bin, 'jiebang-ctl'), args, { encoding: 'utf8', env: { ...process.env, DATABASE_URL: this.town.ops } });
    if (end.status !== 0) throw new Error(`jiebang-ctl ${args.join(' ')}: ${end.error?.message ?? end.stderr}`);
    return end.stdout;
  }

  clock(moment) {
    this.#ctl('set-clock', `${moment.replace(' ', 'T')}:00+08:00`);
    this.#told('', moment, 'clock');
  }

  async match(...args) {
    return this.#quiet(() => super.match(...args));
  }

  async until(...args) {
    return this.#quiet(() => super.until(...args));
  }

  verify() {
    this.#ctl('verify');
  }
}
