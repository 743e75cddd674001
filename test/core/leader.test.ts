import { blake3 } from '@noble/hashes/blake3.js'
import { describe, expect, it } from 'vitest'
import { leaderSchedule } from '../../src/core/consensus/leader.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import { Committee, type Author } from '../../src/core/model/committee.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import { FOUR, networkWith } from './make-proposals.ts'
import { CREATED_AT_MS } from './make.ts'

const ROUNDS = 3000

const scheduleOf = ({ id, genesis }: Network) =>
  leaderSchedule(networkKeyOf(id), new Committee(genesis.committee))

const leadersOf = (network: Network): Author[] => {
  const leaderOf = scheduleOf(network)
  return Array.from({ length: ROUNDS }, (_, i) => leaderOf(i + 1))
}

describe('the leader of a round', () => {
  it('is the same for everyone, in whatever order they ask', () => {
    const forward = leadersOf(FOUR)
    const leaderOf = scheduleOf(FOUR)
    const backward = Array.from({ length: ROUNDS }, (_, i) => leaderOf(ROUNDS - i))
    expect(backward.reverse()).toEqual(forward)
  })

  it('is another in another network', () => {
    const other = networkWith([1, 1, 1, 1], { createdAtMs: CREATED_AT_MS + 1 })
    const here = leadersOf(FOUR)
    const same = leadersOf(other).filter((leader, i) => leader === here[i]).length
    expect(same / ROUNDS).toBeGreaterThan(0.2)
    expect(same / ROUNDS).toBeLessThan(0.3)
  })

  it('is each validator as often as it weighs', () => {
    const weights = [1, 2, 3, 4]
    const leaders = leadersOf(networkWith(weights))
    for (const [author, weight] of weights.entries()) {
      const share = leaders.filter((leader) => leader === author).length / ROUNDS
      expect(Math.abs(share - weight / 10)).toBeLessThan(0.03)
    }
  })

  it('is always the only one where there is only one', () => {
    expect(new Set(leadersOf(networkWith([7])))).toEqual(new Set([0]))
  })

  it('falls where six bytes of a keyed hash point to: computed anew', () => {
    const weights = [2 ** 32 - 1, 5, 2 ** 31, 2 ** 32 - 1]
    const network = networkWith(weights)
    const leaderOf = scheduleOf(network)
    const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
    for (const round of [1, 2, 3, 255, 256, 65_536, 2 ** 31, 2 ** 32 - 1]) {
      const input = Buffer.alloc(9)
      input.writeUInt32LE(0, 0)
      input.writeUInt32LE(round, 4)
      input.write('L', 8)
      const digest = Buffer.from(blake3(input, { key: Buffer.from(network.id, 'hex') }))
      const point = BigInt(digest.readUIntLE(0, 6)) % total
      let end = 0n
      const expected = weights.findIndex((weight) => point < (end += BigInt(weight)))
      expect(leaderOf(round)).toBe(expected)
    }
  })
})
