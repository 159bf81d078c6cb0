// sql/migrate.sh on a folder of its own making: what it applies, what it refuses, and what is left
// behind when it fails, is killed or races with itself.
import { after, afterEach, before, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { clusterFolder, root, until } from '../lib/city.mjs';

const run = promisify(execFile);
const base = () => execFileSync(path.join(root, 'tools/cluster'), ['conninfo', clusterFolder()], { encoding: 'utf8' }).trim();
let folder;
let db;
let count = 0;

const write = (name, text) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
const migrate = () => run(path.join(folder, 'migrate.sh'), [db]);
const ask = async (text) => (await run('psql', ['--no-psqlrc', '-qAt', '-d', db, '-c', text])).stdout.trim();
const postgres = (text) => run('psql', ['--no-psqlrc', '-qAt', '-d', `${base()} dbname=postgres`, '-c', text]);

before(() => clusterFolder());

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jbsql-'));
  fs.copyFileSync(path.join(root, 'sql/migrate.sh'), path.join(folder, 'migrate.sh'));
  fs.copyFileSync(path.join(root, 'sql/roles.sql'), path.join(folder, 'roles.sql'));
  count += 1;
  const name = `migrate_${process.pid}_${count}`;
  await postgres(`create database ${name}`);
  db = `${base()} dbname=${name}`;
  write('migrations/0001_ground.sql',
    'create schema api authorization jb_api; create table meta.step (n int); insert into meta.step values (1);');
  write('api/f.sql', "create or replace function api.f() returns int language sql as 'select 1';");
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

after(async () => {
  for (let i = 1; i <= count; i += 1) {
    await postgres(`drop database if exists migrate_${process.pid}_${i} with (force)`);
  }
});

test('a second run applies nothing', async () => {
  assert.match((await migrate()).stdout, /0001_ground/);
  assert.equal((await migrate()).stdout, '');
  assert.equal(await ask('select count(*) from meta.step'), '1');
});

test('a migration that was changed after it was applied is refused', async () => {
  await migrate();
  fs.appendFileSync(path.join(folder, 'migrations/0001_ground.sql'), '-- later thought\n');
  await assert.rejects(migrate(), /0001_ground.sql has been applied and was changed/);
});

test('a migration that fails leaves nothing of itself and keeps those before it', async () => {
  write('migrations/0002_bad.sql', 'insert into meta.step values (2); select 1 / 0;');
  await assert.rejects(migrate(), /division by zero/);
  assert.equal(await ask('select string_agg(n::text, $$,$$) from meta.step'), '1');
  write('migrations/0002_bad.sql', 'insert into meta.step values (2);');
  await migrate();
  assert.equal(await ask('select string_agg(n::text, $$,$$ order by n) from meta.step'), '1,2');
});

test('a run that is killed in the middle of a migration leaves nothing of it', async () => {
  await migrate();
  write('migrations/0002_slow.sql', 'insert into meta.step values (2); select pg_sleep(600);');
  const child = spawn(path.join(folder, 'migrate.sh'), [db], { detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const sleeping = "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
  const backend = await until(() => ask(sleeping), 'the migration is under way');
  process.kill(-child.pid, 'SIGKILL');
  await ended;
  await ask(`select pg_terminate_backend(${backend})`);
  await until(async () => (await ask(sleeping)) === '', 'the backend is gone');
  assert.equal(await ask('select count(*) from meta.step'), '1');
  write('migrations/0002_slow.sql', 'insert into meta.step values (2);');
  await migrate();
  assert.equal(await ask('select count(*) from meta.step'), '2');
});

test('a function may change what it returns, also when another hangs on it', async () => {
  write('api/g.sql', 'create or replace function api.g() returns int language sql begin atomic select api.f(); end;');
  await migrate();
  write('api/f.sql', "create or replace function api.f() returns text language sql as $$ select 'one' $$;");
  write('api/g.sql', 'create or replace function api.g() returns text language sql begin atomic select api.f(); end;');
  await migrate();
  assert.equal(await ask('select api.g()'), 'one');
});

test('the function of a deleted file is dropped', async () => {
  write('api/g.sql', "create or replace function api.g() returns int language sql as 'select 2';");
  await migrate();
  fs.rmSync(path.join(folder, 'api/g.sql'));
  await migrate();
  assert.equal(await ask("select string_agg(proname, ',') from pg_proc where pronamespace = 'api'::regnamespace"), 'f');
});

test('a function on which a policy hangs is replaced in place', async () => {
  write('api/p.sql', "create or replace function api.p() returns boolean language sql as 'select true';");
  await migrate();
  await ask('create policy p on meta.step using (api.p())');
  write('api/p.sql', "create or replace function api.p() returns boolean language sql as 'select false';");
  await migrate();
  assert.equal(await ask('select api.p()'), 'f');
  assert.equal(await ask("select count(*) from pg_policies where policyname = 'p'"), '1');
});

test('functions belong to jb_api whoever migrates', async () => {
  await migrate();
  assert.equal(await ask("select proowner::regrole from pg_proc where proname = 'f' and pronamespace = 'api'::regnamespace"), 'jb_api');
});

test('three runs at once apply each migration once', async () => {
  write('migrations/0002_more.sql', 'insert into meta.step values (2);');
  await Promise.all([migrate(), migrate(), migrate()]);
  assert.equal(await ask('select string_agg(n::text, $$,$$ order by n) from meta.step'), '1,2');
});

test('what a migration sets does not reach the next one', async () => {
  write('migrations/0002_role.sql', "set role jb_owner; set search_path = pg_catalog;");
  write('migrations/0003_who.sql', 'create table meta.who as select current_user::text as u;');
  await migrate();
  assert.equal(await ask('select u from meta.who'), 'postgres');
});
