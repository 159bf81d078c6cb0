// inject_pages.mjs - walks the pages of a city into which the corpus was typed.
import { gatewayTables } from '../../../tools/lib/openapi.mjs';
import { bin } from '../../lib/city.mjs';
import { objectsOf } from '../../lib/objects.mjs';
import { Callers, accountsFor, pageRows, survey } from './rows.mjs';
import { tricks } from './corpus.mjs';

const { routes } = gatewayTables(bin);

/** Things that the sample came with and nobody wrote into: their pages say nothing here. */
async function untouched(town) {
  const rows = await town.sql(`select id from lib.record r where r::text not like '%№%'
    union all select id from party.unit u where u::text not like '%№%' union all select id from lib.term t where t::text not like '%№%'`);
  return new Set(rows.map(({ id }) => id));
}

/** Every page of everything that was written into, as two of those who see it: its source. */
export async function readAll(town, watch) {
  const objects = await objectsOf(town);
  const plain = await untouched(town);
  const accounts = new Set(['', ...(await town.sql("select login from auth.account where state = 'active'")).map(({ login }) => login)]);
  const callers = new Callers(town);
  for (const row of pageRows()) {
    const logins = accountsFor(row, routes).filter((login) => accounts.has(login));
    const paths = objects.paths(row).filter((where) => ![...plain].some((id) => where.includes(id))).slice(0, row.form ? 6 : 40);
    for (const where of paths) {
      let shown = 0;
      for (const login of [...logins]) {
        const answer = await callers.get(login, where);
        if (answer.status !== 200) continue;
        await watch.source(`${login || 'public'} ${where}`, answer.text);
        logins.unshift(...logins.splice(logins.indexOf(login), 1)); // who has seen one sees the next
        if ((shown += 1) >= (row.form ? 1 : 2)) break;
      }
    }
  }
  callers.close();
}

/** Each page in Chromium, in both languages, where it is fullest. Rows that nobody can open. */
export async function openAll(town, watch) {
  const rows = await survey(new Map([['end', town]]));
  const open = rows.filter(({ found }) => found.length > 0).sort((a, b) => a.found[0].login.localeCompare(b.found[0].login));
  await Promise.all(['zh', 'en'].map(async (lang) => {
    let visitor;
    let who;
    for (const { found: [{ login, path }] } of open) {
      if (who !== login) {
        await visitor?.close();
        visitor = await watch.visitor(town, login, lang);
        who = login;
      }
      const answer = await visitor.go(path);
      await watch.source(`${lang} ${login} ${path}`, await answer.text());
      await watch.live(visitor, `${lang} ${login} ${path}`);
    }
    await visitor?.close();
  }));
  return { rows, closed: rows.filter(({ found }) => found.length === 0) };
}

const names = (fields) => (fields ?? []).flatMap((field) => [field.name, ...names(field.fields).map((name) => `${field.name}.${name}`)]);

/** Each page asked with the corpus in everything that its query can say. */
export async function askAll(town, watch, rows) {
  const callers = new Callers(town);
  let asked = 0;
  for (const { row, found } of rows) {
    if (found.length === 0) continue;
    const { login, path } = found[0];
    const shapes = [...(row.docs ?? '').split(/\s+/).map((doc) => `GET ${doc.slice(doc.indexOf('=') + 1).split('?')[0]}`), row.form];
    const fields = new Set(['q', 'event', '_next', 'page', 'size', ...routes.filter((one) => shapes.includes(`${one.method} ${one.path}`)).flatMap((one) => names(one.form))]);
    for (const some of [tricks.slice(0, 20), tricks.slice(20)]) {
      const url = new URL(path, town.plain);
      [...fields].forEach((name, i) => url.searchParams.set(name, `${some[i % some.length]} ${some[(i + 7) % some.length]}`));
      const answer = await callers.get(login, url.pathname + url.search);
      if (answer.status >= 500) watch.fault(url.pathname, `answers ${answer.status} to ${url.search.slice(0, 200)}`);
      if (/^text\/html/.test(answer.headers['content-type'] ?? '')) await watch.source(`${login} ${url.pathname}?…`, answer.text);
      asked += 1;
    }
  }
  callers.close();
  return asked;
}
