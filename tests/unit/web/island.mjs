// An island's module as a test can import it: bundled from TypeScript, in memory.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../services/web');
const { build } = createRequire(path.join(web, 'package.json'))('esbuild');

export async function island(name) {
  const { outputFiles } = await build({
    entryPoints: [path.join(web, `islands/${name}.ts`)], bundle: true, write: false, format: 'esm', logLevel: 'silent' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
