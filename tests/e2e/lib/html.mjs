// html.mjs - what a page says, out of its source: texts as they are read, attributes that are read
// aloud, links. Enough for pages that our own templates make.

const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export function decode(text) {
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (all, name) => (name[0] !== '#' ? named[name] ?? all
    : String.fromCodePoint(/^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1)))));
}

const spoken = ['alt', 'title', 'placeholder', 'aria-label', 'data-th'];

/**
 * { texts: [{ text, lang, inside }], attributes: [text], links: [href], back, whole }. `lang`: when an
 * element around says so; `back`: there are steps of the way back.
 */
export function readPage(source) {
  const clean = source.replace(/<!--[^]*?-->/g, '').replace(/<(script|style|svg)\b[^]*?<\/\1>/g, '');
  const texts = [];
  const attributes = [];
  const links = [];
  const stack = [];
  let at = 0;
  const take = (end) => {
    const text = decode(clean.slice(at, end)).replace(/\s+/g, ' ').trim();
    if (text) texts.push({ text, lang: [...stack].reverse().find((one) => one.lang)?.lang, inside: stack.at(-1)?.name });
  };
  for (const tag of clean.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*(\/?)>/gi)) {
    take(tag.index);
    at = tag.index + tag[0].length;
    const [, closing, name, rest] = tag;
    if (closing) {
      const from = stack.map((one) => one.name).lastIndexOf(name);
      if (from >= 0) stack.length = from;
      continue;
    }
    const has = Object.fromEntries([...rest.matchAll(/([^\s=]+)="([^"]*)"/g)].map(([, key, value]) => [key, decode(value)]));
    for (const key of spoken) if (has[key]) attributes.push(has[key]);
    if (has.href !== undefined && (name === 'a' || name === 'link')) links.push(has.href);
    if (has.src !== undefined) links.push(has.src);
    if (!['meta', 'link', 'input', 'br', 'hr', 'img', 'col', 'wbr', 'source'].includes(name)) stack.push({ name, lang: name === 'html' ? undefined : has.lang });
  }
  const back = /class="crumbs"[^]*?<a href="\/[^]*?<\/nav>/.test(clean);
  return { texts, attributes, links, back, whole: texts.map((one) => one.text).join(' ') };
}
