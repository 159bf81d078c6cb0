import assert from 'node:assert/strict';
import test from 'node:test';
import { island } from './island.mjs';

const { moved, renamed } = await island('renumber');

test('a name follows its row', () => {
  assert.equal(moved('indicators[1].name', 'indicators', 1, 2), 'indicators[2].name');
  assert.equal(moved('a.rows[10].x[1].y', 'a.rows', 10, 9), 'a.rows[9].x[1].y');
});

test('ids follow in every word that names one', () => {
  assert.equal(moved('f-indicators-1--name-h f-indicators-1--name-e', 'indicators', 1, 0),
    'f-indicators-0--name-h f-indicators-0--name-e');
});

test('the button that drops a row names its new place', () => {
  assert.equal(moved('indicators.3', 'indicators', 3, 2), 'indicators.2');
});

test('another row and another list stay as they are', () => {
  assert.equal(moved('indicators[11].name', 'indicators', 1, 2), 'indicators[11].name');
  assert.equal(moved('f-indicators-11--name', 'indicators', 1, 2), 'f-indicators-11--name');
  assert.equal(moved('other[1].name', 'indicators', 1, 2), 'other[1].name');
  assert.equal(moved('indicators.13', 'indicators', 1, 2), 'indicators.13');
});

test('the number at the end of a label follows, another number does not', () => {
  assert.equal(renamed('考核指标 2', 1, 2), '考核指标 3');
  assert.equal(renamed('2', 1, 0), '1');
  assert.equal(renamed('第12行', 1, 2), '第12行');
  assert.equal(renamed('Measure 12', 1, 2), 'Measure 12');
});
