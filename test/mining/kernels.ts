import { readFile } from 'node:fs/promises'
import { blake3 } from '@noble/hashes/blake3.js'
import type { KernelBuild } from '../../src/mining/search.ts'
import type { MiningTask } from '../../src/ports.ts'

/** The bytes that `npm run wasm` printed and compiled. */
export async function readKernel(build: KernelBuild): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(new URL(`../../src/mining/kernel.${build}.wasm`, import.meta.url)))
}

/** The u32 that decides about a nonce, by another implementation: the last word of the id of protocol §4. */
export function lastWord({ key, digest }: Pick<MiningTask, 'key' | 'digest'>, nonce: number): number {
  const input = new Uint8Array(41)
  const view = new DataView(input.buffer)
  input.set(digest)
  view.setBigUint64(32, BigInt(nonce), true)
  view.setUint8(40, 'I'.charCodeAt(0))
  const id = blake3(input, { key })
  return new DataView(id.buffer, id.byteOffset).getUint32(28, true)
}

/** The smallest nonce in [start, start + count) that wins, one after the other. */
export function firstWinner(task: MiningTask, start: number, count: number): number | undefined {
  for (let nonce = start; nonce < start + count; nonce++)
    if (lastWord(task, nonce) < task.target) return nonce
  return undefined
}
