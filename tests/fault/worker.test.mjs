// The worker against a mail server that takes, refuses and is away, and a database that throws it
// out: nothing is lost, nothing is delivered twice, and it ends when asked to.
import { after, afterEach, before, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { bin, city, until } from '../lib/city.mjs';
import { mailServer, readMail } from './smtp.mjs';

let town;
let mail;
let workers = [];

before(async () => { town = await city({ template: 'empty', gateways: 0 }); });
after(() => town?.stop());
beforeEach(async () => {
  mail = await mailServer();
  await town.sql('delete from workflow.outbox');
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.end()));
  workers = [];
  await mail.close();
});

/** A worker process; `end()` stops it and gives its exit code. */
function worker(...args) {
  const child = spawn(path.join(bin, 'jiebang-worker'),
    [`--mail-url=${mail.url}`, '--mail-from=no-reply@kj.example', '--mail-name=示例市科学技术局', '--mail-tls=no', ...args],
    { env: { ...process.env, DATABASE_URL: town.admin.replace('user=postgres', 'user=jb_worker') },
      stdio: ['ignore', 'inherit', 'pipe'] });
  const patience = setTimeout(() => child.kill('SIGKILL'), 30000);
  const self = { child, log: '', ended: once(child, 'exit').then(([code]) => { clearTimeout(patience); return code; }) };
  child.stderr.setEncoding('utf8').on('data', (text) => { self.log += text; });
  self.end = async () => {
    child.kill('SIGTERM');
    const code = await self.ended;
    assert.doesNotMatch(self.log, /Sanitizer|runtime error/);
    return code;
  };
  workers.push(self);
  return self;
}

const post = (kind, payload) => town.sql(
  "insert into workflow.outbox (kind, payload) values ($1, $2); select pg_notify('outbox', '')", [kind, JSON.stringify(payload)]);
const rows = () => town.sql('select kind, attempts, error, done_at is not null as done from workflow.outbox order by id');
const letter = (to) => ({ to, subject: '关于“低缺陷半导体级抛光硅片”揭榜结果公示的通知', text: '您好：\n公示期五个工作日。\n' });

test('a mail reaches its address with its text', async () => {
  await post('mail', letter('zhang@unit.example'));
  assert.equal(await worker('--once').ended, 0);
  assert.equal(mail.messages.length, 1);
  const { headers, text } = readMail(mail.messages[0].data);
  assert.deepEqual(mail.messages[0].to, ['zhang@unit.example']);
  assert.equal(mail.messages[0].from, 'no-reply@kj.example');
  assert.equal(headers.from, '示例市科学技术局 <no-reply@kj.example>');
  assert.equal(headers.subject, letter('').subject);
  assert.match(headers['message-id'], /^<outbox-\d+@kj\.example>$/);
  assert.equal(text, letter('').text);
  assert.deepEqual(await rows(), [{ kind: 'mail', attempts: 1, error: null, done: true }]);
});

test('a mail leads back to what it is about, on the site that the settings name', async () => {
  await post('mail', { ...letter('zhang@unit.example'), link: '/needs/1' });
  assert.equal(await worker('--once', '--public-url=https://kj.example').ended, 0);
  await post('mail', { ...letter('zhang@unit.example'), link: '/needs/2' });
  await post('mail', letter('zhang@unit.example'));
  assert.equal(await worker('--once').ended, 0);
  assert.deepEqual(mail.messages.map((message) => readMail(message.data).text.slice(letter('').text.length)), ['\n\nhttps://kj.example/needs/1\n', '', '']);
});

test('a mail that the server refuses is kept, with the reason, and goes later', async () => {
  mail.refuse = '451 later';
  await post('mail', letter('a@b.example'));
  await worker('--once').ended;
  const [row] = await rows();
  assert.equal(row.done, false);
  assert.match(row.error, /451/);
  mail.refuse = null;
  await town.sql('update workflow.outbox set available_at = now()');
  await worker('--once').ended;
  assert.equal(mail.messages.length, 1);
  assert.equal((await rows())[0].done, true);
});

test('what is told in the inbox goes by mail to whoever asked for it, in the same run', async () => {
  const id = randomUUID();
  await town.sql(`insert into party.person (id, name, email) values ($1, '示例人员', 'ren@unit.example');
    insert into auth.account (id, login, mail) values ($1, 'ren', true)`, [id]);
  await post('inbox', { what: 'member_invited', person: id });
  assert.equal(await worker('--once', '--public-url=https://kj.example').ended, 0);
  assert.deepEqual(mail.messages.map((message) => message.to), [['ren@unit.example']]);
  assert.equal(readMail(mail.messages[0].data).headers.subject, '【揭榜挂帅】邀请您加入单位');
  assert.match(readMail(mail.messages[0].data).text, /\n\nhttps:\/\/kj\.example\/inbox\n$/);
  await town.sql("update workflow.outbox set done_at = null, available_at = now() where kind = 'inbox'");
  await worker('--once').ended;
  assert.equal(mail.messages.length, 1, 'a second delivery sends nothing');
});

test('an address that smuggles a header is never given to the server', async () => {
  await post('mail', letter('a@b.example>\r\nRCPT TO:<c@d.example'));
  await worker('--once').ended;
  assert.equal(mail.messages.length, 0);
  assert.deepEqual(await rows(), [{ kind: 'mail', attempts: 1, error: 'the address is malformed', done: false }]);
});

test('a payload that is no mail says so', async () => {
  await post('mail', { to: 'a@b.example' });
  await worker('--once').ended;
  assert.match((await rows())[0].error, /no to, subject and text/);
});

test('a kind without a channel is done', async () => {
  await post('pigeon', {});
  await worker('--once').ended;
  assert.deepEqual(await rows(), [{ kind: 'pigeon', attempts: 1, error: null, done: true }]);
});

test('more rows than a batch all go in one run', async () => {
  await Promise.all(Array.from({ length: 23 }, (_, i) => post('mail', letter(`p${i}@b.example`))));
  assert.equal(await worker('--once', '--batch=5').ended, 0);
  assert.equal(mail.messages.length, 23);
});

test('two workers deliver each row once', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => post('mail', letter(`p${i}@b.example`))));
  await Promise.all([worker('--once', '--batch=3').ended, worker('--once', '--batch=3').ended]);
  const to = mail.messages.map((message) => message.to[0]).sort();
  assert.equal(to.length, 40);
  assert.equal(new Set(to).size, 40);
});

test('a row that is written while the worker sleeps goes at once', async () => {
  const running = worker('--log-level=debug');
  await until(() => running.log.includes('housekeeping'), 'the first round is over');
  const start = Date.now();
  await post('mail', letter('a@b.example'));
  await until(() => mail.messages.length === 1, 'the mail has come');
  assert.ok(Date.now() - start < 2000);
});

test('thrown out by the database, the worker comes back', async () => {
  worker();
  await post('mail', letter('a@b.example'));
  await until(() => mail.messages.length === 1, 'the mail has come');
  await until(async () => (await rows())[0].done, 'it has been noted');
  const [{ n }] = await town.sql(
    "select count(pg_terminate_backend(pid))::int as n from pg_stat_activity where usename = 'jb_worker'");
  assert.ok(n >= 2);
  await post('mail', letter('c@d.example'));
  await until(() => mail.messages.length === 2, 'the second mail has come');
});

test('killed in the middle, it loses nothing: the row comes back', async () => {
  mail.hold = true;
  await post('mail', letter('a@b.example'));
  const running = worker();
  await until(() => mail.held, 'the mail is on its way');
  running.child.kill('SIGKILL');
  await running.ended;
  assert.deepEqual(await rows(), [{ kind: 'mail', attempts: 1, error: null, done: false }]);
  mail.hold = false;
  await town.sql('update workflow.outbox set available_at = now()'); // the lease of a minute is over
  assert.equal(await worker('--once').ended, 0);
  assert.equal(mail.messages.length, 1);
  assert.deepEqual(await rows(), [{ kind: 'mail', attempts: 2, error: null, done: true }]);
});

test('asked to end while a mail hangs, it gives up in time and keeps the row', async () => {
  mail.hold = true;
  await post('mail', letter('a@b.example'));
  const running = worker('--stop-ms=200');
  await until(() => mail.held, 'the mail is on its way');
  assert.equal(await running.end(), 1);
  assert.equal((await rows())[0].done, false);
});

test('asked to end, it ends with 0', async () => {
  const running = worker('--log-level=debug');
  await until(() => running.log.includes('housekeeping'), 'the first round is over');
  assert.equal(await running.end(), 0);
});

test('without a database a single run fails', async () => {
  const child = spawn(path.join(bin, 'jiebang-worker'), ['--once', '--database-url=host=/nonexistent'], { stdio: 'ignore' });
  assert.equal((await once(child, 'exit'))[0], 1);
});

test('mail settings that cannot work are refused at the start', async () => {
  for (const args of [['--mail-url=smtp://x'], ['--mail-url=smtp://x', '--mail-from=a@b.cn', '--mail-user=u'], ['--batch=0'],
    ...['kj.example', 'https://', 'https://kj.example/', 'https://kj.example?', 'https://kj example'].map((url) => [`--public-url=${url}`])]) {
    const child = spawn(path.join(bin, 'jiebang-worker'), args, { stdio: 'ignore' });
    assert.equal((await once(child, 'exit'))[0], 2);
  }
});
