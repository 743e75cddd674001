import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { encodeProposal } from '../../src/core/codec/proposal.ts'
import type { KeptState, RestoredBlock } from '../../src/core/agreement.ts'
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Change } from '../../src/core/model/change.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { RIPE_AHEAD_MS } from '../../src/core/model/limits.ts'
import type { Commit } from '../../src/core/model/proposal.ts'
import { arrivalKeys, conflicting, graphOf, graphPlan, shuffled } from './make-graphs.ts'
import { FOUR, answer, blocksOf, commitsIn, networkLedBy } from './make-proposals.ts'
import { ALICE, BOB, CREATED_AT_MS, GENESIS, NETWORK, at, makeBlock, makeChain } from './make.ts'

const NOW_MS = CREATED_AT_MS + 1e9

const open = (kept?: KeptState) => new Engine(FOUR, { windowBlocksMax: 1024, ...(kept && { kept }) })

describe('the order', () => {
  /** What an engine commits of a drawing, by name: leader, then its blocks. */
  function story(leaders: string, lines: readonly string[]) {
    const network = networkLedBy(leaders)
    const blocks = blocksOf(lines, network)
    const nameOf = new Map([...blocks].map(([name, { id }]) => [id, name]))
    const engine = new Engine(network, { windowBlocksMax: 1024 })
    const commits = commitsIn([...blocks.values()].flatMap((checked) => engine.receive(checked, 'a', NOW_MS)))
    const named = (id: BlockId) => nameOf.get(id) ?? '?'
    return { commits, named: commits.map(({ leader, blocks: taken }) => [named(leader), taken.map(named)]) }
  }

  it('is read off the proposals: each leader with what no earlier one had', () => {
    const { named } = story('AB', [
      'x',
      'A1: x',
      'BCD1',
      'y: A1',
      'ABCD2: ABCD1 y',
      'ABC3: ABC2',
      'ABC4: ABC3',
    ])
    expect(named).toEqual([
      ['A1', ['x', 'A1']],
      ['B2', ['B1', 'C1', 'D1', 'y', 'B2']],
    ])
  })

  it('takes no link through data for a vote', () => {
    const { named } = story('AB', ['ABCD1', 'x: A1', 'BCD2: BCD1 x', 'BCD3: BCD2', 'BCD4: BCD3'])
    expect(named).toEqual([['B2', ['A1', 'B1', 'C1', 'D1', 'x', 'B2']]])
  })

  it('has commit times that never go back, though a later leader may have an earlier date', () => {
    // B2 was issued before A1, which it does not name
    const { commits, named } = story('AB', [
      'BCD1',
      'B2: BCD1',
      'A1',
      'ACD2: ACD1',
      'ABCD3: ABCD2',
      'ABC4: ABC3',
    ])
    expect(named.map(([leader]) => leader)).toEqual(['A1', 'B2'])
    expect(at(commits, 1).atMs).toBe(at(commits, 0).atMs)
  })

  it('chains its digests from the network id, and counts its commits from 1', () => {
    const { commits } = story('AB', ['ABCD1', 'ABC2: ABC1', 'ABC3: ABC2', 'ABC4: ABC3'])
    expect(commits.map(({ index, round }) => [index, round])).toEqual([
      [1, 1],
      [2, 2],
    ])
  })
})

describe('twins', () => {
  const network = networkLedBy('A')
  const blocks = blocksOf(["ABCD1 D1' D1''", "A2: AB1 D1''"], network)
  const get = (name: string) => blocks.get(name) as CheckedBlock
  const withTwins = () => {
    const engine = new Engine(network, { windowBlocksMax: 1024 })
    for (const name of ['A1', 'B1', 'D1']) engine.receive(get(name), 'a', NOW_MS)
    return engine
  }

  it('are kept and reported with both ids', () => {
    const equivocation = { author: 3, round: 1, blocks: [get('D1').id, get("D1'").id] }
    const changes = withTwins().receive(get("D1'"), 'b', NOW_MS)
    expect(changes).toMatchObject([{ type: 'attached' }, { type: 'equivocation', equivocation }])
  })

  it('are not offered as tips', () => {
    const engine = withTwins()
    expect(engine.tips(NOW_MS)).toContain(get('D1').id)
    engine.receive(get("D1'"), 'b', NOW_MS)
    expect(engine.tips(NOW_MS)).toEqual([get('A1').id, get('B1').id])
  })

  it('beyond the second are dropped, unless a block names them', () => {
    const engine = withTwins()
    engine.receive(get("D1'"), 'b', NOW_MS)
    const third = get("D1''")
    expect(engine.receive(third, 'b', NOW_MS)).toMatchObject([
      { type: 'dropped', dropped: { reason: 'twin', author: 3, round: 1 } },
    ])
    expect(engine.knows(third.id)).toBe(false)
    expect(engine.receive(get('A2'), 'c', NOW_MS)).toMatchObject([
      { type: 'parked' },
      { type: 'missing', ids: [third.id] },
    ])
    const attached = engine.receive(third, 'c', NOW_MS).filter(({ type }) => type === 'attached')
    expect(attached).toMatchObject([{ checked: { id: third.id } }, { checked: { id: get('A2').id } }])
  })
})

/** What a shell keeps of what its engine did. */
class Recorder {
  readonly stored: CheckedBlock[] = []
  readonly commits: Commit[] = []
  readonly #engine: Engine
  readonly #commitOf = new Map<BlockId, number>()
  /** After each block that brought commits. */
  readonly checkpoints: (KeptState & { readonly stored: number; readonly blocksNeeded: number })[] = []

  constructor(engine: Engine, before?: Recorder, stored = 0) {
    this.#engine = engine
    this.stored.push(...(before?.stored.slice(0, stored) ?? []))
  }

  receive(checked: CheckedBlock): void {
    this.take(this.#engine.receive(checked, 'a', NOW_MS))
  }

  /** Stores, keeps and recalls as a shell does. */
  take(changes: readonly Change[]): void {
    for (const change of changes) if (change.type === 'attached') this.stored.push(change.checked)
    const commits = commitsIn(changes)
    this.commits.push(...commits)
    for (const { index, blocks } of commits) for (const id of blocks) this.#commitOf.set(id, index)
    const { head, blocksNeeded, ledger } = this.#engine
    if (commits.length > 0)
      this.checkpoints.push({
        head,
        unspent: [...ledger.unspent()],
        blocksNeeded,
        stored: this.stored.length,
      })
    for (const change of changes) if (change.type === 'missing') this.#recall(change.ids)
  }

  /** The first `stored` blocks as an engine takes them back that has `checkpoint`, no more of them than it needs. */
  restorable(stored: number, checkpoint: Recorder['checkpoints'][number] | undefined): RestoredBlock[] {
    const { head } = checkpoint ?? {}
    const needed = checkpoint ? checkpoint.blocksNeeded + stored - checkpoint.stored : stored
    return this.stored.slice(Math.max(0, stored - needed), stored).map((checked) => {
      const entry = this.#engine.entryOf(checked)
      const isCommitted = (this.#commitOf.get(checked.id) ?? Infinity) <= (head?.index ?? 0)
      const isOpen = entry.slot ? entry.slot.round > (head?.round ?? 0) : !isCommitted
      return { entry, isCommitted, ...(isOpen && { checked }) }
    })
  }

  #recall(ids: readonly BlockId[]): void {
    const found = this.stored.filter(({ id }) => ids.includes(id)).map((each) => this.#engine.entryOf(each))
    if (found.length > 0) this.take(this.#engine.recall(found, NOW_MS))
  }
}

function run(order: readonly CheckedBlock[]): Recorder & { readonly engine: Engine } {
  const engine = open()
  const recorder = Object.assign(new Recorder(engine), { engine })
  for (const checked of order) recorder.receive(checked)
  return recorder
}

describe('agreement among engines', () => {
  it('does not depend on the order of arrival: same blocks, same commits, same digests', () => {
    let commits = 0
    fc.assert(
      fc.property(graphPlan, arrivalKeys, (plan, keys) => {
        const blocks = graphOf(plan)
        const straight = run(blocks)
        const mixed = run(shuffled(blocks, keys))
        expect(straight.stored).toHaveLength(blocks.length)
        expect(new Set(mixed.stored)).toEqual(new Set(straight.stored))
        expect(mixed.commits).toEqual(straight.commits)
        expect(mixed.engine.head).toEqual(straight.engine.head)
        commits += straight.commits.length
      }),
      { seed: 21, numRuns: 60, endOnFailure: true },
    )
    expect(commits).toBeGreaterThan(300) // or the property says nothing
  }, 20_000)

  it('holds for who knows only a part: what it commits is how the whole begins', () => {
    fc.assert(
      fc.property(graphPlan, arrivalKeys, fc.nat(1000), (plan, keys, size) => {
        const blocks = graphOf(plan)
        const whole = run(blocks).commits
        const part = run(shuffled(blocks, keys).slice(0, size % blocks.length)).commits
        expect(whole.slice(0, part.length)).toEqual(part)
      }),
      { seed: 22, numRuns: 60, endOnFailure: true },
    )
  }, 20_000)

  it('holds for an engine that was stopped anywhere and goes on from what was kept, however old', () => {
    let withCommits = 0
    fc.assert(
      fc.property(graphPlan, arrivalKeys, fc.nat(1000), fc.nat(3), (plan, keys, cut, lag) => {
        const order = shuffled(graphOf(plan), keys, 12)
        const whole = run(order)
        const stored = cut % (whole.stored.length + 1)
        const kept = whole.checkpoints.filter((checkpoint) => checkpoint.stored <= stored).at(-1 - lag)
        const engine = open(kept)
        const recorder = new Recorder(engine, whole, stored)
        recorder.take(engine.restore(whole.restorable(stored, kept), NOW_MS))
        for (const checked of whole.stored.slice(stored)) recorder.receive(checked)
        const index = kept?.head.index ?? 0
        if (index > 0) withCommits++
        expect(recorder.commits).toEqual(whole.commits.slice(index))
        expect(engine.head).toEqual(whole.engine.head)
      }),
      { seed: 23, numRuns: 80, endOnFailure: true },
    )
    expect(withCommits).toBeGreaterThan(20)
  }, 20_000)
})

describe('a network of one', () => {
  const alone = (params: Partial<typeof GENESIS> = {}) => {
    const engine = new Engine(networkOf({ ...GENESIS, ...params }), { own: ALICE, windowBlocksMax: 1024 })
    engine.allowProposals(1)
    return engine
  }
  const receive = (engine: Engine, checked: CheckedBlock, nowMs = NOW_MS) =>
    answer(engine, engine.receive(checked, 'a', nowMs), nowMs)

  it('commits data by three proposals of its own, and is silent then', () => {
    const engine = alone()
    const data = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    const changes = receive(engine, data)
    expect(changes.filter(({ type }) => type === 'propose')).toHaveLength(3)
    const [commit, ...others] = commitsIn(changes)
    expect(others).toEqual([])
    expect(commit).toMatchObject({ index: 1, round: 1, executed: [] })
    expect(commit?.blocks).toEqual([data.id, commit?.leader])
    expect(engine.isCommitted(data.id)).toBe(true)
    expect(engine.head.digest).toBe(commit?.digest)
    expect(answer(engine, engine.tick(NOW_MS + 1e9), NOW_MS + 1e9)).toEqual([])
    expect(engine.wakeAtMs(NOW_MS)).toBe(Infinity)
  })

  it('opens for data each dataRoundMs, at the moment it names', () => {
    const engine = alone()
    receive(engine, makeBlock({ issuedAtMs: CREATED_AT_MS + 1 }))
    expect(commitsIn(receive(engine, makeBlock({ issuedAtMs: CREATED_AT_MS + 2 }), NOW_MS + 5))).toEqual([])
    const wakeAtMs = engine.wakeAtMs(NOW_MS + 5)
    expect(wakeAtMs).toBe(NOW_MS + GENESIS.dataRoundMs)
    expect(engine.tick(wakeAtMs - 1)).toEqual([])
    expect(commitsIn(answer(engine, engine.tick(wakeAtMs), wakeAtMs))).toHaveLength(3)
  })

  it('applies a payment by three proposals, and rejects another of the same money', () => {
    const engine = alone()
    const [first, second] = [1, 2].map((nonce) =>
      conflicting([NETWORK.id], CREATED_AT_MS + nonce, nonce, NETWORK),
    )
    const [applied] = commitsIn(receive(engine, first as CheckedBlock))
    expect(applied?.executed).toMatchObject([{ block: first?.id, verdict: { type: 'applied' } }])
    // it finishes at once, and opens no sooner than anybody else
    expect(commitsIn(receive(engine, second as CheckedBlock))).toEqual([])
    const wakeAtMs = engine.wakeAtMs(NOW_MS)
    expect(wakeAtMs).toBe(NOW_MS + GENESIS.minRoundMs)
    const rejected = commitsIn(answer(engine, engine.tick(wakeAtMs), wakeAtMs)).flatMap(
      ({ executed }) => executed,
    )
    expect(rejected).toMatchObject([
      { block: second?.id, verdict: { type: 'rejected', reason: 'spent-input' } },
    ])
  })

  it('certifies a commit by its next proposals', () => {
    const engine = alone()
    receive(engine, makeBlock({ issuedAtMs: CREATED_AT_MS + 1 }))
    const { index, digest } = engine.head
    const changes = receive(engine, makeBlock({ issuedAtMs: CREATED_AT_MS + 2 }), NOW_MS + 1e6)
    expect(changes).toContainEqual({ type: 'certified', index, digest })
  })

  it('proposes nothing before it may, nor where the key is no validator', () => {
    const stranger = new Engine(NETWORK, { own: BOB, windowBlocksMax: 1024 })
    stranger.allowProposals(1)
    const waiting = new Engine(NETWORK, { own: ALICE, windowBlocksMax: 1024 })
    const data = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    for (const engine of [stranger, waiting])
      expect(engine.receive(data, 'a', NOW_MS).map(({ type }) => type)).toEqual(['attached'])
    waiting.allowProposals(1)
    expect(waiting.tick(NOW_MS).map(({ type }) => type)).toEqual(['propose'])
    waiting.stopProposals()
    expect(waiting.wakeAtMs(NOW_MS)).toBe(Infinity)
  })

  it('asks for no round twice, though it is stopped and allowed again while the first is made', () => {
    const engine = new Engine(NETWORK, { own: ALICE, windowBlocksMax: 1024 })
    engine.allowProposals(1)
    const changes = engine.receive(makeBlock({ issuedAtMs: CREATED_AT_MS + 1 }), 'a', NOW_MS)
    expect(changes.map(({ type }) => type)).toEqual(['attached', 'propose'])
    engine.stopProposals()
    engine.allowProposals(1)
    expect(engine.tick(NOW_MS + 1e6)).toEqual([])
    expect(commitsIn(answer(engine, changes, NOW_MS + 1e6))).toHaveLength(1)
  })

  it('takes no more data where too much is not committed, and all of it again once commits go on', () => {
    const engine = new Engine(NETWORK, { own: ALICE, windowBlocksMax: 1024 })
    const chain = makeChain(5000)
    const dropped = chain.findIndex((checked) =>
      engine.receive(checked, 'a', NOW_MS).some(({ type }) => type === 'dropped'),
    )
    expect(dropped).toBe(engine.graph.slotsMax - engine.graph.slotsMax / 16)
    expect(engine.receive(at(chain, dropped), 'a', NOW_MS)).toMatchObject([
      { type: 'dropped', dropped: { reason: 'too-much-uncommitted' } },
    ])
    expect(engine.graph.has(at(chain, 0).id)).toBe(true) // nothing has left
    engine.allowProposals(1)
    expect(commitsIn(answer(engine, engine.tick(NOW_MS), NOW_MS))).toHaveLength(1)
    for (const checked of chain.slice(dropped))
      expect(engine.receive(checked, 'a', NOW_MS)[0]?.type).toBe('attached')
  })

  it('recalls nothing into a window that is full of what may not leave, and goes on when there is room', () => {
    const engine = new Engine(NETWORK, { own: ALICE, windowBlocksMax: 1024 })
    const chain = makeChain(engine.graph.slotsMax)
    for (const checked of chain) engine.graph.add(engine.entryOf(checked))
    const old = makeBlock({ issuedAtMs: CREATED_AT_MS + 1, nonce: 9 })
    expect(engine.recall([engine.entryOf(old)], NOW_MS)).toEqual([])
    expect(engine.graph.has(old.id)).toBe(false)
  })
})

describe('a clock that was a day ahead and is set right', () => {
  const DAY_MS = 86_400_000

  /** A payment that only a block dated a day ahead names, in an engine whose validator is ALICE where it may propose. */
  const setRight = (mayPropose: boolean) => {
    const engine = new Engine(networkOf(GENESIS), { own: ALICE, windowBlocksMax: 1024 })
    const payment = conflicting([NETWORK.id], CREATED_AT_MS + 1, 1, NETWORK)
    const dated = makeBlock({ parents: [payment.id], issuedAtMs: NOW_MS + DAY_MS })
    engine.receive(payment, undefined, NOW_MS)
    engine.receive(dated, undefined, NOW_MS + DAY_MS)
    if (mayPropose) engine.allowProposals(1)
    return { engine, payment, dated }
  }

  it('hides nothing: what only unripe blocks name is a tip', () => {
    const { engine, payment, dated } = setRight(false)
    expect(engine.tips(NOW_MS)).toEqual([payment.id])
    expect(engine.tips(NOW_MS + DAY_MS)).toEqual([dated.id])
  })

  it('commits what is ripe, and makes no end of proposals for what is not', () => {
    const { engine, payment, dated } = setRight(true)
    const changes = answer(engine, engine.tick(NOW_MS), NOW_MS)
    expect(commitsIn(changes).flatMap(({ blocks }) => blocks)).toContain(payment.id)
    expect(answer(engine, engine.tick(NOW_MS + 1000), NOW_MS + 1000)).toEqual([])
    expect(engine.wakeAtMs(NOW_MS + 1000)).toBe(Infinity)
    expect(engine.isCommitted(dated.id)).toBe(false)
    const laterMs = NOW_MS + DAY_MS
    expect(
      commitsIn(answer(engine, engine.tick(laterMs), laterMs)).flatMap(({ blocks }) => blocks),
    ).toContain(dated.id)
  })

  it('in the middle of a round says when its proposals are ripe, and not that it is now', () => {
    const engine = new Engine(networkOf(GENESIS), { own: ALICE, windowBlocksMax: 1024 })
    engine.allowProposals(1)
    const aheadMs = NOW_MS + DAY_MS
    const [planned] = engine.receive(makeBlock({ issuedAtMs: CREATED_AT_MS + 1 }), 'a', aheadMs).slice(-1)
    if (planned?.type !== 'propose') throw new Error('a proposal is due')
    const { payload, ...place } = planned.plan
    const first = makeBlock({ ...place, kind: 'proposal', issuer: ALICE, payload: encodeProposal(payload) })
    engine.receive(first, undefined, aheadMs)
    engine.proposalFailed(2) // the shell was stopped while it made the next
    expect(engine.tick(NOW_MS).filter(({ type }) => type === 'propose')).toEqual([])
    const ripeAtMs = first.block.issuedAtMs - RIPE_AHEAD_MS
    expect(engine.wakeAtMs(NOW_MS)).toBe(ripeAtMs)
    expect(engine.tick(ripeAtMs).map(({ type }) => type)).toEqual(['propose'])
  })
})
