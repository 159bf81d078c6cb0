import assert from 'node:assert/strict';
import test from 'node:test';
import { island } from './island.mjs';

const { csvOf, columnsOf, decoded } = await island('csv');
const { numberOf, seriesOf } = await island('series');
const bytes = (...list) => new Uint8Array(list).buffer;

test('cells with commas, quotes and line ends are quoted', () => {
  assert.equal(csvOf([['a,b', 'c"d', 'e\nf', 'g']]), '"a,b","c""d","e\nf",g');
});

test('empty cells, numbers, truths and days are written out', () => {
  assert.equal(csvOf([[null, 0, true, new Date('2026-11-23T00:00:00Z')], [undefined, 1.5]]), ',0,true,2026-11-23\n,1.5');
});

test('UTF-8 is told from GB18030', () => {
  assert.equal(decoded(bytes(0xe6, 0xa6, 0x9c)), '榜');
  assert.equal(decoded(bytes(0xb0, 0xf1)), '榜');
});

test('a mark at the beginning of a file is no part of its first header', () => {
  assert.equal(decoded(bytes(0xef, 0xbb, 0xbf, 0x61)), 'a');
});

test('columns are counted in the first row, quoted commas left out', () => {
  assert.equal(columnsOf('a,"b,c",d\n1,2,3,4'), 3);
  assert.equal(columnsOf('a\tb\n1\t2'), 2);
});

test('numbers are read as they are printed', () => {
  assert.equal(numberOf('1,600万元'), 1600);
  assert.equal(numberOf('5.8%'), 5.8);
  assert.equal(numberOf('−3'), -3);
  assert.equal(numberOf('—'), null);
});

test('a table gives a name and a line for each column of numbers', () => {
  assert.deepEqual(seriesOf(['环节', '项数', '占比', '说明'], [['征集', '120', '100%', 'x'], ['签约', '15', '—', 'y']],
    [false, true, true, false]), {
    names: ['征集', '签约'],
    lines: [{ name: '项数', values: [120, 15] }, { name: '占比', values: [100, null] }],
  });
});
