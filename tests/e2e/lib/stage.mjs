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
import { formPage, pageRows } from './rows.mjs';

const UUID = /[0-9a-f]{8}-[0-9a-f-]{27}/;
const WINDOWS = 6;

const asId = (field) => field.replace(/\W+/g, '-').replace(/^-|-$/g, '');

export class BrowserStage extends Stage {
  constructor(name, town, folder, web, { js, times = 2, say = () => {} }) {
    super(name, town.plain, folder);
    Object.assign(this, { town, web, js, times, say, visitors: new Map(), done: new Map(), acts: 0, spoken: 0, faults: [], missing: new Set() });
    this.rows = pageRows();
  }

  async shut() {
    super.close();
    for (const visitor of this.visitors.values()) await visitor.close();
  }

  /** Whoever comes first signs in through the page; the program beside the browser has its cookie. */
  async as(login) {
    if (this.clients.has(login)) return this.#abreast(login);
    const visitor = await this.web.visitor(this.town.plain, { js: this.js });
    this.visitors.set(login, visitor);
    if (login !== '') await visitor.signIn(login, this.password, { next: '/' });
    const client = new Client(this.town.plain, { headers: login === '' ? {} : { cookie: await visitor.cookie() }, keepAlive: false });
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

  #often(login, method, { row }, body) {
    const key = `${login} ${method} ${row.path} ${body?.event ?? ''}`;
    const times = (this.done.get(key) ?? 0) + 1;
    this.done.set(key, times);
    return times > this.times;
  }

  async do(login, what, method, where, body, options = {}) {
    if (method === 'GET') {
      const doc = await super.get(login, where);
      await (await this.#visitor(login)).go(where).catch((error) => this.faults.push(`${login} ${what}: ${error.message}`));
      this.#told(login, what, 'seen');
      return doc;
    }
    const page = this.#page(login, what, method, where);
    if (options.key && this.resent?.key === options.key) return this.#again(login);
    if (!page || this.#often(login, method, page, body)) {
      this.spoken += 1;
      return this.#quiet(() => super.do(login, what, method, where, body, options));
    }
    const visitor = await this.#visitor(login);
    let came;
    visitor.status = undefined;
    try {
      await this.#open(visitor, page.path, where, body);
      visitor.status = undefined;
      came = await visitor.send(where, body ?? {}, { password: this.password });
      this.acts += 1;
    } catch (error) {
      this.faults.push(`${login} ${what}: ${error.message.split('\nCall log')[0]}`);
      this.say(`FAULT ${this.faults.at(-1)}`);
      // told at the end; the story goes on as if it had been done
      if (!(visitor.status < 400)) return this.#quiet(() => super.do(login, what, method, where, body, options));
      came = { location: visitor.location ?? page.path };
    }
    return this.#came(login, what, method, where, options, came);
  }

  /** The page of the act; where it first asks which batch, the link of the right one is followed. */
  async #open(visitor, path, where, body) {
    if (where === '/panels' && body?.kind === 'claim') return this.#openForClaims(visitor, body);
    await visitor.go(path + (body?.event ? `?event=${body.event}` : ''));
    if ((await visitor.form(where).count()) > 0) return;
    for (const id of Object.values(body ?? {}).filter((value) => typeof value === 'string' && UUID.test(value))) {
      const link = visitor.page.locator(`main a[href*="=${id}"]`).first();
      if ((await link.count()) > 0) {
        await visitor.go(new URL(await link.getAttribute('href'), visitor.page.url()).href);
        return;
      }
    }
  }

  /** A panel on claims begins from their challenge. */
  async #openForClaims(visitor, body) {
    const claim = await this.get(visitor.login, `/claims/${body.subjects[0]}`);
    await visitor.go(`/items/${claim.item.id}/work`);
    await visitor.go(new URL(await visitor.page.locator('main a[href*="kind=claim"]').first().getAttribute('href', { timeout: 3000 }), visitor.page.url()).href);
  }

  async #came(login, what, method, where, options, { location, seen }) {
    const doc = location ? await this.#after(login, method, where, location) : { receipt: /[A-Z]{2}[\w-]*\d{4}\S*/.exec(seen.text)?.[0] };
    if (options.key) this.resent = { key: options.key, request: this.visitors.get(login).sent, location, doc };
    this.#told(login, what, doc.state?.code ?? location ?? doc.receipt);
    if (options.state) this.same(doc.state?.code, options.state, `${what}: state`);
    return doc;
  }

  /** The page of an act, or undefined and a fault. */
  #page(login, what, method, where) {
    try {
      return formPage(this.rows, method, where);
    } catch (error) {
      const [path] = this.missing.has(error.shape) ? [] : [`${login} ${what}: ${error.message}`];
      this.missing.add(error.shape);
      if (path) this.faults.push(path);
      return undefined;
    }
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
    // the same answer; or, where the password was repeated, no more than a refusal: its session has a new name
    this.check([303, 403].includes(answer.status()), `the form sent again gave ${answer.status()}`);
    if (answer.status() === 303) {
      this.same(new URL(answer.headers().location, this.town.plain).pathname, new URL(location, this.town.plain).pathname, 'where the form sent again leads');
    }
    return doc;
  }

  /** The program beside the browser, with its cookie of now: repeating the password changes it. */
  async #abreast(login) {
    const client = this.clients.get(login);
    const cookie = await this.visitors.get(login).cookie();
    if (login !== '' && client.headers.cookie !== cookie) {
      client.headers.cookie = cookie;
      await client.get('/session');
    }
    return client;
  }

  /** The object that was made or moved, as its maker may read it. */
  async #after(login, method, where, location) {
    const client = await this.as(login);
    const landed = location.split('?')[0];
    const fresh = [...landed.matchAll(new RegExp(UUID, 'g'))].map(([id]) => id).reverse().find((id) => !where.includes(id));
    const parent = method === 'PUT' ? where : where.slice(0, where.lastIndexOf('/'));
    const made = fresh && landed.slice(0, landed.indexOf(fresh) + fresh.length);
    const places = fresh ? [`${made}/work`, made] : [`${parent}/work`, parent, landed];
    for (const place of places.filter((one) => UUID.test(one))) {
      const answer = await client.get(place);
      if (answer.status === 200 && answer.body.id) return answer.body;
    }
    return {};
  }

  async refused(login, what, method, where, body, wanted) {
    const page = method === 'GET' ? { path: where } : this.#page(login, what, method, where);
    if (page) {
      try {
        const came = await this.#refusal(login, what, method, where, body, wanted, page.path);
        this.refusals += 1;
        this.#told(login, what, came);
        if (!came.startsWith('no ')) return {};
      } catch (error) {
        this.faults.push(`${login} ${what}: ${error.message.split('\nCall log')[0]}`);
        this.say(`FAULT ${this.faults.at(-1)}`);
        return {};
      }
    }
    // whoever sends it all the same is refused
    return method === 'GET' ? {} : this.#quiet(() => super.refused(login, what, method, where, body, wanted));
  }

  /** How the page refuses; begins with 'no ' when it does not come so far that something is sent. */
  async #refusal(login, what, method, where, body, { status, fields = [], version }, path) {
    const visitor = await this.#visitor(login);
    const answer = await this.#open(visitor, path, where, body).catch((error) => error);
    if (new URL(visitor.page.url()).pathname === '/sign-in') return 'no page: sign in first';
    if (visitor.status >= 500) throw answer;
    if (visitor.status >= 400) return `no page: ${visitor.status}`;
    if (method === 'GET') throw await visitor.fault(`${where} is shown`);
    if ((await visitor.form(where).count()) === 0) return 'no form';
    await visitor.fill(where, body ?? {}, { lenient: true, password: this.password });
    await this.#old(visitor, where, body ?? {});
    if (version !== undefined) await this.#stale(visitor, where, version);
    const typed = await this.#typed(visitor, where);
    const came = await visitor.press(where, { password: this.password });
    const seen = await visitor.look();
    // what is not ticked is said to be not so, and rows stand there that a program would leave out
    const alike = [403, 409, 422];
    if (came.status !== status && !(alike.includes(came.status) && alike.includes(status))) throw await visitor.fault(`POST ${where} gave ${came.status}, not ${status}`);
    if (!seen.problem) throw await visitor.fault('the page does not say what is wrong');
    const named = seen.errors.map((error) => asId(error.field).replace(/^f-/, ''));
    // a browser lets nobody type some things, and a page begins some rows by itself: nearly all must be named
    const typable = fields.filter((field) => !(typed[field] === '' && body[field]));
    const absent = typable.filter((field) => !named.some((name) => name === asId(field) || name.startsWith(`${asId(field)}-`)));
    if (absent.length > 0 && absent.length * 4 > typable.length) throw await visitor.fault(`the errors do not lead to ${absent}, only to ${named}`);
    const kept = await this.#typed(visitor, where);
    for (const [name, text] of Object.entries(typed)) {
      if (kept[name] !== text) throw await visitor.fault(`${name} was typed as “${text}” and is “${kept[name]}” now`);
    }
    return `refused: ${seen.problem.slice(0, 60)}`;
  }

  /** What stands in the form's visible fields, but for passwords. */
  #typed(visitor, where) {
    return visitor.form(where).evaluateAll((forms) => Object.fromEntries(forms.flatMap((form) => [...form.elements])
      .filter((one) => one.name && !one.name.startsWith('_') && !['hidden', 'password', 'submit', 'button'].includes(one.type))
      .map((one) => [`${one.name}${one.type === 'checkbox' || one.type === 'radio' ? `=${one.value}` : ''}`,
        one.type === 'checkbox' || one.type === 'radio' ? one.checked : one.value])));
  }

  /** A form whose fixed texts (the digest that one signs) are those of an earlier day. */
  #old(visitor, where, body) {
    return visitor.form(where).evaluate((form, values) => {
      for (const one of form.querySelectorAll('input[type=hidden]')) {
        if (typeof values[one.name] === 'string') one.value = values[one.name];
      }
    }, body);
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
