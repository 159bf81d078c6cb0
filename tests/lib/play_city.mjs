// play_city.mjs CITY DATABASE - plays a sample city's scenario once and leaves the database behind, for
// tests that need challenges awarded, objections answered and contracts signed. See tools/template.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { bin, city, root } from './city.mjs';

const [name, database] = process.argv.slice(2);
const town = await city({ template: name, worker: true, match: true, gateways: 2 });
const child = spawn(process.execPath, [path.join(root, 'samples/scenario.mjs'), name, '--url', town.plain], {
  stdio: 'inherit',
  env: { ...process.env, JB_CTL: path.join(bin, 'jiebang-ctl'), DATABASE_URL: town.ops },
});
const code = await new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
await town.stop(code === 0 ? { keepAs: database } : {});
process.exit(code);
