/** The nonce search on one thread: each build of the kernel, noble, and C where there is a compiler. Runs in Node. */
import { blake3 } from '@noble/hashes/blake3.js'
import assert from 'node:assert/strict'
import { KERNEL_BUILDS, Searcher, type KernelBuild } from '../../src/mining/search.ts'
import { readKernel } from '../mining/kernels.ts'
import { ratios, type Figure } from './figure.ts'
import { compileNative, type NativeSearch } from './mining-native.ts'
import type { Found } from './runner.ts'

const ROUNDS = 9

/** Some tenths of a second each, so that a turn is long against what the system does in between. */
const KERNEL_NONCES = 8_000_000
const SCALAR_NONCES = 2_000_000
const NATIVE_NONCES = 16_000_000
const NOBLE_NONCES = 40_000

/** Half is what vectors of half the width can do; the rest is what the engine loses. */
const OF_NATIVE = 0.42

/** A word that some thousand nonces reach: the first winner is the same for all, or one of them is wrong. */
const EASY = 2 ** 20

/** Tries its nonces and says how many it did in a second of processor time. */
type Contender = () => Promise<number>

/** Millions of tries a second, and how many times as fast as noble and as C each build is. */
export async function benchMiningKernels(): Promise<Found> {
  const native = await compileNative()
  try {
    const searchers = new Map<KernelBuild, Searcher>()
    for (const build of KERNEL_BUILDS) if (await runs(build)) searchers.set(build, await searcherOf(build))
    if (native !== undefined) await compare(native, [...searchers.values()])
    return { figures: figuresOf(await takeTurns(searchers, native)) }
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
async function compare(native: NativeSearch, searchers: readonly Searcher[]): Promise<void> {
  const { found } = await native.search(KERNEL_NONCES, EASY)
  for (const searcher of searchers) {
    searcher.setTask(taskOf(EASY))
    assert.equal(searcher.search(0, KERNEL_NONCES), found)
  }
}

/** Rates of `ROUNDS` rounds, by contender; the one round before them is for the compilers. */
async function takeTurns(
  searchers: ReadonlyMap<KernelBuild, Searcher>,
  native: NativeSearch | undefined,
): Promise<ReadonlyMap<string, number[]>> {
  const contenders = new Map<string, Contender>()
  for (const [build, searcher] of searchers) {
    searcher.setTask(taskOf(0))
    const nonces = build === 'scalar' ? SCALAR_NONCES : KERNEL_NONCES
    contenders.set(build, async () => timed(nonces, () => searcher.search(0, nonces)))
  }
  contenders.set('noble', async () => timed(NOBLE_NONCES, nobleHashes))
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
  const noble = rates.get('noble') ?? []
  const native = rates.get('C')
  for (const [name, rounds] of rates)
    figures.push({ name, unit: 'MH/s', better: 'more', rounds: rounds.map((rate) => rate / 1e6) })
  for (const build of KERNEL_BUILDS) {
    const rounds = rates.get(build)
    if (rounds === undefined) continue
    figures.push({ name: `${build}, to noble`, unit: 'times', better: 'more', rounds: ratios(rounds, noble) })
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

function nobleHashes(): void {
  const key = new Uint8Array(32)
  const input = new Uint8Array(41)
  const view = new DataView(input.buffer)
  for (let nonce = 0; nonce < NOBLE_NONCES; nonce++) {
    view.setUint32(32, nonce, true)
    blake3(input, { key })
  }
}
