// with_city.mjs COMMAND... - runs a command with a city beside it, its doors in JB_PLAIN_URL and
// JB_URL. For suites that need nothing of a city but an address.
import { spawn } from 'node:child_process';
import { city } from './city.mjs';

const town = await city({ template: 'empty', tls: true });
const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, {
  stdio: 'inherit', env: { ...process.env, JB_PLAIN_URL: town.plain, JB_URL: town.url } });
const code = await new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
await town.stop();
process.exit(code);
