// What a browser gets from the same addresses: pages, forms that keep what was typed, a way back.
import assert from 'node:assert/strict';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { city, root } from '../../lib/city.mjs';

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
let town;
before(async () => {
  town = await city({ template: 'jinzhou', settings: { web: path.join(root, 'services/web'), registration: '示例ICP备00000000号 <1>' } });
});
after(() => town.stop());

const browser = (options = {}) => town.client({ headers: { accept: HTML }, ...options });
const form = (fields) => new URLSearchParams(fields);
/** The action of the form on a page whose method is post. */
const action = (page) => /<form[^>]*\baction="([^"]+)"/.exec(page.text)[1].replaceAll('&amp;', '&');
const csrf = (page) => /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
const post = (who, target, fields) => who.request('POST', target, form(fields), { key: null });

async function signedIn(login) {
  const who = browser();
  const page = await who.get('/sign-in');
  const answer = await post(who, action(page), { login, password: 'Sample-city-2026' });
  assert.equal(answer.status, 303, answer.text.slice(0, 300));
  return who;
}

test('one address has two faces, told apart by Accept', async () => {
  const page = await browser().get('/items');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.text, /<html lang="zh-CN">/);
  const document = await town.client().get('/items');
  assert.match(document.headers['content-type'], /^application\/json/);
  assert.match(page.text, /<br>示例ICP备00000000号 &lt;1&gt;<\/p>/, 'who is registered how stands at the foot');
  const any = await town.client({ headers: { accept: '*/*' } }).get('/items');
  assert.match(any.headers['content-type'], /^application\/json/);
});

test('what is kept of one face is never given as the other', async () => {
  for (let i = 0; i < 3; i += 1) {
    assert.match((await browser().get('/lists')).headers['content-type'], /^text\/html/);
    assert.match((await town.client().get('/lists')).headers['content-type'], /^application\/json/);
  }
  const page = await browser().get('/lists');
  assert.match(page.headers.vary, /Accept\b.*Cookie/);
  assert.equal((await browser({ headers: { accept: HTML, 'if-none-match': page.headers.etag } }).get('/lists')).status, 304);
});

test('a kept page is in the language that is asked for', async () => {
  const zh = await browser().get('/notices');
  const en = await browser({ lang: 'en' }).get('/notices');
  assert.match(zh.text, /lang="zh-CN"/);
  assert.match(en.text, /<html lang="en">/);
  const who = browser();
  const moved = await who.get('/preferences?lang=en&theme=dark&text=large&_next=/notices');
  assert.equal(moved.status, 303);
  assert.equal(moved.headers.location, '/notices');
  assert.match((await who.get('/notices')).text, /<html lang="en" data-theme="dark" data-text="large">/);
});

test('wishes lead nowhere else', async () => {
  for (const next of ['https://example.org/', '//example.org/', '/\\example.org', '/\t/example.org', 'x']) {
    const moved = await browser().get(`/preferences?lang=en&_next=${encodeURIComponent(next)}`);
    assert.equal(moved.headers.location, '/');
  }
});

test('without a session a page leads to the sign-in, and from there back', async () => {
  const who = browser();
  const moved = await who.get('/desk');
  assert.equal(moved.status, 303);
  assert.equal(moved.headers.location, '/sign-in?_next=/desk');
  const page = await who.get(moved.headers.location);
  assert.match(page.text, /name="_next" value="\/desk"/);
  const back = await post(who, action(page), { login: 'poster1', password: 'Sample-city-2026', _next: '/inbox' });
  assert.equal(back.status, 303);
  assert.match(back.headers.location, /^\/inbox/);
  assert.match((await who.get('/desk')).text, /企业代表甲/);
});

test('the sign-in sends nobody to another site', async () => {
  for (const next of ['https://example.org/', '//example.org/']) {
    const who = browser();
    const page = await who.get('/sign-in');
    const moved = await post(who, action(page), { login: 'poster1', password: 'Sample-city-2026', _next: next });
    assert.match(moved.headers.location, /^\/desk/);
  }
});

test('a refused form comes back with what was typed, but no password', async () => {
  const who = browser();
  const page = await who.get('/sign-in');
  const again = await post(who, action(page), { login: '<b>"某人"</b>', password: 'wrong-password' });
  assert.equal(again.status, 401);
  assert.match(again.headers['content-type'], /^text\/html/);
  assert.match(again.text, /value="&lt;b&gt;&quot;某人&quot;&lt;\/b&gt;"/);
  assert.doesNotMatch(again.text, /wrong-password/);
  assert.match(again.text, /role="alert"/);
  assert.match(again.text, /<title>错误/);
});

test('fields that are missing are each named with a link to them', async () => {
  const who = browser();
  const page = await who.get('/sign-in');
  const again = await post(who, action(page), { login: '' });
  assert.equal(again.status, 422);
  assert.match(again.text, /href="#f-login"/);
  assert.match(again.text, /href="#f-password"/);
});

test('a form says DELETE in its address, and signs out', async () => {
  const who = await signedIn('poster2');
  const page = await who.get('/sign-out');
  assert.match(action(page), /_method=DELETE/);
  const moved = await post(who, action(page), { csrf: csrf(page) });
  assert.equal(moved.status, 303);
  assert.match(moved.headers.location, /^\//);
  assert.equal((await who.get('/desk')).status, 303);
});

test('a posted form needs its token, and is not lost without', async () => {
  const who = await signedIn('poster3');
  const page = await who.get('/sign-out');
  const refused = await post(who, action(page), { csrf: 'not-the-token' });
  assert.equal(refused.status, 403);
  assert.match(refused.headers['content-type'], /^text\/html/);
  assert.equal((await who.get('/desk')).status, 200);
});

test('a program cannot say another method in the query', async () => {
  const answer = await town.client().request('POST', `/session?_method=DELETE&_key=${randomUUID()}`,
    { login: 'poster1', password: 'Sample-city-2026' });
  assert.equal(answer.status, 422);
});

test('what is not there is said on a page, in the language of the reader', async () => {
  const zh = await browser().get('/nothing');
  assert.equal(zh.status, 404);
  assert.match(zh.text, /<h1>/);
  const en = await browser({ lang: 'en' }).get('/items/00000000-0000-4000-8000-000000000000');
  assert.equal(en.status, 404);
  assert.match(en.text, /<html lang="en">/);
});

test('a page of a form is not shown to whom the form is closed', async () => {
  const pages = JSON.parse((await import('node:child_process')).execFileSync(
    path.join(process.env.JB_BIN ?? path.join(root, 'build/bin'), 'jiebang-gateway'), ['--pages'], { encoding: 'utf8' }));
  assert.ok(pages.some((row) => row.path === '/sign-in' && row.form === 'POST /session'));
  const who = await signedIn('poster4');
  const closed = pages.find((row) => row.form === 'POST /programmes');
  if (closed) assert.equal((await who.get(closed.path)).status, 403);
});

test('a page cannot be framed, runs nothing inline, and may be gone back to', async () => {
  const page = await browser().get('/sign-in');
  assert.match(page.headers['content-security-policy'], /default-src 'self'/);
  assert.match(page.headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(page.headers['cache-control'], 'private, no-cache');
  assert.doesNotMatch(page.text, /\son[a-z]+="|<style|style="/);
});

test('without templates there are documents only', async () => {
  const plain = await city({ template: 'empty' });
  try {
    const answer = await plain.client({ headers: { accept: HTML } }).get('/items');
    assert.match(answer.headers['content-type'], /^application\/json/);
  } finally {
    await plain.stop();
  }
});
