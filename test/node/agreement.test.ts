import { describe, expect, it } from 'vitest'
import { at } from '../core/make.ts'
import {
  agreedHead,
  digestsOf,
  identities,
  networkFor,
  ownedAt,
  passRounds,
  pay,
  STAKE,
  validators,
  type Validating,
} from './make-committee.ts'
import { eachWithWorld, type TestNode, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

let world: World
eachWithWorld((made) => (world = made))

const keyOf = (each: Validating) => each.options.keys.publicKey
const nodesOf = (all: readonly Validating[]) => all.map(({ made }) => made)

describe('Four validators', () => {
  it('commit a payment within three rounds, and the same everywhere', async () => {
    const all = await validators(world, 4)
    await pay(at(all, 0), keyOf(at(all, 1)), 250_000)
    await passRounds(world, 4)
    agreedHead(nodesOf(all))
    for (const { made } of all) {
      expect(made.commits.flatMap(({ executed }) => executed).map(({ verdict }) => verdict.type)).toEqual([
        'applied',
      ])
      expect(ownedAt(made, keyOf(at(all, 0)))).toBe(STAKE - 250_000)
      expect(ownedAt(made, keyOf(at(all, 1)))).toBe(STAKE + 250_000)
      expect(digestsOf(made)).toEqual(digestsOf(at(all, 0).made))
    }
  })

  it('say nothing more once nothing is left to agree on', async () => {
    const all = await validators(world, 4)
    await pay(at(all, 0), keyOf(at(all, 1)), 250_000)
    await passRounds(world, 30)
    const before = await at(all, 0).made.disk.ids()
    await passRounds(world, 30)
    expect(await at(all, 0).made.disk.ids()).toEqual(before)
  })

  it('go on without one of them, which has it all once it is back', async () => {
    const all = await validators(world, 4)
    const off = at(all, 3)
    await off.made.node.stop()
    for (let i = 0; i < 5; i++) {
      await pay(at(all, 0), keyOf(at(all, 1)), 1000)
      await passRounds(world, 30)
    }
    agreedHead(nodesOf(all.slice(0, 3)))
    expect(ownedAt(at(all, 2).made, keyOf(at(all, 1)))).toBe(STAKE + 5000)

    await world.start(off.made, off.options)
    for (const { made } of all.slice(0, 3)) await world.link(made, off.made)
    await passRounds(world, 10)
    expect(agreedHead(nodesOf(all)).index).toBeGreaterThan(0)
    expect(off.made.node.head.digest).toBe(at(all, 0).made.node.head.digest)
  })

  it('leave a payment pending while two are away, and finish it when one comes back', async () => {
    const all = await validators(world, 4)
    const [a, b, c, d] = [at(all, 0), at(all, 1), at(all, 2), at(all, 3)]
    await c.made.node.stop()
    await d.made.node.stop()
    const id = await pay(a, keyOf(b), 1000)
    await passRounds(world, 50)
    expect(a.made.node.isOpen(id)).toBe(true)
    expect(b.made.node.isOpen(id)).toBe(true)
    expect(a.made.commits).toEqual([])

    await world.start(c.made, c.options)
    for (const each of [a, b]) await world.link(each.made, c.made)
    await passRounds(world, 50)
    expect(a.made.node.isOpen(id)).toBe(false)
    expect(ownedAt(c.made, keyOf(b))).toBe(STAKE + 1000)
    agreedHead(nodesOf([a, b, c]))
  })

  it('are followed by a node that is none, also by one that comes late', async () => {
    const all = await validators(world, 4)
    const { network } = at(all, 0).options
    const follower = await world.node('follower', { network })
    await world.link(follower, at(all, 2).made)
    await pay(at(all, 0), keyOf(at(all, 1)), 1000)
    await passRounds(world, 10)
    const late = await world.node('late', { network })
    await world.link(late, follower)
    await passRounds(world, 10)
    agreedHead([...nodesOf(all), follower, late])
    expect(digestsOf(late)).toEqual(digestsOf(at(all, 0).made))
    expect(late.node.validator.state).toEqual({ type: 'none' })
  })

  it('open for data alone once in half a minute each, and for a payment at once', async () => {
    const all = await validators(world, 4)
    const { node } = at(all, 0).made
    for (let i = 0; i < 4; i++) {
      await node.issue(DATA)
      await passRounds(world, 10)
    }
    const id = await node.issue(DATA)
    await passRounds(world, 50)
    expect(node.isOpen(id)).toBe(true)
    await passRounds(world, 110)
    expect(node.isOpen(id)).toBe(false)
    const later = await node.issue(DATA)
    await pay(at(all, 0), keyOf(at(all, 1)), 1000)
    await passRounds(world, 10)
    expect(node.isOpen(later)).toBe(false)
    agreedHead(nodesOf(all))
  })
})

describe('A payment made in both halves of a partition', () => {
  it('is one payment everywhere afterwards, whichever half has the quorum', async () => {
    const all = await validators(world, 4)
    const [a, b, c, d] = [at(all, 0), at(all, 1), at(all, 2), at(all, 3)]
    const twin = await world.node('twin', a.options) // the same key, far away from the others
    await world.link(twin, d.made)
    for (const each of [a, b, c]) await world.unlink(each.made, d.made)
    await twin.node.stop()
    await world.start(twin, { ...a.options, typedIn: true }) // it may not propose
    await world.link(twin, d.made)
    const here = await pay(a, keyOf(b), 1000)
    const there = await pay({ made: twin, options: a.options }, keyOf(c), 2000)
    await passRounds(world, 40)
    expect(a.made.node.isOpen(here)).toBe(false)
    expect(d.made.node.isOpen(there)).toBe(true)
    for (const each of [a, b, c]) await world.link(each.made, d.made)
    await passRounds(world, 40)
    const nodes: readonly TestNode[] = [...nodesOf(all), twin]
    agreedHead(nodes)
    for (const node of nodes) {
      expect([b, c].map((each) => ownedAt(node, keyOf(each)))).toEqual([STAKE + 1000, STAKE])
      const lost = node.commits.flatMap(({ executed }) => executed).find(({ block }) => block === there)
      expect(lost?.verdict).toMatchObject({ type: 'rejected', reason: 'spent-input' })
    }
  })
})

describe('A network of one', () => {
  it('goes on for hundreds of payments, with a few blocks each', async () => {
    const [one] = await identities(world, 1)
    if (!one) throw new Error('one identity')
    const options = { network: networkFor([one.keys]), keys: one.keys }
    const made = await world.node('one', options)
    for (let i = 0; i < 100; i++) {
      await pay({ made, options }, one.keys.publicKey, 1000 + i)
      await passRounds(world, 1)
      expect(made.node.head.index).toBeGreaterThanOrEqual(i + 1)
    }
    expect((await made.disk.ids()).length).toBeLessThanOrEqual(100 * 4)
  })
})
