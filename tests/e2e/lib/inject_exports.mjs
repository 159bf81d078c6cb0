// inject_exports.mjs - what leaves the service otherwise than as a page, read as strictly as the rules of
// each format allow: tables, calendars, feeds, documents, mail.
import { gatewayTables } from '../../../tools/lib/openapi.mjs';
import { bin } from '../../lib/city.mjs';
import { objectsOf, roleAccounts } from '../../lib/objects.mjs';
import { readMail } from '../../fault/smtp.mjs';
import { mangled } from './corpus.mjs';
import { inJson } from './inject_watch.mjs';
import { Callers } from './rows.mjs';

const { routes } = gatewayTables(bin);

/** RFC 4180 and nothing beside it: rows of cells, all of one width. */
export function readCsv(text) {
  const rows = [[]];
  const one = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y;
  one.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  while (one.lastIndex < text.length) {
    const at = one.lastIndex;
    const cell = one.exec(text);
    if (!cell) throw new Error(`no cell at ${JSON.stringify(text.slice(at, at + 60))}`);
    rows.at(-1).push(cell[1]?.replaceAll('""', '"') ?? cell[2]);
    if (cell[3] === '\r\n' && one.lastIndex < text.length) rows.push([]);
    if (cell[3] === ',' && one.lastIndex === text.length) rows.at(-1).push('');
  }
  const odd = rows.find((row) => row.length !== rows[0].length);
  if (odd) throw new Error(`${odd.length} cells, not ${rows[0].length}: ${odd.join('|').slice(0, 200)}`);
  return rows;
}

/** A spreadsheet would count with it. */
const runs = (cell) => /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell);

function csv(text, { pen, seen, fault }) {
  for (const cell of readCsv(text).flat()) {
    if (runs(cell)) fault(`runs: ${cell.slice(0, 80)}`);
    mangled(pen, cell, { seen }).forEach(fault);
  }
}

const properties = new Set(['VERSION', 'PRODID', 'CALSCALE', 'X-WR-CALNAME', 'UID', 'DTSTAMP', 'DTSTART', 'SUMMARY', 'URL', 'TRANSP', 'ACTION', 'TRIGGER', 'DESCRIPTION']);

/** RFC 5545: lines, their nesting, their properties. */
function calendar(text, { pen, seen, fault }) {
  if (!text.endsWith('\r\n') || /[^\r]\n|\r[^\n]/.test(text)) fault('a line does not end as lines do');
  const open = [];
  let events = 0;
  for (const line of text.replace(/\r\n[ \t]/g, '').split('\r\n').slice(0, -1)) {
    const [, name, value] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/u.exec(line) ?? [];
    if (name === 'BEGIN') open.push(value);
    else if (name === 'END') {
      if (open.pop() !== value) fault(`ends ${value}`);
      events += value === 'VEVENT';
    } else if (!properties.has(name)) fault(`a line ${line.slice(0, 80)}`);
    else if (['SUMMARY', 'DESCRIPTION'].includes(name)) {
      if (/(?<!\\)(\\\\)*[,;]/.test(value)) fault(`not escaped: ${value.slice(0, 120)}`);
      mangled(pen, value.replace(/\\([\\,;nN])/g, (_, c) => (/n/i.test(c) ? '\n' : c)), { seen }).forEach(fault);
    }
  }
  if (open.length > 0) fault(`open at its end: ${open}`);
  if (events !== (text.match(/^UID:/gm) ?? []).length) fault(`${events} events`);
}

const elements = new Set(['feed', 'id', 'title', 'link', 'updated', 'author', 'name', 'entry', 'published', 'summary', 'category', 'urlset', 'url', 'loc', 'lastmod']);

async function xml(text, { watch, pen, seen, fault }) {
  const doc = await watch.reader.page.evaluate((source) => {
    const read = new DOMParser().parseFromString(source, 'application/xml');
    const all = [...read.querySelectorAll('*')];
    return { wrong: read.querySelector('parsererror')?.textContent.slice(0, 200), names: [...new Set(all.map((one) => one.nodeName))],
      texts: all.flatMap((one) => [...(one.children.length === 0 ? [one.textContent] : []), ...[...one.attributes].map(({ value }) => value)]) };
  }, text);
  if (doc.wrong) fault(doc.wrong);
  for (const name of doc.names) if (!elements.has(name)) fault(`an element ${name}`);
  for (const one of doc.texts) mangled(pen, one, { seen }).forEach(fault);
}

const readers = { 'text/csv': csv, 'text/calendar': calendar, 'application/atom+xml': xml, 'application/xml': xml };

/** Every answer that is no page, as the first who gets it. Returns how many there were of each kind. */
export async function exportsOf(town, watch, pen) {
  const objects = await objectsOf(town);
  const accounts = new Set(['', ...(await town.sql("select login from auth.account where state = 'active'")).map(({ login }) => login)]);
  const callers = new Callers(town);
  const found = {};
  for (const route of routes.filter(({ method }) => method === 'GET')) {
    const text = route.flags.includes('text');
    const logins = [...new Set(route.perm.flatMap((perm) => roleAccounts[perm] ?? ['poster1']))].filter((login) => accounts.has(login));
    for (const where of objects.paths(route, text ? 12 : 3)) {
      for (const login of logins) {
        const client = await callers.as(login);
        const answer = await client.get(where, { headers: { accept: text ? '*/*' : 'application/json' } });
        if (answer.status !== 200) continue;
        const kind = answer.headers['content-type'].split(';')[0];
        found[kind] = (found[kind] ?? 0) + 1;
        const fault = (what) => watch.fault(`${login || 'public'} ${where}`, what);
        if (answer.headers['x-content-type-options'] !== 'nosniff') fault('may be taken for another kind');
        if (kind === 'application/json') inJson(pen, answer.body, watch.seen, where).forEach(fault);
        else if (kind === 'text/html') fault('is a page');
        else if (readers[kind]) {
          try {
            await readers[kind](answer.text, { watch, pen, seen: watch.seen, fault });
          } catch (error) {
            fault(error.message);
          }
        }
        break;
      }
    }
  }
  callers.close();
  return found;
}

const headers = ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'content-transfer-encoding', 'auto-submitted'];

/** A message: its own headers and no others, one reader, lines as SMTP wants them, texts as they were typed. */
export function mailFaults(pen, message, seen) {
  const faults = [];
  const lines = message.data.split('\r\n');
  for (const line of lines) if (line.length > 998 || /[^\x20-\x7e]/.test(line)) faults.push(`a line ${JSON.stringify(line.slice(0, 80))}`);
  const read = readMail(message.data);
  for (const name of Object.keys(read.headers)) if (!headers.includes(name)) faults.push(`a header ${name}`);
  const raw = message.data.slice(0, message.data.indexOf('\r\n\r\n')).split(/\r\n(?![ \t])/);
  if (raw.length !== headers.length) faults.push(`${raw.length} headers`);
  if (message.to.length !== 1 || read.headers.to !== `<${message.to[0]}>`) faults.push(`to ${message.to} ${read.headers.to}`);
  if (/[\r\n]/.test(read.headers.subject)) faults.push(`the subject ${JSON.stringify(read.headers.subject)}`);
  return [...faults, ...mangled(pen, read.headers.subject, { seen }), ...mangled(pen, read.text, { seen })];
}
