// yaml.mjs - writes plain data as YAML 1.2, block style, one way only: so that a built file can be
// compared byte by byte.

const bare = /^[A-Za-z_\/$][A-Za-z0-9_ ,.()\/{}$-]*$/;
const special = /^(null|true|false|yes|no|on|off|y|n|~)$/i;

function scalar(value) {
  if (typeof value !== 'string') return JSON.stringify(value);
  return bare.test(value) && !special.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value);
}

const ends = (value) => (Array.isArray(value) ? '[]' : '{}');

/** A collection without others in it on one line, where that is short enough; else undefined. */
function flow(value) {
  const members = Object.entries(value);
  if (members.some(([, member]) => typeof member === 'object' && member !== null)) return undefined;
  const shown = members.map(([name, member]) => (Array.isArray(value) ? '' : `${JSON.stringify(name)}: `) + JSON.stringify(member));
  const line = shown.join(', ');
  return line.length <= 90 ? ends(value)[0] + line + ends(value)[1] : undefined;
}

function lines(value, indent, out) {
  const pad = '  '.repeat(indent);
  for (const [name, member] of Array.isArray(value) ? value.map((one) => ['-', one]) : Object.entries(value)) {
    const head = name === '-' && Array.isArray(value) ? `${pad}-` : `${pad}${scalar(name)}:`;
    const plain = typeof member !== 'object' || member === null;
    const short = plain ? scalar(member) : flow(member);
    if (short !== undefined) out.push(`${head} ${short}`);
    else {
      out.push(head);
      lines(member, indent + 1, out);
    }
  }
}

export function yaml(value) {
  const out = [];
  lines(value, 0, out);
  return `${out.join('\n')}\n`;
}
