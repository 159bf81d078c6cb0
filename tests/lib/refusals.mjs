// refusals.mjs - which refusals a run of ./test has really produced.
//
// Whoever reads answers of a gateway hands them to `noteAnswer`; JB_REFUSALS names the file that gets
// each slug, and `field CODE` for each error of a field, be it in a refusal or in a document that
// reports on what it has read (an import), once a process. In the databases of the pgTAP files the
// checkers write the same into the server's log (tests/sql/lib/refusals.sql), because what throws_ok
// catches is seen by nobody else. Run as a program at the end,
//
//   node tests/lib/refusals.mjs FILE SERVER_LOG
//
// names the rows of problems.def and field_errors.def that nothing has produced.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const file = process.env.JB_REFUSALS;
const seen = new Set();

/** `body` is the document of an answer, parsed. */
export function noteAnswer(body) {
  if (!file || body === null || typeof body !== 'object') return;
  const slug = typeof body.type === 'string' && Number.isInteger(body.status) ? body.type.split('/').pop() : undefined;
  const errors = Array.isArray(body.errors) ? body.errors : [];
  const words = [slug, ...errors.map((error) => error?.code && `field ${error.code}`)].filter((word) => word && !seen.has(word));
  if (words.length === 0) return;
  for (const word of words) seen.add(word);
  fs.appendFileSync(file, words.map((word) => `${word}\n`).join(''));
}

/** The words of the server's log: "refused SLUG" and "refused field CODE". */
const logged = (text) => [...text.matchAll(/LOG: {2}refused ((?:field )?\w+)$/gm)].map((match) => match[1]);

function missing(produced, log) {
  const common = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../services/common');
  const rows = (name, pattern) => [...fs.readFileSync(path.join(common, name), 'utf8').matchAll(pattern)].map((match) => match[1]);
  const wanted = [...rows('problems.def', /^PROBLEM\((\w+),/gm), ...rows('field_errors.def', /^FIELD_ERROR\((\w+),/gm).map((code) => `field ${code}`)];
  const have = new Set([...produced.split('\n'), ...logged(log)]);
  return { wanted, left: wanted.filter((word) => !have.has(word)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [produced, log] = process.argv.slice(2).map((name) => fs.readFileSync(name, 'utf8'));
  const { wanted, left } = missing(produced, log);
  for (const word of left) console.log(`no test has produced: ${word}`);
  console.log(`${wanted.length - left.length} of ${wanted.length} refusals and field errors were produced`);
  process.exitCode = wanted.length > 0 && left.length === 0 ? 0 : 1;
}
