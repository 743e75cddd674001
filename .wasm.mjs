/**
 * Compiles the nonce search to src/mining/kernel.{simd,scalar}.wasm, where they are older than what they come from.
 * Plain JavaScript at the top level, so that any Node runs it as it stands.
 */
import { renameSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const mining = fileURLToPath(new URL('src/mining/', import.meta.url))
const source = 'kernel.as.ts'

/** Scalar is WebAssembly as first released, for engines that have nothing newer. */
const builds = {
  'kernel.simd.wasm': ['--enable', 'simd'],
  'kernel.scalar.wasm': ['--disable', 'bulk-memory,mutable-globals,nontrapping-f2i,sign-extension'],
}

/** No runtime and one page of memory: the kernel allocates nothing. */
const options = ['--runtime', 'stub', '--noAssert', '-O3', '--initialMemory', '1', '--maximumMemory', '1']

const sourceMs = Math.max(modifiedMs(mining + source), modifiedMs(fileURLToPath(import.meta.url)))
const stale = Object.keys(builds).filter((output) => modifiedMs(mining + output) <= sourceMs)

for (const output of stale) {
  const bytes = await compile(output, builds[output])
  if (bytes === undefined) {
    process.exitCode = 1
    break
  }
  // Whoever reads the file meanwhile gets the old one or the new one, never half of it.
  writeFileSync(`${mining}${output}.${process.pid}.tmp`, bytes)
  renameSync(`${mining}${output}.${process.pid}.tmp`, mining + output)
  console.log(`src/mining/${output}: ${bytes.length} bytes`)
}

/** The module's bytes, or undefined after saying what is wrong with the source. */
async function compile(output, features) {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes
  const { error, stderr } = await asc.main(
    [source, '--baseDir', mining, '--outFile', output, ...options, ...features],
    {
      writeFile: (name, contents) => {
        if (name === output) bytes = contents
      },
    },
  )
  if (error === null && bytes !== undefined) return bytes
  console.error(`src/mining/${source} does not compile to ${output}:\n${stderr.toString()}`)
  console.error(error?.message ?? 'The compiler wrote nothing.')
  return undefined
}

function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity
}
