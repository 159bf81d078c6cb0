// fill.mjs - fills a form from an object shaped as the route's body: {title, contact: {name},
// indicators: [{name, op}]}. Names of controls are those of form.h: a, a.b, a[0].b.
//
// Every control that is filled must be one that a person can find and use: visible, enabled, with a
// label. Fields that the page offers no control for end in an error that names them all.

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** An instant as an input of type datetime-local holds it: the wall clock of Shanghai. */
export function localTime(value) {
  if (String(value).endsWith('+08:00')) return String(value).slice(0, 16);
  const at = new Date(new Date(value).getTime() + 8 * 3600 * 1000);
  return at.toISOString().slice(0, 16);
}

/** The controls of a form, its folds opened: [{ name, type, value, checked, hidden, label, options }]. */
async function inventory(form) {
  const folds = form.locator('details:not([open]) > summary'); // one fewer with each that is opened
  for (let n = await folds.count(); n > 0; n -= 1) await folds.first().click();
  return form.evaluate((node) => [...node.elements].filter((one) => one.name).map((one) => ({
    name: one.name, tag: one.localName, type: one.type, value: one.value, checked: one.checked, id: one.id,
    hidden: one.type === 'hidden' || !one.checkVisibility?.() || one.disabled || one.readOnly,
    label: (one.getAttribute('aria-label') ?? '') || (one.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean)
      .map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim()
      || [...(one.labels ?? [])].map((label) => label.textContent.trim()).join(' '),
    options: one.localName === 'select' ? [...one.options].map((option) => option.value) : undefined,
  })));
}

/** Runs in the page. */
function perform(form, steps) {
  const setter = (node) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(node), 'value').set;
  for (const { name, box, on, text } of steps) {
    const node = [...form.elements].find((one) => one.name === name && one.type !== 'hidden' && (box === undefined || one.value === box));
    node.focus();
    if (box === undefined) {
      setter(node).call(node, text);
      node.dispatchEvent(new Event('input', { bubbles: true }));
      node.dispatchEvent(new Event('change', { bubbles: true }));
    } else if (node.checked !== on) {
      node.click();
    }
  }
}

const inRow = (list, i) => `${list}[${i}].`;

/** How many rows of a list the form shows. */
function rowsOf(controls, list) {
  let n = 0;
  while (controls.some((one) => one.name.startsWith(inRow(list, n)))) n += 1;
  return n;
}

/** The row whose fixed values (an object's id, a printed name) are those of `entry`, or -1. */
function fixedRow(controls, list, entry, taken) {
  const count = rowsOf(controls, list);
  for (let i = 0; i < count; i += 1) {
    if (taken.has(i)) continue;
    const fixed = controls.filter((one) => one.name.startsWith(inRow(list, i)) && one.value !== ''
      && (one.hidden || (one.type === 'checkbox' && one.value !== 'true'))); // a box that takes this very object
    const keys = fixed.filter((one) => one.name.slice(inRow(list, i).length) in entry);
    if (keys.length > 0 && keys.every((one) => String(entry[one.name.slice(inRow(list, i).length)]) === one.value)) return i;
  }
  return -1;
}

class Filler {
  constructor(visitor, action, options) {
    Object.assign(this, { visitor, action, options, missing: [], unlabelled: [], steps: [] });
  }

  get form() {
    return this.visitor.form(this.action);
  }

  async read() {
    this.controls = await inventory(this.form);
  }

  named(name) {
    return this.controls.filter((one) => one.name === name);
  }

  async put(name, value) {
    const found = this.named(name);
    if (isObject(value) && found.length === 0) {
      for (const [key, one] of Object.entries(value)) if (one !== undefined) await this.put(name ? `${name}.${key}` : key, one);
    } else if (Array.isArray(value) && isObject(value[0])) {
      await this.putRows(name, value);
    } else if (Array.isArray(value) && this.named(`${name}[]`).length > 0) {
      await this.putOne(`${name}[]`, this.named(`${name}[]`), value);
    } else if (found.length === 0) {
      if (value !== null && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0)) this.missing.push(name);
    } else {
      await this.putOne(name, found, value);
    }
  }

  async putOne(name, found, value) {
    const [control] = found;
    const text = control.type === 'datetime-local' ? localTime(value) : control.type === 'date' ? String(value).slice(0, 10)
      : isObject(value) ? JSON.stringify(value) : value === null ? '' : String(value);
    if (found.every((one) => one.hidden)) {
      if (!found.some((one) => one.value === text)) this.missing.push(`${name} (fixed at ${found.map((one) => one.value.slice(0, 40))}, not ${text.slice(0, 40)})`);
      return;
    }
    const shown = found.find((one) => !one.hidden);
    if (shown.label === '') this.unlabelled.push(name);
    if (shown.type === 'checkbox' && Array.isArray(value)) {
      const wanted = value.map(String);
      for (const one of found.filter((c) => !c.hidden)) this.steps.push({ name, box: one.value, on: wanted.includes(one.value) });
      this.missing.push(...wanted.filter((v) => !found.some((one) => one.value === v)).map((v) => `${name}: no box ${v}`));
    } else if (shown.type === 'checkbox') {
      this.steps.push({ name, box: shown.value, on: value === true || text === shown.value });
    } else if (shown.type === 'radio') {
      if (found.some((one) => one.value === text)) this.steps.push({ name, box: text, on: true });
      else this.missing.push(`${name}: no choice ${text}`);
    } else if (shown.tag === 'select') {
      if (shown.options.includes(text)) this.steps.push({ name, text });
      else if (value === false && shown.options.includes('')) this.steps.push({ name, text: '' });
      else this.missing.push(`${name}: no choice ${text} among ${shown.options.slice(0, 8)}`);
    } else if (shown.type !== 'file') {
      this.steps.push({ name, text: Array.isArray(value) ? value.join(shown.tag === 'textarea' ? '\n' : '，') : text });
    }
  }

  /** Does what was noted, in the page: each control is focused, changed, and its events are sent. */
  async flush() {
    const steps = this.steps.splice(0);
    if (steps.length > 0) await this.form.evaluate(perform, steps);
  }

  /** One row for each entry: the one that is made for it, else the next free one, else a new one. */
  async putRows(list, entries) {
    await this.dropRows(list, entries);
    const taken = new Set();
    const places = [];
    for (const entry of entries) {
      const fixed = fixedRow(this.controls, list, entry, taken);
      if (fixed >= 0) taken.add(fixed);
      places.push(fixed);
    }
    let next = 0;
    for (const [n, entry] of entries.entries()) {
      if (places[n] < 0) {
        while (taken.has(next) || this.isFixed(list, next)) next += 1;
        if (next >= rowsOf(this.controls, list) && !(await this.moreRows(list, next))) {
          this.missing.push(`${list}[${n}] (no row for it)`);
          continue;
        }
        places[n] = next;
        taken.add(next);
      }
    }
    for (const [n, entry] of entries.entries()) {
      if (places[n] < 0) continue;
      for (const [key, value] of Object.entries(entry)) {
        if (value !== undefined) await this.put(`${list}[${places[n]}].${key}`, value);
      }
    }
  }

  /** Rows that the page begins by itself, of things that are not wanted, where it lets one take them out. */
  async dropRows(list, entries) {
    for (let i = rowsOf(this.controls, list) - 1; i >= 0; i -= 1) {
      const wanted = entries.some((entry) => fixedRow(this.controls, list, entry, new Set()) === i);
      const button = this.form.locator(`button[name=_drop][value=${JSON.stringify(`${list}.${i}`)}]`);
      if (wanted || !this.isFixed(list, i) || (await button.count()) === 0) continue;
      const before = rowsOf(this.controls, list);
      await this.flush();
      await button.first().click();
      await this.visitor.page.locator(`[name^=${JSON.stringify(inRow(list, before - 1))}]`).first().waitFor({ state: 'detached' });
      await this.read();
    }
  }

  isFixed(list, i) {
    return this.controls.some((one) => one.name.startsWith(inRow(list, i)) && one.type === 'hidden' && one.value !== '');
  }

  /** Presses “one more row” until row `i` is there: at once with scripts, by a round trip without. */
  async moreRows(list, i) {
    const button = this.form.locator(`button[name=_more][value=${JSON.stringify(list)}]`);
    await this.flush();
    while (rowsOf(this.controls, list) <= i) {
      if ((await button.count()) === 0) return false;
      const before = rowsOf(this.controls, list);
      await button.first().click();
      await this.visitor.page.locator(`[name^=${JSON.stringify(inRow(list, before))}]`).first().waitFor({ state: 'attached' });
      await this.read();
    }
    return true;
  }
}

/** `options`: lenient (leave out what has no control), password (of a weighty step). */
export async function fillForm(visitor, action, values, options = {}) {
  const filler = new Filler(visitor, action, options);
  if ((await filler.form.count()) === 0) throw await visitor.fault(`there is no form for ${action}`);
  await filler.read();
  // rows first: without scripts each new one is a round trip
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value) && isObject(value[0])) await filler.put(name, value);
  }
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !(Array.isArray(value) && isObject(value[0]))) await filler.put(name, value);
  }
  if (options.password && filler.named('_password').some((one) => !one.hidden)) await filler.put('_password', options.password);
  await filler.flush();
  const faults = [...filler.missing.map((name) => `no control for ${name}`), ...filler.unlabelled.map((name) => `no label on ${name}`)];
  if (faults.length > 0 && !options.lenient) throw await visitor.fault(`form ${action}: ${faults.join('; ')}`);
  return { missing: filler.missing, unlabelled: filler.unlabelled };
}
