/**
 * Compiles the nonce search to src/mining/kernel.{relaxed,simd,scalar}.wasm and the hash of whole blocks to
 * src/crypto/block-hash.wasm, where they are older than what they come from. Plain JavaScript at the top level, so that any Node runs it as it stands.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)
const mining = fileURLToPath(new URL('src/mining/', import.meta.url))

/** Scalar is WebAssembly as first released, for engines that have nothing newer. */
const builds = {
  relaxed: ['--enable', 'simd,relaxed-simd'],
  simd: ['--enable', 'simd'],
  scalar: ['--disable', 'bulk-memory,mutable-globals,nontrapping-f2i,sign-extension'],
}

/** No runtime and one page of memory: neither allocates anything. */
const options = ['--runtime', 'stub', '--noAssert', '-O3', '--initialMemory', '1', '--maximumMemory', '1']

const sources = readdirSync(join(mining, 'kernel')).map((name) => join(mining, 'kernel', name))
const sourceMs = Math.max(...[...sources, self].map(modifiedMs))
const stale = Object.keys(builds).filter((build) => modifiedMs(outputOf(build)) <= sourceMs)

const hash = fileURLToPath(new URL('src/crypto/block-hash.wasm', import.meta.url))
const hashSource = fileURLToPath(new URL('src/crypto/block-hash.as.ts', import.meta.url))

if (modifiedMs(hash) <= Math.max(modifiedMs(hashSource), modifiedMs(self)))
  process.exitCode = await compileHash()
if (stale.length > 0)
  process.exitCode ||= process.features.typescript ? await compileAll() : compileElsewhere()

/** Writes the hash; 0, or 1 after saying what is wrong with its source. */
async function compileHash() {
  const bytes = await compile('block hash', ['--enable', 'bulk-memory'], readFileSync(hashSource, 'utf8'))
  if (bytes === undefined) return 1
  write(hash, bytes)
  return 0
}

/** Writes the stale builds; 0, or 1 after saying what is wrong with a source. */
async function compileAll() {
  const { assemblyScriptOf } = await import('./src/mining/kernel/assemblyscript.ts')
  for (const build of stale) {
    const bytes = await compile(`${build} kernel`, builds[build], assemblyScriptOf(build))
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

/** The module's bytes, or undefined after saying what is wrong with the source. */
async function compile(name, features, source) {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes
  const { error, stderr } = await asc.main(
    ['module.ts', '--outFile', 'module.wasm', ...options, ...features],
    {
      readFile: (file) => (file === 'module.ts' ? source : null),
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
