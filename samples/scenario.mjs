// scenario.mjs NAME --url URL - plays samples/NAME/scenario.mjs against a service, over HTTPS, as each
// role in turn. One line a step; ends with an error at the first thing that is not as written.
//
// ./run --scenario calls it on a throwaway city. On a service of one's own (a sample city, fresh):
//   JB_CTL   the command that moves the city's clock (default build/bin/jiebang-ctl, with DATABASE_URL);
//            in containers e.g. "docker compose exec -T worker jiebang-ctl"
//   JB_TRACE a file that gets every exchange as a JSON line, for tests and examples
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stage } from './lib/stage.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const [name, flag, url] = process.argv.slice(2);
if (!name || flag !== '--url' || !url || !fs.existsSync(path.join(here, name, 'scenario.mjs'))) {
  console.error('usage: scenario.mjs NAME --url URL, with a folder samples/NAME that holds scenario.mjs');
  process.exit(2);
}
const { default: play } = await import(`./${name}/scenario.mjs`);
const stage = new Stage(name, url, path.join(here, name));
try {
  await play(stage);
  stage.summary();
} catch (error) {
  console.error(`\n${name}: step ${stage.count}: ${error.message}`);
  if (process.env.JB_STACK) console.error(error.stack);
  process.exitCode = 1;
} finally {
  stage.close();
}
