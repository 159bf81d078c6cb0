// The totals of ./test: what each tool leaves in a log when something fails, is skipped, crashes or
// never ran must not look like a pass.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../lib/city.mjs';

function count(log) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbcount-'));
  fs.writeFileSync(path.join(folder, 'log'), log);
  const end = spawnSync('bash', ['-c', `. "${root}/tools/lib/count.sh"; count "${folder}/log"; echo $passed $failed`], { encoding: 'utf8' });
  fs.rmSync(folder, { recursive: true });
  assert.equal(end.stderr, '');
  return end.stdout.trim();
}

const node = (pass, fail, skipped) => `TAP version 13
    ok 1 - inner
    not ok 2 - inner
ok 1 - outer
# tests ${pass + fail + skipped}
# suites 0
# pass ${pass}
# fail ${fail}
# cancelled 0
# skipped ${skipped}
# todo 0
# duration_ms 12
`;

test('nothing counts as nothing', () => assert.equal(count('hello\nok, well\n'), '0 0'));
test('plain lines count', () => assert.equal(count('ok - a\nnot ok - b\n#   ok 3 - quoted\nok 4\n'), '2 1'));
test('node sums up its own nested tests', () => assert.equal(count(node(7, 0, 0)), '7 0'));
test('a test that node skipped has failed', () => assert.equal(count(node(7, 0, 2)), '7 2'));
test('several reports and plain lines add up', () => {
  assert.equal(count(`${node(2, 1, 0)}not ok - x did not end in time\n${node(3, 0, 0)}`), '5 2');
});
test('cmocka through ctest counts each test of a program', () => {
  assert.equal(count('3: 1..2\n3: ok 1 - a\n3: not ok 2 - b\n50% tests passed, 1 tests failed out of 2\n'), '1 1');
});
test('a program that crashed has failed though it says nothing', () => {
  assert.equal(count('3: ok 1 - a\n50% tests passed, 2 tests failed out of 4\n'), '1 2');
});
test('pg_prove\'s line for a file is no test', () => {
  assert.equal(count('1..2\nok 1 - a\nok 2 - b # yes\nok      370 ms ( 0.00 usr  0.00 sys)\nResult: PASS\n'), '2 0');
});
test('a pgTAP file that ends before its plan has failed', () => {
  assert.equal(count('1..3\nok 1 - a\nok 2 - b\nDubious\n  Parse errors: Bad plan.\nResult: FAIL\n'), '2 2');
});
test('a skipped pgTAP test has failed', () => assert.equal(count('ok 1 - a\nok 2 - b # SKIP not now\n'), '1 1'));
