import type { Random } from '../ports.ts'

/** A number in [0, 1) from 32 random bits. */
export function randomFraction(random: Random): number {
  return new DataView(random.bytes(4).slice().buffer).getUint32(0) / 2 ** 32
}
