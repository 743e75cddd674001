import { Reader } from '../codec/reader.ts'
import { Writer } from '../codec/writer.ts'
import { hash } from '../crypto/hash.ts'
import type { Author, Committee } from '../model/committee.ts'
import { EPOCH } from '../model/proposal.ts'

/** Rounds whose leaders are remembered: more than are ever undecided in a network that works. */
const REMEMBERED_MAX = 1024

/**
 * The leader of each round: by chance that nobody steers, in proportion to weight, the same for everyone. x is the
 * first six bytes of H(epoch ‖ round ‖ 'L') as a little-endian number. Protocol §6.
 */
export function leaderSchedule(networkKey: Uint8Array, committee: Committee): (round: number) => Author {
  const known = new Map<number, Author>()
  return (round) => {
    const found = known.get(round)
    if (found !== undefined) return found
    const reader = new Reader(hash(networkKey, 'leader', new Writer(8).u32(EPOCH).u32(round).finish()))
    const x = reader.u32() + (reader.u32() % 2 ** 16) * 2 ** 32
    const leader = committee.at(x % committee.weight)
    if (known.size >= REMEMBERED_MAX) known.clear()
    known.set(round, leader)
    return leader
  }
}
