/** The nonce search on one thread: each build of the kernel, libraries, and C where there is a compiler. Runs in Node. */
import assert from 'node:assert/strict'
import { KERNEL_BUILDS, Searcher, type KernelBuild } from '../../src/mining/search.ts'
import { readKernel } from '../mining/kernels.ts'
import { ratios, type Figure } from './figure.ts'
import { hashWasmSearch, nobleSearch, type LibrarySearch } from './mining-libraries.ts'
import { compileNative, type NativeSearch } from './mining-native.ts'
import type { Found } from './runner.ts'

const ROUNDS = 9

/** Some tenths of a second each, so that a turn is long against what the system does in between. */
const KERNEL_NONCES = 8_000_000
const SCALAR_NONCES = 2_000_000
const NATIVE_NONCES = 16_000_000
/** By library. */
const LIBRARY_NONCES = { noble: 40_000, 'hash-wasm': 200_000 }

/** Half is what vectors of half the width can do; the rest is what the engine loses. */
const OF_NATIVE = 0.42

/** A word that one in some thousand nonces ends in: the first winner is the same for all, or one of them is wrong. */
const EASY = 2 ** 20

type Library = keyof typeof LIBRARY_NONCES

const LIBRARIES: readonly Library[] = ['noble', 'hash-wasm']

type Libraries = Readonly<Record<Library, LibrarySearch>>

/** Tries its nonces and says how many it did in a second of processor time. */
type Contender = () => Promise<number>

/** Millions of tries a second, and how many times as fast as the libraries and as C each build is. */
export async function benchMiningKernels(): Promise<Found> {
  const native = await compileNative()
  try {
    const searchers = new Map<KernelBuild, Searcher>()
    for (const build of KERNEL_BUILDS) if (await runs(build)) searchers.set(build, await searcherOf(build))
    const libraries: Libraries = { noble: nobleSearch(), 'hash-wasm': await hashWasmSearch() }
    await compare(libraries, native, [...searchers.values()])
    return { figures: figuresOf(await takeTurns(searchers, libraries, native)) }
  } finally {
    await native?.close()
  }
}

async function runs(build: KernelBuild): Promise<boolean> {
  return WebAssembly.validate(await readKernel(build))
}

async function searcherOf(build: KernelBuild): Promise<Searcher> {
  return new Searcher(await WebAssembly.compile(await readKernel(build)))
}

const taskOf = (last: number) => ({ key: new Uint8Array(32), digest: new Uint8Array(32), target: last + 1 })

/** What is fast and wrong is not measured. */
async function compare(
  libraries: Libraries,
  native: NativeSearch | undefined,
  searchers: readonly Searcher[],
): Promise<void> {
  const first = libraries.noble(LIBRARY_NONCES.noble, EASY)
  assert.ok(first < LIBRARY_NONCES.noble)
  assert.equal(libraries['hash-wasm'](LIBRARY_NONCES.noble, EASY), first)
  if (native !== undefined) assert.equal((await native.search(KERNEL_NONCES, EASY)).found, first)
  for (const searcher of searchers) {
    searcher.setTask(taskOf(EASY))
    assert.equal(searcher.search(0, KERNEL_NONCES), first)
  }
}

/** Rates of `ROUNDS` rounds, by contender; the one round before them is for the compilers. */
async function takeTurns(
  searchers: ReadonlyMap<KernelBuild, Searcher>,
  libraries: Libraries,
  native: NativeSearch | undefined,
): Promise<ReadonlyMap<string, number[]>> {
  const contenders = new Map<string, Contender>()
  for (const [build, searcher] of searchers) {
    searcher.setTask(taskOf(0))
    const nonces = build === 'scalar' ? SCALAR_NONCES : KERNEL_NONCES
    contenders.set(build, async () => timed(nonces, () => searcher.search(0, nonces)))
  }
  for (const name of LIBRARIES) {
    const nonces = LIBRARY_NONCES[name]
    contenders.set(name, async () => timed(nonces, () => libraries[name](nonces, 0)))
  }
  if (native !== undefined)
    contenders.set('C', async () => (1000 * NATIVE_NONCES) / (await native.search(NATIVE_NONCES, 0)).cpuMs)
  const rates = new Map([...contenders.keys()].map((name): [string, number[]] => [name, []]))
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, run] of contenders) {
      const rate = await run()
      if (round > 0) rates.get(name)?.push(rate)
    }
  return rates
}

function figuresOf(rates: ReadonlyMap<string, readonly number[]>): readonly Figure[] {
  const figures: Figure[] = []
  const native = rates.get('C')
  for (const [name, rounds] of rates)
    figures.push({ name, unit: 'MH/s', better: 'more', rounds: rounds.map((rate) => rate / 1e6) })
  for (const build of KERNEL_BUILDS) {
    const rounds = rates.get(build)
    if (rounds === undefined) continue
    for (const library of LIBRARIES) {
      const those = rates.get(library) ?? []
      figures.push({
        name: `${build}, to ${library}`,
        unit: 'times',
        better: 'more',
        rounds: ratios(rounds, those),
      })
    }
    if (native !== undefined) {
      const rest = build === KERNEL_BUILDS[0] ? { goal: OF_NATIVE } : {}
      figures.push({
        name: `${build}, to C`,
        unit: 'times',
        better: 'more',
        rounds: ratios(rounds, native),
        ...rest,
      })
    }
  }
  return figures
}

/** Nonces a second of processor time: of one core, whoever else wants it. */
function timed(nonces: number, run: () => void): number {
  const before = process.threadCpuUsage()
  run()
  const { user, system } = process.threadCpuUsage(before)
  return (1e6 * nonces) / (user + system)
}
