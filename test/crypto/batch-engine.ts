/** The check of many signatures at once, as Node has it. */
import { readFile } from 'node:fs/promises'
import { loadBatchEngine, type BatchEngine } from '../../src/crypto/signature-batch.ts'
import type { Random } from '../../src/ports.ts'

export const CHANCE: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

export async function readBatchModule(): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await readFile(new URL('../../src/crypto/signature-batch.wasm', import.meta.url)))
}

/** The engine, or undefined where this Node has no relaxed SIMD. */
export function nodeBatchEngine(): Promise<BatchEngine | undefined> {
  return loadBatchEngine(readBatchModule, CHANCE, () => undefined)
}
