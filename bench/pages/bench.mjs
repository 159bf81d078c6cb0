// bench.mjs - see bench/README.md. A played sample city with a full list, two pairs of gateways: one
// that keeps no answers, one that does. Measures in turns: HTML, JSON, HTML, JSON ...
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { openBrowser } from '../../tests/e2e/lib/browser.mjs';
import { pagesTown } from '../../tests/e2e/lib/town.mjs';
import { root } from '../../tests/lib/city.mjs';

const short = process.argv.includes('--short');
const rounds = short ? 1 : 5;
const seconds = short ? 2 : 5;
const place = fs.mkdtempSync(path.join(os.tmpdir(), 'jbpages-'));
process.on('exit', () => fs.rmSync(place, { recursive: true, force: true }));
const run = promisify((file, args, done) => {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (part) => { out += part; });
  child.stderr.on('data', (part) => { err += part; });
  child.on('error', done);
  child.on('close', (code) => done(code === 0 ? null : new Error(`${file}: ${err.slice(-800)}`), out));
});
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const ratio = (a, b) => Number((a / b).toFixed(3));

/** The same city twice: answers kept in memory, and not. */
const settings = { access_log: 'off', ip_connections: 20000 };
const kept = await pagesTown({ moment: 'played', settings });
const bare = await pagesTown({ moment: 'played', settings: { ...settings, cache_mb: 0 } });
for (const town of [kept, bare]) {
  execFileSync('psql', ['--no-psqlrc', '-q', '-v', 'ON_ERROR_STOP=1', '-d', town.admin, '-f', path.join(root, 'bench/pages/more.sql')]);
  await town.gateways.pop().stop();
  await town.startGateway();
  await town.startGateway(); // as ./run does: one a core
}
const client = kept.client();
const list = (await client.get('/items?size=50')).body;
if (list.items.length !== 50) throw new Error(`the list has ${list.items.length} entries, not 50`);
const pages = { front: '/', list: '/items?size=50', item: `/items/${list.items[0].id}` };

/* --- HTML beside JSON ----------------------------------------------------------------------------- */

const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
async function wrk(town, accept, encoding) {
  const out = await run('wrk', ['-t2', '-c64', `-d${seconds}s`, '-H', `Accept: ${accept}`, ...(encoding ? ['-H', `Accept-Encoding: ${encoding}`] : []), town.plain + pages.list]);
  if (/Non-2xx|Socket errors: (?!connect 0, read 0, write 0)/.test(out)) throw new Error(`wrk: ${out}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]);
}

const rates = {};
for (let round = 1; round <= rounds; round += 1) {
  console.log(`round ${round} of ${rounds}`);
  for (const [name, town, encoding] of [['uncached', bare], ['uncached gzip', bare, 'gzip'], ['cached', kept], ['cached gzip', kept, 'gzip']]) {
    for (const [kind, accept] of [['html', html], ['json', 'application/json']]) {
      const rate = await wrk(town, accept, encoding);
      (rates[`${name} ${kind}`] ??= []).push(rate);
      console.log(`  ${`${name} ${kind}`.padEnd(20)} ${Math.round(rate).toLocaleString('en').padStart(9)} /s`);
    }
  }
}
const cost = (name) => ratio(median(rates[`${name} json`]), median(rates[`${name} html`]));

/* --- bytes of a first visit ------------------------------------------------------------------------ */

const result = { html_vs_json: cost('uncached'), html_vs_json_gzip: cost('uncached gzip'), html_vs_json_cached: cost('cached'), html_vs_json_cached_gzip: cost('cached gzip') };
const web = await openBrowser();
for (const [name, where] of Object.entries(pages)) {
  const visitor = await web.visitor(kept.plain);
  await visitor.go('/healthz').catch(() => {});
  const wire = await visitor.context.newCDPSession(visitor.page);
  const kinds = new Map();
  const sizes = new Map();
  await wire.send('Network.enable');
  wire.on('Network.responseReceived', ({ requestId, type, response }) => kinds.set(requestId, { type, url: response.url }));
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
  await visitor.page.goto(where, { waitUntil: 'networkidle' });
  const counted = [...sizes].filter(([id]) => kinds.get(id)?.type !== 'Image' && !/\.svg$/.test(kinds.get(id)?.url ?? ''));
  result[`${name}_kb`] = Number((counted.reduce((sum, [, size]) => sum + size, 0) / 1024).toFixed(1));
  console.log(`${name}: ${counted.map(([id, size]) => `${kinds.get(id)?.url.replace(kept.plain, '')} ${size}`).join(', ')}`);
  await visitor.close();
}
await web.close();

/* --- Lighthouse ------------------------------------------------------------------------------------ */

for (const [name, where] of Object.entries(pages)) {
  const file = path.join(place, `${name}.json`);
  await run(process.env.JB_LIGHTHOUSE, [kept.plain + where, '--quiet', '--output=json', `--output-path=${file}`,
    '--chrome-flags=--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync',
    '--only-categories=performance,accessibility,best-practices,seo']);
  const report = JSON.parse(fs.readFileSync(file, 'utf8'));
  result[`${name}_lighthouse`] = Object.fromEntries(Object.entries(report.categories).map(([key, one]) => [key.replace('-', '_'), Math.round(one.score * 100)]));
  const short = Object.values(report.categories).flatMap((one) => one.auditRefs.filter((ref) => ref.weight > 0 && (report.audits[ref.id].score ?? 1) < 1)
    .map((ref) => `${ref.id} ${report.audits[ref.id].displayValue ?? ''}`));
  console.log(`${name}: ${JSON.stringify(result[`${name}_lighthouse`])}${short.length > 0 ? `; not whole: ${short.join(', ')}` : ''}`);
}

for (const town of [kept, bare]) await town.stop();
console.log(JSON.stringify(result));
