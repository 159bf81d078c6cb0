#!/usr/bin/env node
// openapi.mjs - builds proto/openapi.yaml, the public contract.
//
//   tools/openapi.mjs                      build it from build/bin/jiebang-gateway and proto/
//   tools/openapi.mjs --check              say whether the file is up to date; ends with 1 if not
//   tools/openapi.mjs --examples TRACE...  take proto/examples.json afresh from recorded exchanges
//                                          (see JB_TRACE in tests/lib/client.mjs), then build
import fs from 'node:fs';
import path from 'node:path';
import { pickExamples } from './lib/exchanges.mjs';
import { documents, examplesOf, gatewayTables, openapi, root } from './lib/openapi.mjs';
import { yaml } from './lib/yaml.mjs';

const [option, ...files] = process.argv.slice(2);
const target = path.join(root, 'proto/openapi.yaml');
const tables = gatewayTables(process.env.JB_BIN);

if (option === '--examples') {
  fs.writeFileSync(path.join(root, 'proto/examples.json'), `${JSON.stringify(pickExamples(tables.routes, files), null, 1)}\n`);
} else if (option !== undefined && option !== '--check') {
  console.error('usage: tools/openapi.mjs [--check | --examples TRACE...]');
  process.exit(2);
}
const text = yaml(openapi(tables, await documents(), examplesOf()));
if (option !== '--check') fs.writeFileSync(target, text);
else if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== text) {
  console.error('proto/openapi.yaml is not up to date: run tools/openapi.mjs');
  process.exit(1);
}
