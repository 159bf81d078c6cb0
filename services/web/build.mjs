// build.mjs OUT - minifies the style sheet and bundles the islands into OUT/assets, and says in
// OUT/manifest.json what they are called. A name carries a hash of the content, so a browser may
// keep a file for good. OUT is the gateway's static_dir.
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
// What a first visit loads before anything is drawn is held to a size, in bytes as minified.
const limits = { css: 20992, js: 4096 }

async function bundle(assets) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: {
      style: 'style/main.css',
      dark: 'style/dark.css',
      paper: 'style/paper.css',
      main: 'islands/main.ts'
    },
    outdir: assets,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: ['es2021', 'chrome90', 'safari15', 'firefox91'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning'
  })
  const entry = (source) => {
    const [name] = Object.entries(metafile.outputs).find(([, out]) => out.entryPoint === source)
    return outputFiles.find((file) => file.path === join(here, name))
  }
  const main = {
    css: entry('style/main.css'),
    dark: entry('style/dark.css'),
    paper: entry('style/paper.css'),
    js: entry('islands/main.ts')
  }
  return { files: outputFiles, main }
}

async function icon(assets) {
  const contents = await readFile(join(here, 'style/icon.svg'))
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 8)
  return { path: join(assets, `icon-${hash}.svg`), contents }
}

function hold(name, file) {
  if (file.contents.length <= limits[name]) return
  throw new Error(`${basename(file.path)} has ${file.contents.length} bytes, over ${limits[name]}`)
}

// Written beside and moved into place: a gateway may be reading.
async function put(path, contents) {
  await writeFile(`${path}.new`, contents)
  await rename(`${path}.new`, path)
}

// Pages that were sent before name the files that were there before: those go after a week.
async function sweep(assets, kept) {
  for (const name of await readdir(assets)) {
    const old = Date.now() - (await stat(join(assets, name))).mtimeMs > 7 * 86400e3
    if (old && !kept.has(name)) await rm(join(assets, name))
  }
}

const out = process.argv[2] && resolve(process.argv[2])
if (!out) throw new Error('usage: build.mjs OUT')
const assets = join(out, 'assets')
const { files, main } = await bundle(assets)
for (const name of Object.keys(limits)) hold(name, main[name])
main.icon = await icon(assets)
await mkdir(assets, { recursive: true })
const wanted = [...files, main.icon]
for (const file of wanted) await put(file.path, file.contents)
const manifest = Object.fromEntries(
  Object.entries(main).map(([name, file]) => [name, `/assets/${basename(file.path)}`])
)
await put(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
await sweep(assets, new Set(wanted.map((file) => basename(file.path))))
for (const file of wanted) console.log(`${file.contents.length}\t${relative(out, file.path)}`)
