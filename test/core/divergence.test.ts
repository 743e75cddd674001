import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeptState } from '../../src/core/agreement.ts'
import { Divergence } from '../../src/core/consensus/divergence.ts'
import { Engine, type EngineOptions } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId, Hash } from '../../src/core/model/id.ts'
import { DIGESTS_MAX } from '../../src/core/model/limits.ts'
import { arrivalKeys, graphOf, graphPlan, shuffled } from './make-graphs.ts'
import { FOUR, KEYS, committeeOf, commitsIn, proposal } from './make-proposals.ts'
import { NOW_MS, sideOf, type Side } from './make-sides.ts'
import { CREATED_AT_MS, at, idOf, makeBlock } from './make.ts'

/** The digest of a commit in our order, and in others. */
const ours = (index: number) => idOf(index) as string as Hash
const other = (index: number, which = 1) => idOf(1e9 * which + index) as string as Hash

let proposals = 0
const names = (author: number, commitIndex: number, commitDigest = other(commitIndex)) => ({
  id: `${author}: ${commitIndex} (${++proposals})` as BlockId,
  author,
  commitIndex,
  commitDigest,
})

/** A node that has made so many commits. */
function after(commits: number, weights: readonly number[] = [1, 1, 1, 1]): Divergence {
  const divergence = new Divergence(committeeOf(weights))
  for (let index = 1; index <= commits; index++) divergence.made(index, ours(index))
  return divergence
}

describe('another order than ours', () => {
  it('is proved by validators of more than a third that name another digest for a commit we made', () => {
    const divergence = after(7)
    const [first, second] = [names(3, 5), names(1, 5)]
    expect(divergence.add(first)).toBeUndefined()
    expect(divergence.found).toBeUndefined()
    const found = { index: 5, ours: ours(5), proposals: [first.id, second.id] }
    expect(divergence.add(second)).toEqual(found)
    expect(divergence.found).toEqual(found)
  })

  it('is not proved by a third', () => {
    const divergence = after(5, [1, 1, 1])
    expect(divergence.add(names(0, 5))).toBeUndefined()
    expect(divergence.add(names(1, 5))).toBeDefined()
  })

  it('is a matter of weight, not of number', () => {
    const divergence = after(5, [5, 1, 1, 1])
    for (const author of [1, 2]) expect(divergence.add(names(author, 5))).toBeUndefined()
    expect(divergence.add(names(3, 5))).toBeDefined()
    expect(after(5, [5, 1, 1, 1]).add(names(0, 5))).toBeDefined()
  })

  it('is not proved by one that says it often, nor by two that name commits apart', () => {
    const divergence = after(7)
    for (const which of [1, 2, 3]) expect(divergence.add(names(0, 5, other(5, which)))).toBeUndefined()
    for (const index of [4, 6, 7]) expect(divergence.add(names(1, index))).toBeUndefined()
  })

  it('need not be the same one for all: two others are two that are not ours', () => {
    const divergence = after(5)
    divergence.add(names(0, 5, other(5, 1)))
    expect(divergence.add(names(1, 5, other(5, 2)))?.proposals).toHaveLength(2)
  })

  it('is signed also by who has signed ours besides', () => {
    const divergence = after(4)
    for (const author of [0, 1]) divergence.add(names(author, 4, ours(4)))
    expect(divergence.add(names(0, 4))).toBeUndefined()
    expect(divergence.add(names(1, 4))).toBeDefined()
    const early = after(4)
    for (const author of [0, 1]) early.add(names(author, 5, ours(5)))
    for (const author of [0, 1]) early.add(names(author, 5))
    expect(early.made(5, ours(5))?.proposals).toHaveLength(2)
  })

  it('is found when we have made the commit that was named before, and not by those who named it rightly', () => {
    const divergence = after(4)
    const [first, second] = [names(0, 6), names(1, 6)]
    for (const each of [first, names(2, 6, ours(6)), second, names(3, 6, ours(6))]) divergence.add(each)
    expect(divergence.made(5, ours(5))).toBeUndefined()
    expect(divergence.made(6, ours(6))).toEqual({
      index: 6,
      ours: ours(6),
      proposals: [first.id, second.id],
    })
  })

  it('is said once', () => {
    const divergence = after(4)
    for (const author of [0, 1, 2]) divergence.add(names(author, 6))
    for (const author of [0, 1]) divergence.add(names(author, 4))
    const { found } = divergence
    expect(found?.index).toBe(4)
    expect(divergence.add(names(2, 4))).toBeUndefined()
    expect([divergence.made(5, ours(5)), divergence.made(6, ours(6))]).toEqual([undefined, undefined])
    expect(divergence.found).toBe(found)
  })

  it('is not before the first commit, which none comes before', () => {
    const divergence = after(1)
    for (const author of [0, 1, 2, 3]) expect(divergence.add(names(author, 0))).toBeUndefined()
  })
})

describe('what is remembered', () => {
  it('are so many commits: an older one says nothing, and the oldest of them still does', () => {
    const divergence = after(DIGESTS_MAX + 1)
    for (const author of [0, 1, 2]) expect(divergence.add(names(author, 1))).toBeUndefined()
    divergence.add(names(0, 2))
    expect(divergence.add(names(1, 2))?.index).toBe(2)
  })

  it('is not for ever: one that said otherwise long ago does not count with one that says it now', () => {
    const divergence = after(5)
    divergence.add(names(0, 5))
    for (let index = 6; index <= DIGESTS_MAX + 6; index++) divergence.made(index, ours(index))
    expect(divergence.add(names(1, 5))).toBeUndefined()
  })

  it('has room for a validator that names no end of commits, which hides nothing else that it says', () => {
    const divergence = after(5)
    for (let index = 1e6; index < 1e6 + 3000; index++) divergence.add(names(3, index))
    divergence.add(names(3, 5))
    for (let index = 2e6; index < 2e6 + 3000; index++) divergence.add(names(3, index))
    expect(divergence.add(names(0, 5))).toBeDefined()
  })
})

describe('any run', () => {
  const AUTHORS = 7
  const COMMITS = 8
  /** A commit of ours, or what somebody names: its author, the commit, and whose order that is of. */
  const step = fc.oneof(
    fc.constant('made' as const),
    fc.record({
      author: fc.nat(AUTHORS - 1),
      index: fc.integer({ min: 1, max: COMMITS }),
      which: fc.nat(2),
    }),
  )
  const weightsOf = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: AUTHORS, maxLength: AUTHORS })
  const steps = fc.array(step, { minLength: 40, maxLength: 120 })

  it('of those who weigh a third or less, whatever they sign, proves nothing', () => {
    let lies = 0
    fc.assert(
      fc.property(weightsOf, steps, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6]), (weights, run, drawn) => {
        const committee = committeeOf(weights)
        const faulty = new Set<number>()
        for (const author of drawn)
          if (!committee.isOverAThird(committee.weightOfAll([...faulty, author]))) faulty.add(author)
        const divergence = new Divergence(committee)
        let head = 0
        for (const each of run) {
          if (each === 'made') divergence.made(++head, ours(head))
          else {
            const { author, index, which } = each
            const digest = which > 0 && faulty.has(author) ? other(index, which) : ours(index)
            if (digest !== ours(index)) lies++
            divergence.add(names(author, index, digest))
          }
        }
        expect(divergence.found).toBeUndefined()
      }),
      { seed: 81, numRuns: 300 },
    )
    expect(lies).toBeGreaterThan(1000) // or the property says nothing
  })

  it('proves it at the moment a third is exceeded at one commit, and no sooner', () => {
    let found = 0
    fc.assert(
      fc.property(weightsOf, steps, (weights, run) => {
        const committee = committeeOf(weights)
        const divergence = new Divergence(committee)
        const against = new Map<number, Set<number>>()
        let head = 0
        for (const each of run) {
          if (each === 'made') divergence.made(++head, ours(head))
          else {
            const { author, index, which } = each
            divergence.add(names(author, index, which === 0 ? ours(index) : other(index, which)))
            if (which > 0) against.set(index, (against.get(index) ?? new Set()).add(author))
          }
          const proved = [...against].filter(
            ([index, authors]) =>
              index <= head && 3 * committee.weightOfAll(authors) > weights.reduce((sum, w) => sum + w, 0),
          )
          expect(divergence.found !== undefined).toBe(proved.length > 0)
          if (divergence.found === undefined) continue
          found++
          const authors = divergence.found.proposals.map((id) => Number.parseInt(id, 10))
          expect(divergence.found.ours).toBe(ours(divergence.found.index))
          expect(new Set(authors)).toEqual(against.get(divergence.found.index))
          expect(authors).toHaveLength(new Set(authors).size)
          return
        }
      }),
      { seed: 82, numRuns: 300 },
    )
    expect(found).toBeGreaterThan(100)
  })
})

describe('an engine of one side that meets the other', () => {
  const [A, B, C, D] = [0, 1, 2, 3]
  const left = sideOf([A, C, D], 9, 1)
  const right = sideOf([B, C, D], 9, 2)

  /** An engine that has what the left side has. */
  const onTheLeft = (options: EngineOptions = {}) => {
    const engine = new Engine(FOUR, { windowBlocksMax: 1024, ...options })
    const changes = left.blocks.flatMap((checked) => engine.receive(checked, 'a', NOW_MS))
    return { engine, commits: commitsIn(changes) }
  }
  const give = (engine: Engine, blocks: readonly CheckedBlock[]) =>
    blocks.flatMap((checked) => engine.receive(checked, 'b', NOW_MS))
  const authorOf = (id: BlockId, { blocks }: Side) =>
    KEYS.findIndex((key) => blocks.find((each) => each.id === id)?.block.issuer === key)

  it('says so once, with proof, and makes no commit any more', () => {
    const { engine, commits } = onTheLeft()
    expect(commits.length).toBeGreaterThan(3)
    const { head } = engine
    const changes = give(engine, right.blocks)
    const found = changes.filter(({ type }) => type === 'diverged')
    expect(found).toEqual([{ type: 'diverged', ...engine.diverged }])
    const { index, ours: digest, proposals: proof } = engine.diverged ?? { index: 0, proposals: [] }
    expect(digest).toBe(at(commits, index - 1).digest)
    expect(proof.length).toBeGreaterThan(1)
    expect(new Set(proof.map((id) => authorOf(id, right))).size).toBe(proof.length)
    expect(commitsIn(changes)).toEqual([])
    expect(engine.head).toEqual(head)
  })

  it('finds it in whatever order the blocks come, and both sides do', () => {
    fc.assert(
      fc.property(arrivalKeys, (keys) => {
        const { engine } = onTheLeft()
        give(engine, shuffled(right.blocks, keys))
        expect(engine.diverged).toBeDefined()
        const mixed = new Engine(FOUR, { windowBlocksMax: 1024 })
        const changes = give(mixed, shuffled([...left.blocks, ...right.blocks], keys))
        const at = changes.findIndex(({ type }) => type === 'diverged')
        // who has all from the start may have either order, and stops where it meets the other
        expect(at).toBeGreaterThan(0)
        expect(commitsIn(changes.slice(at))).toEqual([])
      }),
      { seed: 83, numRuns: 40 },
    )
  })

  it('makes the commit that was named otherwise, and none after it, though one block decides many', () => {
    let atOnce = 0
    fc.assert(
      fc.property(graphPlan, fc.integer({ min: 1, max: 4 }), (plan, index) => {
        const blocks = graphOf(plan)
        const whole = new Engine(FOUR, { windowBlocksMax: 1024 })
        const counts = blocks.map((checked) => commitsIn(give(whole, [checked])).length)
        const lies = [A, B, C, D]
          .filter((author) => author !== plan.faulty)
          .slice(0, 2)
          .map((author) =>
            proposal({ author, round: 1, commitIndex: index, commitDigest: other(index), nonce: 1e6 }),
          )
        const engine = new Engine(FOUR, { windowBlocksMax: 1024 })
        const made = commitsIn(give(engine, [...lies, ...blocks]))
        expect(made).toHaveLength(Math.min(index, whole.head.index))
        expect(engine.diverged?.index).toBe(whole.head.index < index ? undefined : index)
        if (counts.some((count) => count > 1)) atOnce++
      }),
      { seed: 84, numRuns: 60 },
    )
    expect(atOnce).toBeGreaterThan(10)
  }, 20_000)

  it('goes on keeping blocks, proposals among them', () => {
    const { engine } = onTheLeft()
    const attached = give(engine, right.blocks).filter(({ type }) => type === 'attached')
    expect(attached).toHaveLength(right.blocks.length)
    const more = sideOf([B, C, D], 200, 2).blocks.slice(right.blocks.length)
    const data = makeBlock({ parents: [at(more, -1).id], issuedAtMs: CREATED_AT_MS + 1e6 })
    const types = new Set(give(engine, [...more, data]).map(({ type }) => type))
    expect([...types]).toEqual(['attached', 'certified'])
    expect(engine.tips(NOW_MS)).toContain(data.id)
    expect(engine.uncommitted().times.length).toBeGreaterThan(more.length)
  })

  it('proposes no more, though it is allowed to again', () => {
    const { engine } = onTheLeft({ own: at(KEYS, A) })
    engine.allowProposals(1)
    const due = give(engine, [makeBlock({ parents: [at(left.blocks, -1).id], issuedAtMs: NOW_MS - 1 })])
    expect(due.map(({ type }) => type)).toContain('propose')
    give(engine, right.blocks)
    engine.proposalFailed(10) // what was being made
    engine.allowProposals(10)
    expect(engine.tick(NOW_MS + 1e6).filter(({ type }) => type === 'propose')).toEqual([])
    expect(engine.wakeAtMs(NOW_MS + 1e6)).toBe(Infinity)
  })

  it('is stopped by no validator that is alone in what it names, and goes on', () => {
    const engine = new Engine(FOUR, { windowBlocksMax: 1024 })
    const { engine: among, blocks: honest } = sideOf([A, B, C], 12, 1)
    const lies = honest
      .filter(({ block }) => block.kind === 'proposal' && block.issuer === KEYS[A])
      .flatMap((_, i) =>
        [1, 2].map((twin) =>
          proposal({
            author: D,
            round: i + 1,
            parents: honest.slice(3 * i - 2, 3 * i + 1).map(({ id }) => id),
            commitIndex: i,
            commitDigest: other(i, twin),
            nonce: twin,
          }),
        ),
      )
    const changes = honest.flatMap((checked, i) => [
      ...give(engine, [checked]),
      ...give(engine, i > 0 && i % 3 === 0 ? lies.slice((2 * i) / 3 - 2, (2 * i) / 3) : []),
    ])
    const attached = changes.filter(({ type }) => type === 'attached')
    expect(attached).toHaveLength(honest.length + lies.length)
    expect(engine.diverged).toBeUndefined()
    expect(engine.head.index).toBeGreaterThan(4)
    expect(engine.head).toEqual(among.head)
  })
})

describe('a node that starts again after that', () => {
  const left = sideOf([0, 2, 3], 9, 1)
  const right = sideOf([1, 2, 3], 9, 2)
  const all = [...left.blocks, ...right.blocks]
  const before = new Engine(FOUR, { windowBlocksMax: 1024 })
  const commits = commitsIn(all.flatMap((checked) => before.receive(checked, 'a', NOW_MS)))

  /** An engine that has looked through all that is stored, and goes on from what was kept. */
  const started = (kept?: KeptState) => {
    const engine = new Engine(FOUR, { windowBlocksMax: 1024, ...(kept && { kept }) })
    for (const checked of [...all].reverse()) engine.witness(checked)
    return engine
  }
  const restored = (engine: Engine, isCommitted: (id: BlockId) => boolean) =>
    engine.restore(
      all.map((checked) => ({
        entry: engine.entryOf(checked),
        isCommitted: isCommitted(checked.id),
        checked,
      })),
      NOW_MS,
    )

  it('finds it again in what is stored, before it has restored a block', () => {
    const engine = started({ head: before.head, unspent: [...before.ledger.unspent()], recent: commits })
    expect(engine.diverged).toMatchObject({ ours: at(commits, (engine.diverged?.index ?? 0) - 1).digest })
    expect(commitsIn(restored(engine, (id) => before.isCommitted(id)))).toEqual([])
    expect(engine.head).toEqual(before.head)
  })

  it('finds it again as it makes the commits that its ledger lost, and stops there', () => {
    const engine = started()
    expect(engine.diverged).toBeUndefined()
    const again = commitsIn(restored(engine, () => false))
    expect(again.length).toBeGreaterThan(0)
    expect(engine.diverged?.index).toBe(again.length)
    expect(again).toEqual(commits.slice(0, again.length))
  })
})
