/** Nonce search a second, for each kernel and for noble's BLAKE3, in one interleaved run. */
import { blake3 } from '@noble/hashes/blake3.js'
import { readFile } from 'node:fs/promises'
import { Searcher, type KernelBuild } from '../../src/mining/search.ts'
import { median } from './median.ts'

const ROUNDS = 5
const KERNEL_HASHES = 4_000_000
const NOBLE_HASHES = 20_000

export interface MiningRow {
  readonly name: string
  readonly hashesPerSecond: number
  /** How many times as fast as noble in the same run. */
  readonly timesNoble: number
}

/** Medians of `ROUNDS` interleaved rounds, so that a busy minute slows all of them. */
export async function benchMining(): Promise<readonly MiningRow[]> {
  const simd = await searcherOf('simd')
  const scalar = await searcherOf('scalar')
  const contenders = [
    { name: 'kernel, v128', hashes: KERNEL_HASHES, run: () => void simd.search(0, KERNEL_HASHES) },
    { name: 'kernel, scalar', hashes: KERNEL_HASHES, run: () => void scalar.search(0, KERNEL_HASHES) },
    { name: 'noble', hashes: NOBLE_HASHES, run: nobleHashes },
  ]
  const rates = contenders.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, { hashes, run }] of contenders.entries()) {
      const start = performance.now()
      run()
      rates[i]?.push((hashes / (performance.now() - start)) * 1000)
    }
  const noble = median(rates.at(-1) ?? [])
  return contenders.map(({ name }, i) => {
    const hashesPerSecond = median(rates[i] ?? [])
    return { name, hashesPerSecond, timesNoble: hashesPerSecond / noble }
  })
}

/** A search nothing but luck of one in 2^32 a hash ends. */
async function searcherOf(build: KernelBuild): Promise<Searcher> {
  const bytes = await readFile(new URL(`../../src/mining/kernel.${build}.wasm`, import.meta.url))
  const searcher = new Searcher(await WebAssembly.compile(Uint8Array.from(bytes)))
  searcher.setTask({ key: new Uint8Array(32), digest: new Uint8Array(32), target: 1 })
  return searcher
}

function nobleHashes(): void {
  const key = new Uint8Array(32)
  const input = new Uint8Array(41)
  const view = new DataView(input.buffer)
  for (let nonce = 0; nonce < NOBLE_HASHES; nonce++) {
    view.setUint32(32, nonce, true)
    blake3(input, { key })
  }
}
