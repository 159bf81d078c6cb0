// windows.mjs - walks all pages as all who see them, with few windows: one for each view of the person
// whose pages are looked at now.
/** How a page may be looked at. */
export const views = {
  zh: { lang: 'zh', width: 1440 },
  en: { lang: 'en', width: 1440 },
  phone: { lang: 'zh', width: 390 },
  dark: { lang: 'zh', width: 1440, theme: 'dark' },
  large: { lang: 'zh', width: 390, text: 'large' },
};

export class Windows {
  constructor(web, towns) {
    Object.assign(this, { web, towns, open: new Map() });
  }

  async of(moment, login, view) {
    const who = `${moment} ${login} `;
    for (const [key, visitor] of this.open) {
      if (key.startsWith(who)) continue;
      this.open.delete(key);
      await visitor.close();
    }
    if (!this.open.has(who + view)) {
      const { lang, width, theme, text } = views[view];
      const visitor = await this.web.visitor(this.towns.get(moment).plain, { lang, width, height: width === 390 ? 844 : 900, theme, cookies: { ...(text && { text }) } });
      if (login) await visitor.become(this.towns.get(moment), login);
      this.open.set(who + view, visitor);
    }
    return this.open.get(who + view);
  }

  async close() {
    for (const visitor of this.open.values()) await visitor.close();
    this.open.clear();
  }
}

/** Those of one person after another, so that windows can be kept. */
export function byPerson(rows) {
  const key = ({ found: [best] }) => `${best?.moment} ${best?.login}`;
  return [...rows].sort((a, b) => key(a).localeCompare(key(b)));
}

/** `work(one, windows)` for each of the list, by as many workers as there are cores to use. */
export async function inTurns(list, web, towns, work, workers = 2) {
  const queue = [...list];
  await Promise.all(Array.from({ length: workers }, async () => {
    const windows = new Windows(web, towns);
    try {
      while (queue.length > 0) await work(queue.shift(), windows);
    } finally {
      await windows.close();
    }
  }));
}
