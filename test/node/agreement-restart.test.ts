import { describe, expect, it } from 'vitest'
import { encodeTransaction } from '../../src/core/codec/transaction.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import type { NamedOutput, Output } from '../../src/core/model/transaction.ts'
import { createMemoryLedgerStore } from '../../src/store/memory.ts'
import { signTransaction } from '../../src/wallet/payments.ts'
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
import { Power } from './make-power.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

let world: World
eachWithWorld((made) => (world = made))

const keyOf = (each: Validating) => each.options.keys.publicKey

/** Spends one output of a node's key into others. */
async function spend(
  { made, options }: Validating,
  [id]: NamedOutput,
  outputs: readonly Output[],
): Promise<BlockId> {
  const key = networkKeyOf(options.network.id)
  const { transaction } = await signTransaction(
    key,
    { inputs: [id], outputs, memo: new Uint8Array() },
    options.keys,
  )
  return made.node.issueTransaction(encodeTransaction(transaction), {})
}

/** A network of one whose stores survive what is done to them. */
async function one(power = new Power(() => 0)) {
  const [own] = await identities(world, 1)
  if (!own) throw new Error('one identity')
  world.watch(power)
  const options = { network: networkFor([own.keys]), keys: own.keys, openStores: () => power.open() }
  return { power, options, made: await world.node('one', options) }
}

describe('A node that starts again', () => {
  it('goes on with the same digests, at whatever point that is', async () => {
    const all = await validators(world, 4)
    const told = new Map<TestNode, string[]>(all.map(({ made }) => [made, []]))
    for (let i = 0; i < 12; i++) {
      await pay(at(all, i % 4), keyOf(at(all, (i + 1) % 4)), 1000)
      await passRounds(world, 1 + (i % 5))
      const { made, options } = at(all, (3 * i) % 4)
      told.get(made)?.push(...digestsOf(made))
      await world.restart(made, options)
      for (const other of all) if (other.made !== made) await world.link(made, other.made)
    }
    await passRounds(world, 40)
    agreedHead(all.map(({ made }) => made))
    const lists = all.map(({ made }) => [...(told.get(made) ?? []), ...digestsOf(made)])
    const first = new Set(at(lists, 0))
    for (const list of lists) expect(new Set(list)).toEqual(first)
    for (const list of lists) expect(first.size).toBeLessThanOrEqual(list.length)
  })

  it.each([0, 1, 3])('derives the commits its ledger has lost, all but %i of them', async (kept) => {
    const { power, options, made } = await one()
    const them = 'aa'.repeat(32) as PublicKey
    for (let i = 0; i < 5; i++) {
      await pay({ made, options }, them, 1000)
      await passRounds(world, 1)
    }
    const { head } = made.node
    const before = digestsOf(made)
    power.loseSteps(kept)
    await world.restart(made, options)
    await world.quiet()
    expect(made.node.head).toEqual(head)
    expect(ownedAt(made, them)).toBe(5000)
    expect(digestsOf(made)).toEqual(before.slice(kept))
    await world.restart(made, options)
    expect(made.node.head).toEqual(head)
    expect(digestsOf(made)).toEqual([])
    await pay({ made, options }, them, 1000)
    await passRounds(world, 1)
    expect(ownedAt(made, them)).toBe(6000)
  })

  it('derives all of them where the ledger is new', async () => {
    const all = await validators(world, 4)
    for (let i = 0; i < 5; i++) {
      await pay(at(all, i % 4), keyOf(at(all, (i + 1) % 4)), 1000)
      await passRounds(world, 10)
    }
    const { made, options } = at(all, 2)
    const before = digestsOf(made)
    await made.node.stop()
    Object.assign(made, { ledger: createMemoryLedgerStore() })
    await world.start(made, options)
    await world.quiet()
    expect(digestsOf(made)).toEqual(before)
    agreedHead(all.map((each) => each.made))
  })

  it('verifies again who has signed what waits for its commit', async () => {
    const all = await validators(world, 4)
    const [a, b] = [at(all, 0), at(all, 1)]
    for (const { made } of all.slice(2)) await made.node.stop()
    await pay(a, keyOf(b), 1000)
    const [theirs] = b.made.node.ledger.unspentOf(keyOf(b))
    if (!theirs) throw new Error('an output')
    const stolen = await spend(a, theirs, [{ owner: keyOf(a), amount: STAKE }])
    await passRounds(world, 5)
    for (const { made, options } of all) {
      await made.node.stop()
      await world.start(made, options)
    }
    for (const [i, x] of all.entries()) for (const y of all.slice(i + 1)) await world.link(x.made, y.made)
    await passRounds(world, 30)
    agreedHead(all.map(({ made }) => made))
    for (const { made } of all) {
      expect(ownedAt(made, keyOf(b))).toBe(STAKE + 1000)
      const verdict = made.commits
        .flatMap(({ executed }) => executed)
        .find(({ block }) => block === stolen)?.verdict
      expect(verdict).toMatchObject({ type: 'rejected', reason: 'not-unlocked', lacks: 'owner' })
    }
  })
})

describe('A block that a damaged record lost after its commit', () => {
  it('is fetched again and decides nothing a second time', async () => {
    const all = await validators(world, 4)
    const [a, b] = [at(all, 0), at(all, 1)]
    const made = await world.node('follower', { network: a.options.network })
    await world.link(made, a.made)
    const dueMs = world.clock.nowMs() + 60_000
    const [mine] = a.made.node.ledger.unspentOf(keyOf(a))
    if (!mine) throw new Error('an output')
    await spend(a, mine, [{ owner: keyOf(b), amount: STAKE, notBeforeMs: dueMs }])
    await passRounds(world, 20)
    const locked = b.made.node.ledger.unspentOf(keyOf(b)).find(([, { notBeforeMs }]) => notBeforeMs === dueMs)
    if (!locked) throw new Error('a locked output')
    const early = await spend(b, locked, [{ owner: keyOf(a), amount: STAKE }])
    await passRounds(world, 20)
    expect(made.node.isOpen(early)).toBe(false)
    await world.pass(60_000)

    await made.node.stop()
    await made.disk.damage([early])
    await world.start(made, { network: a.options.network })
    await world.link(made, a.made)
    await world.pass(1000)
    expect(await made.disk.ids()).toContain(early)
    expect(made.node.isOpen(early)).toBe(false)
    await made.node.issue(DATA)
    await pay(b, keyOf(a), 1000)
    await passRounds(world, 200)
    agreedHead([...all.map((each) => each.made), made])
    expect(ownedAt(made, keyOf(b))).toBe(2 * STAKE - 1000)
  })
})

describe('A ledger that is ahead of the blocks after a power cut', () => {
  it('takes the blocks from its peers and stays at its digests', async () => {
    const all = await validators(world, 4)
    const [a, b] = [at(all, 0), at(all, 1)]
    const made = await world.node('follower', { network: a.options.network })
    await world.link(made, a.made)
    for (let i = 0; i < 4; i++) {
      await pay(a, keyOf(b), 1000)
      await passRounds(world, 10)
    }
    const { head } = made.node
    const ids = await made.disk.ids()
    await made.node.stop()
    await made.disk.damage(ids.slice(-20))
    await world.start(made, { network: a.options.network })
    expect(made.node.head).toEqual(head)
    await world.link(made, a.made)
    await world.pass(1000)
    expect(new Set(await made.disk.ids())).toEqual(new Set(ids))
    await pay(a, keyOf(b), 1000)
    await passRounds(world, 20)
    agreedHead([...all.map((each) => each.made), made])
    expect(made.commits.flatMap(({ executed }) => executed)).toHaveLength(1)
  })
})
