/** Spoils valid bytes the way the world does: flipped bits, cut tails, inserted bytes, false lengths. */
import fc from 'fast-check'

export interface Mutation {
  readonly kind: 'flip' | 'truncate' | 'insert' | 'remove' | 'u8' | 'u32'
  /** Where, as a share of the length: fast-check shrinks it towards the start. */
  readonly where: number
  readonly value: number
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('flip', 'truncate', 'insert', 'remove', 'u8', 'u32'),
  where: fc.nat(9999),
  value: fc.nat(0xffff_ffff),
})

/** `bytes` with one mutation applied; the argument stays as it was. */
export function mutate(bytes: Uint8Array, { kind, where, value }: Mutation): Uint8Array {
  const at = Math.floor((where / 10_000) * bytes.length)
  if (kind === 'truncate') return bytes.slice(0, at)
  if (kind === 'remove')
    return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + (value % 8)))
  if (kind === 'insert')
    return Uint8Array.of(
      ...bytes.subarray(0, at),
      ...new Uint8Array(1 + (value % 8)).fill(value),
      ...bytes.subarray(at),
    )
  const copy = Uint8Array.from(bytes)
  const view = new DataView(copy.buffer)
  if (kind === 'u32' && at + 4 <= copy.length) view.setUint32(at, value, true)
  else if (kind === 'u8' && at < copy.length) copy[at] = value
  else if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << (value % 8))
  return copy
}
