/** Numbers modulo p = 2^255 - 19 as 32 bytes, little-endian (RFC 8032 §5.1.2), to and from the lanes of pairs. */

const LIMB_MASK: u64 = (1 << 51) - 1

/** Reads the lower 255 of the 256 bits at `bytes` into one lane: limbs of 0 … 2^51 - 1, so still to be carried. */
export function fromBytes(out: usize, lane: usize, bytes: usize): void {
  const w0 = load<u64>(bytes), w1 = load<u64>(bytes, 8), w2 = load<u64>(bytes, 16), w3 = load<u64>(bytes, 24)
  out += lane * 8
  store<f64>(out, <f64>(w0 & LIMB_MASK))
  store<f64>(out, <f64>(((w0 >> 51) | (w1 << 13)) & LIMB_MASK), 16)
  store<f64>(out, <f64>(((w1 >> 38) | (w2 << 26)) & LIMB_MASK), 32)
  store<f64>(out, <f64>(((w2 >> 25) | (w3 << 39)) & LIMB_MASK), 48)
  store<f64>(out, <f64>((w3 >> 12) & LIMB_MASK), 64)
}

/**
 * Writes the number of one lane as 32 bytes, in 0 … p - 1. Needs |limb| ≤ 2^52.
 *
 * With 4·p added limb by limb, whose limbs are 2^53 - 76 and 2^53 - 4, none is negative, and all are below 2^54. Carrying
 * twice, 2^255 as 19, leaves less than 2^255 + 2^9 < 2·p; so p is to be taken off once or not at all, and it is where
 * adding 19 carries beyond 2^255.
 */
export function toBytes(out: usize, lane: usize, pair: usize): void {
  pair += lane * 8
  let l0 = <u64>(<i64>load<f64>(pair)) + ((1 << 53) - 76)
  let l1 = <u64>(<i64>load<f64>(pair, 16)) + ((1 << 53) - 4)
  let l2 = <u64>(<i64>load<f64>(pair, 32)) + ((1 << 53) - 4)
  let l3 = <u64>(<i64>load<f64>(pair, 48)) + ((1 << 53) - 4)
  let l4 = <u64>(<i64>load<f64>(pair, 64)) + ((1 << 53) - 4)
  for (let pass = 0; pass < 2; pass++) {
    l1 += l0 >> 51; l0 &= LIMB_MASK
    l2 += l1 >> 51; l1 &= LIMB_MASK
    l3 += l2 >> 51; l2 &= LIMB_MASK
    l4 += l3 >> 51; l3 &= LIMB_MASK
    l0 += 19 * (l4 >> 51); l4 &= LIMB_MASK
  }
  const beyond = (l4 + ((l3 + ((l2 + ((l1 + ((l0 + 19) >> 51)) >> 51)) >> 51)) >> 51)) >> 51
  l0 += 19 * beyond
  l1 += l0 >> 51; l0 &= LIMB_MASK
  l2 += l1 >> 51; l1 &= LIMB_MASK
  l3 += l2 >> 51; l2 &= LIMB_MASK
  l4 += l3 >> 51; l3 &= LIMB_MASK
  l4 &= LIMB_MASK
  store<u64>(out, l0 | (l1 << 51))
  store<u64>(out, (l1 >> 13) | (l2 << 38), 8)
  store<u64>(out, (l2 >> 26) | (l3 << 25), 16)
  store<u64>(out, (l3 >> 39) | (l4 << 12), 24)
}

/** Whether the 32 bytes at `bytes` are all zero. */
export function isZero(bytes: usize): bool {
  return (load<u64>(bytes) | load<u64>(bytes, 8) | load<u64>(bytes, 16) | load<u64>(bytes, 24)) === 0
}
