// field_codes.test.mjs - what can be wrong with a field is said in field_errors.def, in both
// languages, whoever says it: the form checker in C, or a function in SQL.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

function files(folder, ending) {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(path.relative(root, entry.parentPath ?? entry.path), entry.name));
}

const rows = [...read('services/common/field_errors.def')
  .matchAll(/FIELD_ERROR\((\w+),\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\)/g)]
  .map(([, code, zh, en]) => ({ code, zh, en }));
const known = new Set(rows.map((row) => row.code));

/** All matches of `pattern` (the code is its first group) in these files, with the file's name. */
function said(names, pattern) {
  return names.flatMap((name) => [...read(name).matchAll(pattern)].map((match) => ({ name, code: match[1] })));
}

test('every code has one row, a Chinese sentence and an English one with the same placeholders', () => {
  assert.ok(rows.length > 25);
  assert.equal(rows.length, read('services/common/field_errors.def').match(/^FIELD_ERROR\(/gm).length);
  assert.equal(known.size, rows.length);
  const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join();
  for (const { code, zh, en } of rows) {
    assert.match(zh, /\p{Script=Han}/u, code);
    assert.match(en, /[a-z]{2} [a-z]/, code);
    assert.equal(holes(zh), holes(en), code);
  }
});

test('every code that the form checker says is known', () => {
  const names = files('services/gateway', '.c').filter((name) => /\/form(_\w+)?\.c$/.test(name));
  const codes = said(names, /form_refuse(?:_with)?\([^"]*?"(\w+)"/g);
  assert.ok(codes.length > 25, `${codes.length} found`);
  for (const { name, code } of codes) assert.ok(known.has(code), `${name}: ${code}`);
});

test('every code that a SQL function says is known', () => {
  const codes = said(files('sql', '.sql'), /workflow\.bad\((?:[^()]|\([^()]*\))*?, *'([a-z_]+)'(?=\)|,)/g);
  assert.ok(codes.length > 50, `${codes.length} found`);
  for (const { name, code } of codes) assert.ok(known.has(code), `${name}: ${code}`);
});
