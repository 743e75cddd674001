import type { Header } from '../model/block.ts'
import type { BlockId } from '../model/id.ts'
import type { Params } from '../model/params.ts'
import { blockIdFrom } from './block-id.ts'

/** Expected hashes a block has to cost. Protocol §4. */
export function difficultyOf(
  { kind, payloadBytes, parents }: Pick<Header, 'kind' | 'payloadBytes' | 'parents'>,
  params: Pick<Params, 'powBase' | 'powPerKiB'>,
): number {
  const perKiB = (bytes: number) => params.powPerKiB * Math.ceil(bytes / 1024)
  if (kind === 'proposal') return Math.max(1, Math.floor(params.powBase / 16)) + perKiB(32 * parents.length)
  return params.powBase + perKiB(payloadBytes)
}

/** What the last four bytes of an id have to stay below: 1 … 2^32. Protocol §4. */
export function targetOf(difficulty: number): number {
  return Math.floor(2 ** 32 / difficulty)
}

/**
 * Milliseconds that a search for this target takes on average, at so many hashes a second. As much is left wherever it
 * stands: no try knows of those before it.
 */
export function expectedMsOf(target: number, hashesPerSecond: number): number {
  return (2 ** 32 / target / hashesPerSecond) * 1000
}

/** Whether a nonce does the work for a digest: one hash tells. `key`: the network's. Protocol §4. */
export function wins(
  { key, digest, target }: { readonly key: Uint8Array; readonly digest: Uint8Array; readonly target: number },
  nonce: number,
): boolean {
  return workValueOf(blockIdFrom(key, digest, nonce)) < target
}

/** The last four bytes of an id as a little-endian u32. Protocol §4. */
export function workValueOf(id: BlockId): number {
  const value = Number.parseInt(id.slice(-8), 16) // its bytes are the other way round
  return ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8) | (value << 24)) >>> 0
}
