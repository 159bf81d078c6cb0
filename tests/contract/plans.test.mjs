// plans.test.mjs - no read walks a big table: the cases of bench/plans on a small city, whose tables of
// more than 10,000 rows are those that grow with a real one. Times are for bench/plans/run.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { clusterFolder, root } from '../lib/city.mjs';

test('every read of the gateway goes through indexes, whoever asks and whatever for', () => {
  const base = execFileSync(path.join(root, 'tools/cluster'), ['conninfo', clusterFolder()], { encoding: 'utf8' }).trim();
  const name = `plans_${process.pid}`;
  const psql = (statement) => execFileSync('psql', ['-qXAt', '-d', `${base} dbname=postgres`, '-c', statement]);
  psql(`create database ${name}`);
  try {
    execFileSync(path.join(root, 'bench/plans/fill'), ['20000', `${base} dbname=${name}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ran = spawnSync('node', [path.join(root, 'bench/plans/plans.mjs'), `${base} dbname=${name}`, '--plans-only'],
      { encoding: 'utf8', maxBuffer: 1 << 26 });
    const lines = ran.stdout.trim().split('\n');
    assert.deepEqual(lines.filter((line) => line.startsWith('FAULT')), [], ran.stderr);
    const found = JSON.parse(lines.at(-1));
    assert.ok(found.reads > 500 && found.big_tables >= 5, lines.at(-1));
  } finally {
    psql(`drop database ${name} with (force)`);
  }
});
