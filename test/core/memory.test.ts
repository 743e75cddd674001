import { expect, it } from 'vitest'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import { Engine } from '../../src/core/engine.ts'
import type { Hash } from '../../src/core/model/id.ts'
import { bytesUsed } from './bytes-used.ts'
import { proposal } from './make-proposals.ts'
import { CREATED_AT_MS, NETWORK, makeBlock, scatteredIdOf } from './make.ts'

/** Twice what two readings of an idle heap differ by; one id kept per block would be some 12 MB. */
const GROWTH_BYTES_MAX = 4e6

it('memory does not grow with history: 200 000 blocks through a window of 1024', async () => {
  const engine = new Engine(NETWORK, { windowBlocksMax: 1024 })
  const { block } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
  const bytes = new Uint8Array(200)
  const { kind } = proposal({ network: NETWORK, author: 0, round: 1 }).block
  const digest = NETWORK.id as string as Hash
  const brothersUpTo = (number: number) =>
    [400, 300, 200, 100, 0]
      .map((back) => number - back + 1e6)
      .filter((id) => id % 1000 > 0)
      .map(scatteredIdOf)
  /** Every five hundred blocks the only validator proposes thrice, which commits what lies below the first. */
  const commit = (number: number, issuedAtMs: number) => {
    for (const step of [1, 2, 3]) {
      const round = (3 * number) / 500 - 3 + step
      const id = scatteredIdOf(2e6 + round)
      // the commit index is made up, as a faulty validator may do; there never is such a commit
      const commitIndex = 1e6 + number
      const payload = encodeProposal({ epoch: 0, round, commitIndex, commitDigest: digest })
      const parents = [scatteredIdOf(step === 1 ? number : 2e6 + round - 1)]
      if (step === 1 && round > 1) parents.push(scatteredIdOf(2e6 + round - 1))
      if (step === 1) parents.push(...brothersUpTo(number))
      const times = { parents, issuedAtMs: issuedAtMs + step }
      engine.receive({ id, block: { ...block, ...times, kind, payload }, bytes }, 'a', issuedAtMs)
    }
  }
  const run = (from: number, to: number) => {
    for (let number = from; number < to; number++) {
      const parents = number === 1 ? [NETWORK.id] : [scatteredIdOf(number - 1)]
      const issuedAtMs = CREATED_AT_MS + 10 * number
      // every hundredth block has a brother only a proposal names, and every thousandth of those is invalid
      for (const id of number % 100 === 0 ? [number, number + 1e6] : [number]) {
        const time = id % 1000 === 0 && id > 1e6 ? CREATED_AT_MS : issuedAtMs
        engine.receive(
          { id: scatteredIdOf(id), block: { ...block, parents, issuedAtMs: time }, bytes },
          'a',
          issuedAtMs,
        )
      }
      if (number % 500 === 0) commit(number, issuedAtMs)
      if (number % 1000 === 0) engine.tick(issuedAtMs)
    }
  }
  run(1, 50_000)
  const before = await bytesUsed()
  run(50_000, 200_000)
  expect((await bytesUsed()) - before).toBeLessThan(GROWTH_BYTES_MAX)
  expect(engine.graph.size).toBe(1024)
  expect(engine.head.index).toBe(1195) // of 1197 rounds, two above it
  expect(engine.parked).toBe(0)
  expect(engine.tips(CREATED_AT_MS + 2_000_000)).toContain(scatteredIdOf(199_999))
}, 30_000)
