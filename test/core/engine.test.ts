import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identify } from '../../src/core/check/isolation.ts'
import { encodeBlock } from '../../src/core/codec/block.ts'
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Change } from '../../src/core/model/change.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { AHEAD_MS_MAX, PARKED_PER_PEER_MAX, RIPE_AHEAD_MS } from '../../src/core/model/limits.ts'
import { proposal } from './make-proposals.ts'
import { CREATED_AT_MS, NETWORK, NETWORK_KEY, at, idOf, makeBlock, makeChain } from './make.ts'

const NOW_MS = CREATED_AT_MS + 1_000_000

const open = () => new Engine(NETWORK, { windowBlocksMax: 1024 })
const entryOf = (checked: CheckedBlock) => open().entryOf(checked)
/** A block of the store that no commit has. */
const restorable = (checked: CheckedBlock) => ({ entry: entryOf(checked), isCommitted: false, checked })
const attachedIn = (changes: readonly Change[]) =>
  changes.flatMap((change) => (change.type === 'attached' ? [change.checked.id] : []))
const typesOf = (changes: readonly Change[]) => changes.map(({ type }) => type)

describe('a block that comes in', () => {
  it('is attached where its parents are, and becomes a tip', () => {
    const engine = open()
    const [first, second] = makeChain(2) as [CheckedBlock, CheckedBlock]
    expect(engine.receive(first, 'a', NOW_MS)).toEqual([{ type: 'attached', checked: first, from: 'a' }])
    expect(engine.tips(NOW_MS)).toEqual([first.id])
    expect(engine.receive(second, undefined, NOW_MS)).toEqual([
      { type: 'attached', checked: second, from: undefined },
    ])
    expect(engine.tips(NOW_MS)).toEqual([second.id])
  })

  it('is dropped without a word where it is known: attached, parked or invalid', () => {
    const engine = open()
    const [first, second] = makeChain(2) as [CheckedBlock, CheckedBlock]
    const bad = makeBlock({ issuedAtMs: CREATED_AT_MS, nonce: 1 })
    engine.receive(second, 'a', NOW_MS)
    engine.receive(bad, 'a', NOW_MS)
    for (const known of [second, bad]) {
      expect(engine.knows(known.id)).toBe(true)
      expect(engine.receive(known, 'b', NOW_MS)).toEqual([])
    }
    engine.receive(first, 'a', NOW_MS)
    expect(engine.receive(first, 'b', NOW_MS)).toEqual([])
    expect(engine.knows(NETWORK.id)).toBe(true)
    expect(engine.knows(idOf(1))).toBe(false)
  })
})

describe('a block whose parents are not there', () => {
  const [first, second, third] = makeChain(3) as [CheckedBlock, CheckedBlock, CheckedBlock]

  it('waits, names them once, and follows them in', () => {
    const engine = open()
    const waiting = { reason: 'missing-parents', parents: [second.id] }
    expect(engine.receive(third, 'a', NOW_MS)).toEqual([
      { type: 'parked', id: third.id, waiting, from: 'a' },
      { type: 'missing', ids: [second.id], from: 'a' },
    ])
    expect(typesOf(engine.receive(second, 'b', NOW_MS))).toEqual(['parked', 'missing'])
    expect(engine.receive(first, 'c', NOW_MS)).toEqual([
      { type: 'attached', checked: first, from: 'c' },
      { type: 'attached', checked: second, from: 'b' },
      { type: 'attached', checked: third, from: 'a' },
    ])
    expect(engine.parked).toBe(0)
  })

  it('does not ask for a parent that is parked itself', () => {
    const engine = open()
    engine.receive(second, 'a', NOW_MS)
    expect(typesOf(engine.receive(third, 'b', NOW_MS))).toEqual(['parked'])
  })

  it('asks again at every tick for what is still missing, of whoever named it', () => {
    const engine = open()
    engine.receive(second, 'a', NOW_MS)
    engine.receive(third, 'b', NOW_MS)
    const other = makeBlock({ parents: [idOf(7)], issuedAtMs: NOW_MS })
    engine.receive(other, 'b', NOW_MS)
    expect(engine.tick(NOW_MS)).toEqual([
      { type: 'missing', ids: [first.id], from: 'a' },
      { type: 'missing', ids: [idOf(7)], from: 'b' },
    ])
    engine.receive(first, 'a', NOW_MS)
    expect(engine.tick(NOW_MS)).toEqual([{ type: 'missing', ids: [idOf(7)], from: 'b' }])
  })
})

describe('the order of arrival', () => {
  interface Plan {
    /** For each block: how many blocks back its parents are, and how long after the newest it was issued. */
    readonly blocks: readonly {
      readonly back: readonly number[]
      readonly laterMs: number
      readonly kind: 'data' | 'bad'
    }[]
    readonly keys: readonly number[]
    readonly ticks: readonly boolean[]
  }

  const SIZE = 24

  const plan: fc.Arbitrary<Plan> = fc.record({
    blocks: fc.array(
      fc.record({
        back: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
        laterMs: fc.integer({ min: 0, max: 4000 }),
        kind: fc.constantFrom('data', 'data', 'data', 'data', 'data', 'data', 'data', 'bad'),
      }),
      { minLength: 1, maxLength: SIZE },
    ),
    keys: fc.array(fc.double({ noNaN: true }), { minLength: SIZE, maxLength: SIZE }),
    ticks: fc.array(fc.boolean(), { minLength: SIZE, maxLength: SIZE }),
  })

  function build({ blocks }: Plan): CheckedBlock[] {
    const made: CheckedBlock[] = []
    let newestMs = CREATED_AT_MS
    for (const [index, { back, laterMs, kind }] of blocks.entries()) {
      const parents = new Set(back.map((steps) => made[index - steps]?.id ?? NETWORK.id))
      newestMs += laterMs // 0 makes a block no later than its parent: invalid, and its children with it
      const payload = kind === 'bad' ? { payload: new Uint8Array() } : {}
      made.push(makeBlock({ parents: [...parents], issuedAtMs: newestMs, nonce: index, ...payload }))
    }
    return made
  }

  /** Feeds `order`, time passing by a second between blocks and a tick where `ticks` says, then lets all ripen. */
  function run(order: readonly CheckedBlock[], ticks: readonly boolean[]) {
    const engine = open()
    const attached: BlockId[] = []
    const invalid: BlockId[] = []
    const note = (changes: readonly Change[]) => {
      for (const change of changes) {
        if (change.type === 'attached') attached.push(change.checked.id)
        if (change.type === 'invalid') invalid.push(change.verdict.id)
      }
    }
    let nowMs = CREATED_AT_MS
    for (const [index, checked] of order.entries()) {
      nowMs += 1000
      note(engine.receive(checked, `peer ${index % 3}`, nowMs))
      if (ticks[index]) note(engine.tick(nowMs))
    }
    for (const endMs = CREATED_AT_MS + SIZE * 4000; nowMs <= endMs; nowMs += 20_000) note(engine.tick(nowMs))
    note(engine.tick(nowMs))
    const rest = engine.parked
    return { attached, invalid: new Set(invalid), tips: new Set(engine.tips(nowMs)), rest }
  }

  it('makes no difference: same blocks, same tips, same verdicts, and no block before its parents', () => {
    fc.assert(
      fc.property(plan, (chosen) => {
        const made = build(chosen)
        const shuffled = made
          .map((checked, index) => ({ checked, key: chosen.keys[index] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ checked }) => checked)
        const straight = run(made, [])
        const mixed = run(shuffled, chosen.ticks)
        expect(mixed.attached.toSorted()).toEqual(straight.attached.toSorted())
        expect(mixed.invalid).toEqual(straight.invalid)
        expect(mixed.tips).toEqual(straight.tips)
        expect([straight.rest, mixed.rest]).toEqual([0, 0])
        expect(new Set(mixed.attached).size).toBe(mixed.attached.length)
        const place = new Map(mixed.attached.map((id, index) => [id, index]))
        for (const { id, block } of made.filter((checked) => place.has(checked.id)))
          for (const parent of block.parents)
            if (parent !== NETWORK.id) expect(place.get(parent)).toBeLessThan(place.get(id) ?? -1)
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it('makes no difference to a whole buffer of blocks that come youngest first', () => {
    const engine = open()
    const chain = makeChain(PARKED_PER_PEER_MAX + 1)
    const changes = chain.toReversed().flatMap((checked) => engine.receive(checked, 'a', NOW_MS))
    expect(attachedIn(changes)).toEqual(chain.map(({ id }) => id))
  })
})

describe('time', () => {
  it('a block up to 5 s ahead is ripe', () => {
    const ripe = makeBlock({ issuedAtMs: NOW_MS + RIPE_AHEAD_MS })
    expect(typesOf(open().receive(ripe, 'a', NOW_MS))).toEqual(['attached'])
  })

  it('an unripe block waits, ripens to the millisecond, and lets its children in', () => {
    const engine = open()
    const early = makeBlock({ issuedAtMs: NOW_MS + RIPE_AHEAD_MS + 100 })
    const child = makeBlock({ parents: [early.id], issuedAtMs: NOW_MS + RIPE_AHEAD_MS + 101 })
    const waiting = { reason: 'unripe', ripeAtMs: NOW_MS + 100 }
    expect(engine.receive(early, 'a', NOW_MS)).toEqual([{ type: 'parked', id: early.id, waiting, from: 'a' }])
    expect(typesOf(engine.receive(child, 'a', NOW_MS))).toEqual(['parked'])
    expect(engine.tips(NOW_MS)).toEqual([])
    expect(engine.tick(NOW_MS + 99)).toEqual([])
    expect(typesOf(engine.tick(NOW_MS + 100))).toEqual(['attached', 'parked'])
    expect(attachedIn(engine.tick(NOW_MS + 101))).toEqual([child.id])
  })

  it('120 s ahead a block is parked, further it is dropped and may be sent again', () => {
    const engine = open()
    const far = makeBlock({ issuedAtMs: NOW_MS + AHEAD_MS_MAX + 1 })
    const edge = makeBlock({ issuedAtMs: NOW_MS + AHEAD_MS_MAX })
    expect(typesOf(engine.receive(edge, 'a', NOW_MS))).toEqual(['parked'])
    const dropped = { reason: 'too-far-ahead', aheadMs: AHEAD_MS_MAX + 1, limitMs: AHEAD_MS_MAX }
    expect(engine.receive(far, 'a', NOW_MS)).toEqual([{ type: 'dropped', id: far.id, dropped, from: 'a' }])
    expect(engine.knows(far.id)).toBe(false)
    expect(typesOf(engine.receive(far, 'a', NOW_MS + AHEAD_MS_MAX))).toEqual(['attached'])
  })

  it('has no lower bound: a block made offline long ago is taken', () => {
    const old = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    expect(typesOf(open().receive(old, 'a', CREATED_AT_MS + 10 * 365 * 86_400_000))).toEqual(['attached'])
  })
})

describe('an invalid block', () => {
  const bad = makeBlock({ issuedAtMs: CREATED_AT_MS, nonce: 2 })
  const child = makeBlock({ parents: [bad.id], issuedAtMs: CREATED_AT_MS + 5 })
  const grandchild = makeBlock({ parents: [child.id], issuedAtMs: CREATED_AT_MS + 6 })

  it('is not later than its parent, the genesis included', () => {
    expect(open().receive(bad, 'a', NOW_MS)).toEqual([
      {
        type: 'invalid',
        from: 'a',
        verdict: {
          type: 'invalid',
          id: bad.id,
          reason: 'not-after-parent',
          parent: NETWORK.id,
          issuedAtMs: CREATED_AT_MS,
          parentIssuedAtMs: CREATED_AT_MS,
        },
      },
    ])
  })

  it('takes the children with it that waited', () => {
    const engine = open()
    engine.receive(grandchild, 'a', NOW_MS)
    engine.receive(child, 'b', NOW_MS)
    const verdicts = engine
      .receive(bad, 'c', NOW_MS)
      .map((change) => change.type === 'invalid' && change.verdict)
    expect(verdicts).toMatchObject([
      { id: bad.id, reason: 'not-after-parent' },
      { id: child.id, reason: 'invalid-parent', parent: bad.id },
      { id: grandchild.id, reason: 'invalid-parent', parent: child.id },
    ])
    expect(engine.parked).toBe(0)
    expect(engine.tips(NOW_MS)).toEqual([])
  })

  it('takes the children with it that come later, without asking for anything', () => {
    const engine = open()
    engine.receive(bad, 'a', NOW_MS)
    const late = makeBlock({ parents: [bad.id, idOf(9)], issuedAtMs: CREATED_AT_MS + 7 })
    expect(typesOf(engine.receive(late, 'a', NOW_MS))).toEqual(['invalid'])
  })

  it('may be so by its payload alone, before its parents are known', () => {
    const empty = makeBlock({ parents: [idOf(9)], issuedAtMs: NOW_MS, payload: new Uint8Array() })
    expect(open().receive(empty, 'a', NOW_MS)).toMatchObject([
      { type: 'invalid', verdict: { reason: 'payload', fault: { reason: 'truncated' } } },
    ])
  })
})

describe('a cycle', () => {
  it('cannot be built: a block that names its own child has another id than the child names', () => {
    const first = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    const second = makeBlock({ parents: [first.id], issuedAtMs: CREATED_AT_MS + 2 })
    const forged = encodeBlock({ ...first.block, parents: [second.id] })
    const found = identify(forged, NETWORK_KEY)
    expect(found).toHaveProperty('id')
    expect(found).not.toHaveProperty('id', first.id)
  })

  it('could not be attached even if two ids met: one of the two is not after the other', () => {
    const sample = makeBlock({ issuedAtMs: NOW_MS }).block
    const forge = (id: BlockId, parent: BlockId, issuedAtMs: number): CheckedBlock => ({
      id,
      block: { ...sample, parents: [parent], issuedAtMs },
      bytes: new Uint8Array(),
    })
    const engine = open()
    engine.receive(forge(idOf(1), idOf(2), NOW_MS), 'a', NOW_MS)
    const changes = engine.receive(forge(idOf(2), idOf(1), NOW_MS + 1), 'a', NOW_MS)
    expect(attachedIn([...changes, ...engine.tick(NOW_MS)])).toEqual([])
    expect(engine.graph.size).toBe(0)
  })
})

describe('a transaction or a proposal', () => {
  it('is taken like data, and its children with it', () => {
    const engine = open()
    const first = proposal({ network: NETWORK, author: 0, round: 1, issuedAtMs: CREATED_AT_MS + 1 })
    const child = makeBlock({ parents: [first.id], issuedAtMs: CREATED_AT_MS + 2 })
    expect(typesOf(engine.receive(child, 'b', NOW_MS))).toEqual(['parked', 'missing'])
    expect(attachedIn(engine.receive(first, 'a', NOW_MS))).toEqual([first.id, child.id])
    expect(engine.tips(NOW_MS)).toEqual([child.id])
  })

  it.each(['transaction', 'proposal'] as const)('that does not decode is invalid: %s', (kind) => {
    const engine = open()
    const wrong = makeBlock({ kind, issuedAtMs: CREATED_AT_MS + 1 })
    const child = makeBlock({ parents: [wrong.id], issuedAtMs: CREATED_AT_MS + 2 })
    expect(engine.receive(wrong, 'a', NOW_MS)).toMatchObject([
      { type: 'invalid', verdict: { id: wrong.id, reason: 'payload' } },
    ])
    expect(typesOf(engine.receive(child, 'b', NOW_MS))).toEqual(['invalid'])
    expect(engine.tips(NOW_MS)).toEqual([])
  })
})

describe('a flood of unsolid blocks', () => {
  it('drops blocks of the peer that sends it and leaves those of others alone', () => {
    const engine = open()
    const [first, second] = makeChain(2) as [CheckedBlock, CheckedBlock]
    engine.receive(second, 'honest', NOW_MS)
    let dropped = 0
    for (let i = 0; i < 3 * PARKED_PER_PEER_MAX; i++) {
      const flood = makeBlock({ parents: [idOf(i)], issuedAtMs: CREATED_AT_MS + 10 + i })
      for (const change of engine.receive(flood, 'flood', NOW_MS))
        if (change.type === 'dropped') {
          dropped++
          expect(change).toMatchObject({ from: 'flood', dropped: { reason: 'buffer-full' } })
        }
    }
    expect(dropped).toBe(2 * PARKED_PER_PEER_MAX)
    expect(engine.parked).toBe(PARKED_PER_PEER_MAX + 1)
    expect(attachedIn(engine.receive(first, 'honest', NOW_MS))).toEqual([first.id, second.id])
  })
})

describe('recall', () => {
  /** A chain longer than the window, committed by three proposals, and a block above them: its first has left. */
  const chain = makeChain(1025)
  for (const round of [1, 2, 3]) {
    const issuedAtMs = CREATED_AT_MS + 2000 + round
    chain.push(proposal({ network: NETWORK, author: 0, round, parents: [at(chain, -1).id], issuedAtMs }))
  }
  chain.push(makeBlock({ parents: [at(chain, -1).id], issuedAtMs: CREATED_AT_MS + 3000 }))
  const gone = at(chain, 0)
  const newest = at(chain, -1)

  function filled(): Engine {
    const engine = open()
    for (const checked of chain) engine.receive(checked, 'a', NOW_MS)
    return engine
  }

  it('brings back a block that left the window, and lets in what waited for it', () => {
    const engine = filled()
    expect(engine.graph.has(gone.id)).toBe(false)
    const late = makeBlock({ parents: [gone.id, newest.id], issuedAtMs: NOW_MS })
    expect(engine.receive(late, 'b', NOW_MS)).toContainEqual({ type: 'missing', ids: [gone.id], from: 'b' })
    expect(engine.recall([entryOf(gone)], NOW_MS)).toEqual([{ type: 'attached', checked: late, from: 'b' }])
    expect(engine.tips(NOW_MS)).toEqual([late.id])
  })

  it('makes no tip of an old block when the block that named it turns out invalid', () => {
    const engine = filled()
    const wrong = makeBlock({ parents: [gone.id, newest.id], issuedAtMs: newest.block.issuedAtMs })
    engine.receive(wrong, 'b', NOW_MS)
    expect(typesOf(engine.recall([entryOf(gone)], NOW_MS))).toEqual(['invalid'])
    expect(engine.tips(NOW_MS)).toEqual([newest.id])
  })

  it('makes no tip of any of several old blocks that one block waits for', () => {
    const engine = filled()
    engine.receive(makeBlock({ issuedAtMs: NOW_MS - 100 }), 'a', NOW_MS)
    const [first, second] = [at(chain, 0), at(chain, 1)]
    const wrong = makeBlock({ parents: [first.id, second.id], issuedAtMs: second.block.issuedAtMs })
    engine.receive(wrong, 'b', NOW_MS)
    const before = engine.tips(NOW_MS)
    expect(typesOf(engine.recall([entryOf(first), entryOf(second)], NOW_MS))).toEqual(['invalid'])
    expect(engine.tips(NOW_MS)).toEqual(before)
  })

  it('makes no tip of an old block that nothing waits for, such as one a peer names as its tip', () => {
    const engine = filled()
    expect(engine.recall([entryOf(gone)], NOW_MS)).toEqual([])
    expect(engine.graph.has(gone.id)).toBe(true)
    expect(engine.tips(NOW_MS)).toEqual([newest.id])
  })

  it('takes an entry that comes twice, or is there already, once', () => {
    const engine = open()
    engine.receive(at(chain, 0), 'a', NOW_MS)
    const entries = [at(chain, 0), at(chain, 1), at(chain, 1)].map(entryOf)
    expect(engine.recall(entries, NOW_MS)).toEqual([])
    expect(engine.graph.size).toBe(2)
    expect(engine.restore([at(chain, 0), at(chain, 1)].map(restorable), NOW_MS)).toEqual([])
    expect(engine.graph.size).toBe(2)
  })

  it('rebuilds the graph at start from headers in the order they were stored', () => {
    const engine = open()
    const headers = chain.slice(0, 1000)
    expect(engine.restore(headers.map(restorable), NOW_MS)).toEqual([])
    expect(engine.tips(NOW_MS)).toEqual([at(headers, -1).id])
    expect(typesOf(engine.receive(at(chain, 1000), 'a', NOW_MS))).toEqual(['attached'])
  })
})

describe('the place of a block of our own', () => {
  it('is above the genesis where there is nothing else', () => {
    expect(open().place(NOW_MS, () => 0)).toEqual({ parents: [NETWORK.id], issuedAtMs: NOW_MS })
    expect(open().place(CREATED_AT_MS - 50, () => 0).issuedAtMs).toBe(CREATED_AT_MS + 1)
  })

  it('is above the tips, and a millisecond later than the newest where our clock is behind', () => {
    const engine = open()
    const one = makeBlock({ issuedAtMs: NOW_MS + 10 })
    const two = makeBlock({ issuedAtMs: NOW_MS + 20 })
    for (const checked of [one, two]) engine.receive(checked, 'a', NOW_MS)
    const parents = [one.id, two.id].sort()
    expect(engine.place(NOW_MS, () => 0)).toEqual({ parents, issuedAtMs: NOW_MS + 21 })
    expect(engine.place(NOW_MS + 500, () => 0)).toEqual({ parents, issuedAtMs: NOW_MS + 500 })
  })

  it('is never above a tip that is no longer ripe because our clock was set back', () => {
    const engine = open()
    const tip = makeBlock({ issuedAtMs: NOW_MS })
    engine.receive(tip, 'a', NOW_MS)
    expect(engine.place(NOW_MS - RIPE_AHEAD_MS - 1, () => 0).parents).toEqual([NETWORK.id])
  })
})
