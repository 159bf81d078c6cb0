// problems.test.mjs - problems.def and those who refuse say the same: every slug that C or SQL raises
// has its row with that status, and every row is raised by somebody. That a test produces each is what
// tests/lib/refusals.mjs looks at when ./test has run everything.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { problems, root } from './lib/contract.mjs';

function texts(folder, pattern) {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .map((name) => ({ name: path.relative(root, name), text: fs.readFileSync(name, 'utf8') }));
}

const statuses = new Map(problems.map((one) => [one.slug, one.status]));
// comments name slugs, too
const sql = texts('sql', /\.sql$/).map(({ name, text }) => ({ name, text: text.replace(/--.*$/gm, '') }));
const c = texts('services', /\.(c|h|def)$/).filter(({ name }) => !/\/problems\.def$/.test(name))
  .map(({ name, text }) => ({ name, text: text.replace(/\/\*[\s\S]*?\*\//g, '') }));

/** Every [file, ...groups] that a pattern finds. */
const finds = (files, pattern) => files.flatMap(({ name, text }) => [...text.matchAll(pattern)].map((match) => [name, ...match.slice(1)]));

test('every slug has one row, and says what it says in Chinese and English with the same placeholders', () => {
  assert.equal(statuses.size, problems.length);
  const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join();
  for (const { slug, status, zh, en } of problems) {
    assert.ok(status >= 400 && status < 600, slug);
    assert.match(zh, /\p{Script=Han}/u, slug);
    assert.match(en, /[a-z]{2} [a-z]/, slug);
    // the words of one language may need less: an end that is past needs no number
    for (const hole of holes(en).split(',').filter(Boolean)) assert.ok(holes(zh).split(',').includes(hole), slug);
  }
});

test('every refusal in SQL is a problem of that status', () => {
  const refusals = [
    ...finds(sql, /workflow\.refuse\(\s*(\d{3}),\s*'(\w+)'/g),
    ...finds(sql, /'status',\s*(\d{3}),\s*'slug',\s*'(\w+)'/g),
    ...finds(sql, /"status":\s*(\d{3}),\s*"slug":\s*"(\w+)"/g),
  ];
  assert.ok(refusals.length > 200, `${refusals.length} found`);
  for (const [name, status, slug] of refusals) assert.equal(statuses.get(slug), Number(status), `${name}: ${slug}`);
});

test('every refusal in C is a problem', () => {
  const refusals = finds(c, /\b(?:req_refuse|req_refuse_with|flow_refuse)\(\s*\w+,\s*"(\w+)"/g);
  assert.ok(refusals.length > 30, `${refusals.length} found`);
  for (const [name, slug] of refusals) assert.ok(statuses.has(slug), `${name}: ${slug}`);
});

test('every problem is raised somewhere', () => {
  const all = [...sql.map((file) => file.text), ...c.map((file) => file.text)].join('\n');
  assert.deepEqual(problems.map((one) => one.slug).filter((slug) => !new RegExp(`['"]${slug}['"]`).test(all)), []);
});
