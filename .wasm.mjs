/**
 * Compiles the nonce search to src/mining/kernel.{relaxed,simd,scalar}.wasm, the hash of whole blocks to
 * src/crypto/block-hash.wasm and the check of many signatures to src/crypto/signature-batch.wasm, where they are older than
 * what they come from. Plain JavaScript at the top level, so that any Node runs it as it stands.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)
const mining = fileURLToPath(new URL('src/mining/', import.meta.url))

/** Scalar is WebAssembly as first released, for engines that have nothing newer. */
const builds = {
  relaxed: ['--enable', 'simd,relaxed-simd'],
  simd: ['--enable', 'simd'],
  scalar: ['--disable', 'bulk-memory,mutable-globals,nontrapping-f2i,sign-extension'],
}

/** No runtime, and memory that never grows: none of them allocates anything. */
const options = ['--runtime', 'stub', '--noAssert', '-O3']

const sources = readdirSync(join(mining, 'kernel')).map((name) => join(mining, 'kernel', name))
const sourceMs = Math.max(...[...sources, self].map(modifiedMs))
const stale = Object.keys(builds).filter((build) => modifiedMs(outputOf(build)) <= sourceMs)

const crypto = fileURLToPath(new URL('src/crypto/', import.meta.url))

/** What is written down in AssemblyScript, with what lies beside it. Of the signatures' memory most is decoded keys. */
const modules = [
  {
    name: 'block-hash',
    entry: new URL('src/crypto/block-hash.as.ts', import.meta.url),
    features: 'bulk-memory',
    pages: 1,
  },
  {
    name: 'signature-batch',
    entry: new URL('src/crypto/signature-batch/batch.as.ts', import.meta.url),
    features: 'bulk-memory,simd,relaxed-simd',
    pages: 25,
  },
]

for (const module of modules) if (isStale(module)) process.exitCode ||= await compileModule(module)
if (stale.length > 0)
  process.exitCode ||= process.features.typescript ? await compileAll() : compileElsewhere()

function isStale({ name, entry }) {
  const folder = dirname(fileURLToPath(entry))
  const sources = readdirSync(folder).filter((file) => file.endsWith('.as.ts'))
  const newestMs = Math.max(modifiedMs(self), ...sources.map((file) => modifiedMs(join(folder, file))))
  return modifiedMs(join(crypto, `${name}.wasm`)) <= newestMs
}

/** Writes a module; 0, or 1 after saying what is wrong with its source. */
async function compileModule({ name, entry, features, pages }) {
  const path = fileURLToPath(entry)
  const read = (file) =>
    /^[\w-]+\.as\.ts$/.test(file) ? readFileSync(join(dirname(path), file), 'utf8') : null
  const bytes = await compile(name, basename(path), read, ['--enable', features], pages)
  if (bytes === undefined) return 1
  write(join(crypto, `${name}.wasm`), bytes)
  return 0
}

/** Writes the stale builds; 0, or 1 after saying what is wrong with a source. */
async function compileAll() {
  const { assemblyScriptOf } = await import('./src/mining/kernel/assemblyscript.ts')
  for (const build of stale) {
    const source = assemblyScriptOf(build)
    const read = (file) => (file === 'kernel.ts' ? source : null)
    const bytes = await compile(`${build} kernel`, 'kernel.ts', read, builds[build], 1)
    if (bytes === undefined) return 1
    write(outputOf(build), bytes)
  }
  return 0
}

/** The printer of the sources is TypeScript: a Node that does not read it leaves the work to the installed one. */
function compileElsewhere() {
  const folder = fileURLToPath(new URL('node_modules/', import.meta.url))
  const node = process.platform === 'win32' ? join(folder, 'node/bin/node.exe') : join(folder, '.bin/node')
  return spawnSync(node, [self], { stdio: 'inherit' }).status ?? 1
}

/** The module's bytes, or undefined after saying what is wrong with the source. `readFile` gives text, or null. */
async function compile(name, entry, readFile, features, pages) {
  const { default: asc } = await import('assemblyscript/asc')
  const memory = ['--initialMemory', String(pages), '--maximumMemory', String(pages)]
  let bytes
  const { error, stderr } = await asc.main(
    [entry, '--outFile', 'module.wasm', ...options, ...memory, ...features],
    {
      readFile,
      writeFile: (file, contents) => {
        if (file === 'module.wasm') bytes = contents
      },
    },
  )
  if (error === null && bytes !== undefined) return bytes
  console.error(`The ${name} does not compile:\n${stderr.toString()}`)
  console.error(error?.message ?? 'The compiler wrote nothing.')
  return undefined
}

function write(output, bytes) {
  // Whoever reads the file meanwhile gets the old one or the new one, never half of it.
  writeFileSync(`${output}.${process.pid}.tmp`, bytes)
  renameSync(`${output}.${process.pid}.tmp`, output)
  console.log(`${relative(fileURLToPath(new URL('.', import.meta.url)), output)}: ${bytes.length} bytes`)
}

function outputOf(build) {
  return join(mining, `kernel.${build}.wasm`)
}

function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity
}
