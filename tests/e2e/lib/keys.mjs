// keys.mjs - a person without a mouse: Tab, Shift+Tab, Enter, Space and what is typed, nothing else.

/** What has the focus. */
export function focused(page) {
  return page.evaluate(() => {
    const one = document.activeElement;
    if (!one || one === document.body) return { tag: 'body' };
    const style = getComputedStyle(one);
    return {
      tag: one.localName, name: one.getAttribute('name') ?? '', type: one.type ?? '', id: one.id, href: one.getAttribute('href') ?? '',
      value: one.value ?? '', checked: one.checked, text: one.textContent.replace(/\s+/g, ' ').trim().slice(0, 60),
      inMain: one.closest('main') !== null, form: one.form?.getAttribute('action') ?? '', role: one.getAttribute('role') ?? '',
      seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || one.matches('main, [role=alert]'),
    };
  });
}

/** Presses Tab until `wanted(focus)`; each stop on the way must be one that is seen. */
export async function tabTo(page, wanted, what, most = 400) {
  const unseen = [];
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (!now.seen && now.tag !== 'body') unseen.push(`${now.tag} ${now.name || now.text}`);
    if (wanted(now)) {
      if (unseen.length > 0) throw new Error(`the focus is not to be seen on ${unseen.slice(0, 5).join(', ')}`);
      return now;
    }
  }
  const shown = (await page.textContent('main')).replace(/\s+/g, ' ').slice(0, 300);
  throw new Error(`${what} is not to be reached with Tab on ${page.url()}: ${shown}`);
}

export const link = (pattern) => (now) => now.tag === 'a' && now.inMain && pattern.test(now.href);
export const control = (name) => (now) => now.name === name && now.inMain;
export const mainButton = (action) => (now) => now.tag === 'button' && now.inMain && now.form.startsWith(action) && !now.name.startsWith('_') && now.type === 'submit';

/** Types into what has the focus, as its kind wants it. */
export async function type(page, now, value) {
  if (now.type === 'checkbox') {
    if (now.checked !== value) await page.keyboard.press('Space');
  } else if (now.tag === 'select') {
    // letters choose among the words that are shown
    const at = await page.evaluate((wanted) => [...document.activeElement.options].findIndex((one) => one.value === wanted), String(value));
    if (at < 0) throw new Error(`${now.name} has no choice ${value}`);
    await page.keyboard.press('Home');
    for (let i = 0; i < at; i += 1) await page.keyboard.press('ArrowDown');
  } else if (now.type === 'date') {
    const [year, month, day] = String(value).split('-');
    // the browser's own language says which part comes first
    for (const parts of [[month, day, year], [year, month, day]]) {
      for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowLeft');
      for (const part of parts) {
        await page.keyboard.type(part);
        if (part === year && part !== parts[2]) await page.keyboard.press('ArrowRight');
      }
      if (await page.evaluate(() => document.activeElement.value) === String(value)) return;
    }
    throw new Error(`${now.name} takes no date from the keyboard`);
  } else {
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(Array.isArray(value) ? value.join('，') : String(value));
  }
}
