import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PublicKey } from '../../src/core/model/id.ts'
import {
  FairQueue,
  QUEUED_BYTES_MAX,
  QUEUED_BYTES_PER_PEER_MAX,
  QUEUED_MAX,
  QUEUED_PER_PEER_MAX,
  type Claim,
} from '../../src/node/fair-queue.ts'

interface Named extends Claim {
  readonly name: string
}

const keyOf = (issuer: string) => issuer as PublicKey
const claim = (from: string, issuer: string, name: string, bytes = 400, cost = 1): Named => ({
  from,
  issuer: keyOf(issuer),
  bytes,
  cost,
  name,
})

function drain(queue: FairQueue<Named>, count = Infinity): string[] {
  const names: string[] = []
  for (let i = 0; i < count; i++) {
    const next = queue.next()
    if (next === undefined) break
    names.push(next.name)
  }
  return names
}

describe('The queue ahead of verification', () => {
  it('serves peers in turn, however much one of them sends', () => {
    const queue = new FairQueue<Named>()
    for (let i = 0; i < 100; i++) queue.add(claim('flooder', `nobody ${i}`, `flood ${i}`))
    for (const name of ['a', 'b', 'c']) queue.add(claim('friend', 'alice', name))
    expect(drain(queue, 6)).toEqual(['flood 0', 'a', 'flood 1', 'b', 'flood 2', 'c'])
    expect(queue.count).toBe(97)
  })

  it('serves the issuers that one peer names in turn, and keeps the order of each', () => {
    const queue = new FairQueue<Named>()
    for (let i = 0; i < 50; i++) queue.add(claim('relaying', 'spammer', `spam ${i}`))
    for (const name of ['a', 'b']) queue.add(claim('relaying', 'alice', name))
    expect(drain(queue, 5)).toEqual(['spam 0', 'a', 'spam 1', 'b', 'spam 2'])
  })

  it('goes by what turns cost: one dear block of a peer is worth many cheap ones of another', () => {
    const queue = new FairQueue<Named>()
    for (let i = 0; i < 3; i++) queue.add(claim('dear', 'mallory', `dear ${i}`, 400, 10))
    for (let i = 0; i < 30; i++) queue.add(claim('cheap', 'alice', `${i}`))
    expect(drain(queue, 13).filter((name) => name.startsWith('dear'))).toEqual(['dear 0', 'dear 1'])
  })

  it('clears nobody’s account for having nothing in line for a moment', () => {
    const queue = new FairQueue<Named>()
    for (let i = 0; i < 40; i++) queue.add(claim('cheap', 'alice', 'cheap'))
    const served: string[] = []
    for (let i = 0; i < 40; i++) {
      // its next block comes when the one before has had its turn
      if (i === 0 || served.at(-1) === 'dear') queue.add(claim('dear', 'mallory', 'dear', 400, 10))
      served.push(...drain(queue, 1))
    }
    expect(served.filter((name) => name === 'dear')).toHaveLength(4)
  })

  it('gives a peer that was away no more than its turn', () => {
    const queue = new FairQueue<Named>()
    for (let i = 0; i < 20; i++) queue.add(claim('steady', 'alice', `steady ${i}`))
    drain(queue, 10)
    for (let i = 0; i < 5; i++) queue.add(claim('late', 'bob', `late ${i}`))
    expect(drain(queue, 4)).toEqual(['late 0', 'steady 10', 'late 1', 'steady 11'])
    expect(queue.count).toBe(11)
  })

  it('lets go of the newest of whoever holds most where one peer sends too much', () => {
    const queue = new FairQueue<Named>()
    const gone: string[] = []
    const add = (each: Named) => gone.push(...queue.add(each).map(({ name }) => name))
    add(claim('relaying', 'alice', 'a'))
    for (let i = 0; i < QUEUED_PER_PEER_MAX; i++) add(claim('relaying', 'spammer', `spam ${i}`))
    expect(gone).toEqual([`spam ${QUEUED_PER_PEER_MAX - 1}`])
    add(claim('relaying', 'bob', 'b'))
    expect(gone.at(-1)).toBe(`spam ${QUEUED_PER_PEER_MAX - 2}`)
    add(claim('friend', 'carol', 'c'))
    expect(gone).toHaveLength(2)
    expect(drain(queue, 5)).toEqual(['a', 'c', 'spam 0', 'b', 'spam 1'])
  })

  it('lets newcomers go where a peer names a new issuer in each block', () => {
    const queue = new FairQueue<Named>()
    for (let i = 0; i < QUEUED_PER_PEER_MAX; i++) queue.add(claim('flooder', `nobody ${i}`, `${i}`))
    expect(queue.add(claim('flooder', 'nobody', 'last')).map(({ name }) => name)).toEqual(['last'])
  })

  it('forgets what a peer sent when it is told to, and nothing else', () => {
    const queue = new FairQueue<Named>()
    for (const name of ['x', 'y', 'z']) queue.add(claim('blamed', name, name))
    queue.add(claim('friend', 'alice', 'a'))
    expect(queue.remove('blamed').map(({ name }) => name)).toEqual(['x', 'y', 'z'])
    expect(queue.remove('blamed')).toEqual([])
    expect(queue.bytes).toBe(400)
    expect(drain(queue)).toEqual(['a'])
    expect([queue.count, queue.bytes]).toEqual([0, 0])
  })

  it('holds its bounds and loses nothing it has not let go of, whoever sends what', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'add', 'add', 'add', 'next', 'remove'),
      peer: fc.integer({ min: 0, max: 7 }),
      issuer: fc.integer({ min: 0, max: 3 }),
      times: fc.integer({ min: 1, max: 400 }),
      bytes: fc.integer({ min: 200, max: 24_700 }),
      cost: fc.integer({ min: 1, max: 65 }),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const queue = new FairQueue<Named>()
        const inside = new Map<string, Named>()
        let isStrange = false
        const out = (gone: readonly Named[]) => {
          for (const { name } of gone) if (!inside.delete(name)) isStrange = true
        }
        let made = 0
        for (const { kind, peer, issuer, times, bytes, cost } of steps) {
          if (kind === 'remove') out(queue.remove(`${peer}`))
          else
            for (let i = 0; i < times; i++)
              if (kind === 'next') out([queue.next()].filter((each) => each !== undefined))
              else {
                const added = claim(`${peer}`, `${issuer}`, `${made++}`, bytes, cost)
                inside.set(added.name, added)
                out(queue.add(added))
              }
          expect(isStrange).toBe(false)
          expect(queue.count).toBe(inside.size)
          expect(queue.bytes).toBe([...inside.values()].reduce((sum, each) => sum + each.bytes, 0))
          expect(queue.count).toBeLessThanOrEqual(QUEUED_MAX)
          expect(queue.bytes).toBeLessThanOrEqual(QUEUED_BYTES_MAX)
          for (const [, held] of Map.groupBy(inside.values(), ({ from }) => from)) {
            expect(held.length).toBeLessThanOrEqual(QUEUED_PER_PEER_MAX)
            const total = held.reduce((sum, each) => sum + each.bytes, 0)
            expect(total).toBeLessThanOrEqual(QUEUED_BYTES_PER_PEER_MAX)
          }
        }
        expect(drain(queue)).toHaveLength(inside.size)
      }),
      { seed: 4, numRuns: 15 },
    )
  })
})
