// browser.mjs - Chromium for the tests, and a person before it.
//
//   const web = await openBrowser();
//   const officer = await web.visitor(town.plain, { js: false, lang: 'zh' });
//   await officer.signIn('officer1', PASSWORD);
//   await officer.go('/batches');
//   await officer.send(`/needs/${id}/events`, { event: 'return', reason: '…' });
//
// What is filled in is named as the form's table names it, and a control that has no label to go by,
// or cannot be reached by a person, is an error. A page that refuses says why in the error.
import fs from 'node:fs';
import { chromium } from 'playwright-core';
import { totp } from '../../lib/client.mjs';
import { fillForm } from './fill.mjs';
import { sessionOf } from './sessions.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--force-color-profile=srgb', '--font-render-hinting=none'];

/** Not those that lengthen a list, nor the hidden one that Enter takes. */
export const mainButton = 'button:not([name^=_]):not([type=button]):not([aria-hidden]):not([tabindex="-1"])';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function openBrowser() {
  const executablePath = process.env.JB_CHROMIUM ?? programs.find((name) => fs.existsSync(name));
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or name one in JB_CHROMIUM');
  const browser = await chromium.launch({ executablePath, headless: true, args: flags });
  return new Browser(browser);
}

class Browser {
  constructor(browser) {
    this.browser = browser;
  }

  /** A person with a profile of their own: cookies, storage, language, the width of their window. */
  async visitor(base, { js = true, lang = 'zh', width = 1440, height = 900, theme = 'light', cookies = {} } = {}) {
    const context = await this.browser.newContext({
      baseURL: base, javaScriptEnabled: js, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', ignoreHTTPSErrors: true,
      timezoneId: 'Asia/Shanghai', viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
    const chosen = { lang, ...cookies };
    await context.addCookies(Object.entries(chosen).map(([name, value]) => ({ name, value, url: base })));
    context.setDefaultTimeout(15000);
    return new Visitor(context, base, { js, lang });
  }

  close() {
    return this.browser.close();
  }
}

/** A page that is not as it must be; `status` and `errors` ([{field, text}]) are those of the page. */
export class PageFault extends Error {
  constructor(message, { status, errors = [], text = '' } = {}) {
    super(message);
    Object.assign(this, { status, errors, text });
  }
}

export class Visitor {
  constructor(context, base, { js, lang }) {
    Object.assign(this, { context, base, js, lang });
    /** What the pages' scripts have complained of. */
    this.complaints = [];
  }

  async #open() {
    if (!this.page || this.page.isClosed()) {
      this.page = await this.context.newPage();
      this.page.on('response', (answer) => {
        if (answer.request().isNavigationRequest() && answer.frame() === this.page?.mainFrame()) this.landed = answer.status();
      });
      this.page.on('pageerror', (error) => this.complaints.push(`${this.page.url()}: ${error.message}`));
      this.page.on('console', (line) => {
        if (line.type() === 'error' && !/status of [45]\d\d|ERR_CERT/.test(line.text())) this.complaints.push(`${this.page.url()}: ${line.text()}`);
      });
    }
    return this.page;
  }

  /** Closes the window, keeps the profile: many visitors need not have a window each. */
  async rest() {
    await this.page?.close();
    this.page = undefined;
  }

  close() {
    return this.context.close();
  }

  /** Opens an address; returns the answer. `status`: what it must be (any below 400 unless given). */
  async go(path, { status } = {}) {
    const page = await this.#open();
    this.status = undefined;
    const answer = await page.goto(path, { waitUntil: 'load' }).catch((error) => {
      throw new PageFault(`${this.login ?? 'public'}: GET ${path} has no page: ${error.message.split('\n')[0].slice(0, 120)}`);
    });
    this.status = answer?.status();
    if (status ? this.status !== status : this.status >= 400) {
      throw await this.fault(`GET ${path} gave ${this.status}${status ? `, not ${status}` : ''}`);
    }
    return answer;
  }

  /** The page as a person meets it: what it is called, what it says went wrong. */
  look() {
    return this.page.evaluate(() => {
      const text = (node) => node?.textContent.replace(/\s+/g, ' ').trim() ?? '';
      const summary = document.querySelector('main [role=alert], .errors, .error-summary');
      return {
        title: document.title, h1: text(document.querySelector('h1')), lang: document.documentElement.lang,
        problem: summary ? text(summary) : '',
        errors: [...(summary?.querySelectorAll('a[href^="#"]') ?? [])].map((a) => {
          const control = document.getElementById(decodeURIComponent(a.hash.slice(1)));
          return { field: control?.getAttribute('name') ?? control?.querySelector('[name]')?.getAttribute('name') ?? a.hash.slice(1), text: text(a) };
        }),
        done: text(document.querySelector('[role=status]')),
        text: document.querySelector('main')?.innerText ?? document.body.innerText,
      };
    });
  }

  /** An error that says what the page says. */
  async fault(message, extra = {}) {
    const seen = await this.look().catch(() => ({ errors: [], text: '' }));
    const says = seen.problem || seen.text.replace(/\s+/g, ' ').slice(0, 400);
    return new PageFault(`${this.login ?? 'public'}: ${message}, at ${this.page.url().replace(this.base, '')}: “${seen.h1 ?? ''}” ${says}`,
      { status: this.status, ...seen, ...extra });
  }

  /** The form on this page that goes to a path; '' takes the page's main one. */
  form(action = '') {
    const main = this.page.locator('main');
    return action ? main.locator(`form[action="${action}"], form[action^="${action}?"]`).first()
      : main.locator('form[method=post]').first();
  }

  /** Fills the form that goes to `action`; returns what could not be: see fill.mjs. */
  fill(action, values, options) {
    return fillForm(this, action, values, options);
  }

  /**
   * Presses the button and waits for what comes, however it comes (a new document, or the page's own
   * script). Returns { status, location } of the answer to the form.
   */
  async press(action = '', { button, password } = {}) {
    const { page } = this;
    const form = this.form(action);
    const target = button ? form.locator(button)
      : form.locator(`${mainButton}:visible`).first();
    await page.evaluate(() => { document.body.dataset.before = '1'; });
    // where the button sends it: a page may ask other things of the server on its own meanwhile
    const where = await target.evaluate((node) => new URL(node.getAttribute('formaction') || node.form.getAttribute('action') || '', location.href).pathname);
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.status() !== 103
      && new URL(answer.url()).pathname === where, { timeout: 15000 });
    answered.catch(() => {});
    await target.click({ noWaitAfter: true, timeout: 5000 });
    await this.#confirm(form, password);
    let answer;
    try {
      answer = await answered;
    } catch {
      throw await this.fault('the button sent nothing');
    }
    this.sent = answer.request();
    this.status = answer.status();
    const { location } = answer.headers();
    this.location = location && new URL(location, this.base).pathname;
    await page.waitForFunction(() => document.body && document.body.dataset.before === undefined && document.readyState === 'complete');
    return { status: this.status, location: location && new URL(location, this.base).pathname + new URL(location, this.base).search };
  }

  /** Where scripts run, a weighty act asks for the password in a dialog of its own. */
  async #confirm(form, password) {
    if (!this.js || !password || (await form.locator('dialog').count()) === 0) return;
    const dialog = form.locator('dialog[open]');
    await dialog.waitFor({ timeout: 5000 });
    await dialog.locator('input[type=password]').first().fill(password);
    await dialog.locator('button:not([type=button])').first().click({ noWaitAfter: true });
  }

  /**
   * Fills and presses; the answer must be a 303 to a page that is there, or the page itself with what is
   * shown once (a receipt). Returns { location, seen }.
   */
  async send(action, values = {}, options = {}) {
    await this.fill(action, values, options);
    const { status, location } = await this.press(action, options);
    if (status >= 400 || (status !== 303 && !/\p{L}/u.test((await this.look()).h1))) throw await this.fault(`POST ${action} gave ${status}`, { status });
    const seen = await this.look();
    if (seen.h1 === '' || this.landed >= 400) throw await this.fault(`after POST ${action} there is no page but ${this.landed}`);
    return { location, seen };
  }

  /** Signs in through the page; with a TOTP secret the code is computed. */
  async signIn(login, password, { secret, next } = {}) {
    await this.go(next ? `/sign-in?_next=${encodeURIComponent(next)}` : '/sign-in');
    const code = secret ? totp(secret) : undefined;
    await this.send('/session', { login, password, ...(code && { code }) });
    this.login = login;
  }

  /** The same without the page, where signing in is not what is looked at. */
  async become(town, login) {
    await this.context.addCookies([{ name: 'jb', value: await sessionOf(town, login), url: this.base, httpOnly: true, sameSite: 'Strict' }]);
    this.login = login;
  }

  /** The cookie that a program may use beside the browser. */
  async cookie() {
    return (await this.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}
