import assert from 'node:assert/strict';
import test from 'node:test';
import { island } from './island.mjs';

const { worthKeeping, same, keep, find, drop, keysOf } = await island('kept');
const DAY = 86400e3;

function store(broken = false) {
  const map = new Map();
  const check = () => { if (broken) throw new Error('not allowed'); };
  return {
    map,
    getItem: (key) => { check(); return map.get(key) ?? null; },
    setItem: (key, value) => { check(); map.set(key, value); },
    removeItem: (key) => { check(); map.delete(key); },
  };
}

test('passwords, codes, tokens and files are never kept', () => {
  const fields = [['title', 'a'], ['csrf', 't'], ['_password', 'p'], ['_code', '1'], ['new_password', 'q'], ['file', {}]];
  assert.deepEqual(worthKeeping(fields, new Set(['new_password'])), [['title', 'a']]);
});

test('what was kept is found again, with its time', () => {
  const at = store();
  keep(at, 'k', [['title', '甲']], 1000);
  assert.deepEqual(find(at, 'k', 2000), { at: 1000, fields: [['title', '甲']] });
});

test('after three days it is gone', () => {
  const at = store();
  keep(at, 'k', [['title', 'a']], 0);
  assert.equal(find(at, 'k', 3 * DAY), undefined);
  assert.equal(at.map.size, 0);
});

test('what is dropped is not found', () => {
  const at = store();
  keep(at, 'k', [['title', 'a']], 0);
  drop(at, 'k');
  assert.equal(find(at, 'k', 1), undefined);
});

test('what was kept for a form is found whoever typed it', () => {
  const kept = { 'keep 甲 /needs /needs/new': '', 'keep  /needs /needs/new': '', 'keep 甲 /claims /needs/new': '', other: '' };
  assert.deepEqual(keysOf(kept, 'keep ', ' /needs /needs/new'), ['keep 甲 /needs /needs/new', 'keep  /needs /needs/new']);
});

test('blank rows and empty fields make no difference', () => {
  assert.equal(same([['a', 'x'], ['b', '']], [['a', 'x']]), true);
  assert.equal(same([['a', 'x']], [['a', 'y']]), false);
});

test('a browser that keeps nothing, and another one’s text, do no harm', () => {
  const broken = store(true), odd = store();
  keep(broken, 'k', [], 0);
  drop(broken, 'k');
  assert.equal(find(broken, 'k', 0), undefined);
  odd.map.set('k', '{"at":0}');
  assert.equal(find(odd, 'k', 0), undefined);
  odd.map.set('k', '{');
  assert.equal(find(odd, 'k', 0), undefined);
});
