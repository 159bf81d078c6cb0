// inject_forms.mjs - the form of each act, opened just before the act is done, as who does it, in both
// languages; then sent with the corpus in every control, too long to be taken: what was typed comes back.
import { PASSWORD } from './town.mjs';
import { formPage, pageRows } from './rows.mjs';
import { tricks } from './corpus.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
/** Pages that only show what came of a form that stands on another. */
const answers = new Set(['POST /needs/{id}/check']);

/** Runs in the page: something in each control, more than it takes. The names and texts of those that hold text. */
function overfill(form, { tricks: own, password }) {
  const typed = {};
  let n = own.length - form.elements.length % own.length;
  const text = (length) => {
    n += 1;
    let all = own[n % own.length];
    for (let i = 1; all.length < length; i += 1) all += ` ${own[(n + i) % own.length]}`;
    return all;
  };
  for (const one of [...form.elements]) {
    if (!one.name || one.name.startsWith('_') || ['submit', 'button', 'hidden', 'file', 'fieldset'].includes(one.type)) {
      if (one.name === '_password') one.value = password;
      continue;
    }
    if (one.localName === 'select') one.add(new Option(text(10), text(10), true, true));
    else if (['checkbox', 'radio'].includes(one.type)) Object.assign(one, { value: text(10), checked: true });
    else if (one.type === 'password') one.value = text(20);
    else {
      const plain = ['text', 'textarea', 'search', 'email', 'tel'].includes(one.type);
      const most = one.maxLength > 0 ? one.maxLength : one.localName === 'textarea' ? 20000 : 250;
      one.removeAttribute('maxlength');
      if (one.localName === 'input') one.type = 'text';
      one.value = text(plain ? most + 1 : 40);
      if (plain) (typed[one.name] ??= []).push(one.value);
    }
  }
  return typed;
}

export class Forms {
  /** `opened`: the forms that were looked at, in this city or in another. */
  constructor(town, watch, opened) {
    Object.assign(this, { town, watch, opened, rows: pageRows(), visitors: new Map(), refused: 0 });
  }

  async close() {
    for (const visitor of this.visitors.values()) await visitor.close();
  }

  async #visitor(login) {
    if (!this.visitors.has(login)) this.visitors.set(login, await this.watch.visitor(this.town, login, 'zh'));
    const visitor = this.visitors.get(login);
    this.visitors.delete(login);
    this.visitors.set(login, visitor);
    for (const old of [...this.visitors.values()].slice(0, -4)) await old.rest();
    return visitor;
  }

  /** Before an act: see the head. True when its page was looked at. */
  async before(login, method, where, body) {
    let page;
    try {
      page = formPage(this.rows, method, where);
    } catch {
      return false; // the example of an act that programs do
    }
    const key = `${page.row.form} ${body?.event ?? ''}`;
    if (this.opened.has(key)) return false;
    this.opened.add(key);
    const visitor = await this.#visitor(login);
    const path = page.path + (body?.event ? `?event=${body.event}` : '');
    for (const lang of ['en', 'zh']) {
      await visitor.context.addCookies([{ name: 'lang', value: lang, url: this.town.plain }]);
      await this.#open(visitor, `${lang} ${login} ${key}`, path, where, body);
    }
    await this.#overfilled(visitor, `${login} ${key}`, where);
    return true;
  }

  async #open(visitor, what, path, where, body) {
    const go = async (to) => this.watch.source(what, await (await visitor.go(to)).text());
    await go(path);
    for (const [name, value] of Object.entries(body ?? {}).filter(([, one]) => typeof one === 'string' && /^[\w-]{2,40}$/.test(one))) {
      if ((await visitor.form(where).count()) > 0) break; // else it first asks which: a link, or what one has searched for
      const link = visitor.page.locator(`main a[href*="=${value}"]`).first();
      if ((await link.count()) > 0) await go(new URL(await link.getAttribute('href'), visitor.page.url()).href);
      else if (UUID.test(value)) await go(`${path}?${name}=${value}`);
    }
    if ((await visitor.form(where).count()) === 0 && ![...answers].some((form) => what.includes(form))) this.watch.fault(what, 'the page has no form');
    await this.watch.live(visitor, what);
  }

  async #overfilled(visitor, what, where) {
    const form = visitor.form(where);
    if ((await form.count()) === 0) return;
    const typed = await form.evaluate(overfill, { tricks, password: PASSWORD });
    if (Object.keys(typed).length === 0) return;
    const came = visitor.page.waitForNavigation({ waitUntil: 'load' });
    await form.evaluate((node) => HTMLFormElement.prototype.submit.call(node));
    const answer = await came;
    if (answer.status() < 400) this.watch.fault(what, `takes what is too long: ${answer.status()}`);
    this.refused += 1;
    const kept = await visitor.form(where).evaluateAll((forms) => forms.flatMap((one) => [...one.elements]).map(({ name, value }) => [name, value]));
    for (const [name, text] of Object.entries(typed).flatMap(([one, texts]) => texts.map((text) => [one, text]))) {
      const back = kept.filter(([one]) => one === name).map(([, value]) => value);
      if (!back.includes(text)) this.watch.fault(what, `${name} comes back as ${JSON.stringify(back).slice(0, 80)}, not ${JSON.stringify(text.slice(0, 80))} (${answer.status()})`);
    }
    await this.watch.live(visitor, `${what}, refused`);
  }
}

/** Forms of pages that no act of the stories has opened. */
export const unopened = (opened) => pageRows().filter((row) => /^(POST|PUT) /.test(row.form ?? '')).map((row) => row.form)
  .filter((form) => ![...opened].some((key) => key.startsWith(`${form} `)));

