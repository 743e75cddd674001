import { describe, expect, it } from 'vitest'
import { StoreError } from '../../src/ports.ts'
import {
  createMemoryBlockStore,
  createMemoryLedgerStore,
  createMemoryNoteStore,
} from '../../src/store/memory.ts'
import { at } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import {
  agreedHead,
  equivocations,
  identities,
  networkFor,
  ownedAt,
  passRounds,
  pay,
  proposalIn,
  roundsBy,
  STAKE,
  validators,
  type Validating,
} from './make-committee.ts'
import { eachWithWorld, type TestNode, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const keyOf = (each: Validating) => each.options.keys.publicKey

describe('A disk that refuses the note of a proposal', () => {
  /** Stores that last, of which the notes refuse as told. */
  function refusing() {
    const notes = createMemoryNoteStore()
    const stores = { blocks: createMemoryBlockStore(), ledger: createMemoryLedgerStore(), notes }
    const told = { refuses: false, tries: 0 }
    const put: typeof notes.put = async (entries) => {
      told.tries++
      if (told.refuses) throw new StoreError('quota-exceeded', 'full')
      await notes.put(entries)
    }
    return { told, openStores: async () => ({ ...stores, notes: { ...notes, put } }) }
  }

  const ownIn = (sent: readonly Uint8Array[], { options }: Validating) =>
    sent
      .flatMap((bytes) => proposalIn(bytes, options.network) ?? [])
      .filter(({ author }) => author === options.keys.publicKey)

  it('keeps it from being sent until it takes it, and no other is made for that round', async () => {
    const all = await validators(world, 4)
    const a = at(all, 0)
    const { told, openStores } = refusing()
    const options = { ...a.options, openStores }
    await a.made.node.stop()
    await world.start(a.made, options)
    told.refuses = true
    for (const { made } of all.slice(1)) await world.link(a.made, made)
    await pay(a, keyOf(at(all, 1)), 1000)
    await passRounds(world, 20)
    expect(told.tries).toBeGreaterThan(1)
    expect(ownIn(a.made.transport.published, a)).toEqual([])
    expect(ownedAt(at(all, 2).made, keyOf(at(all, 1)))).toBe(STAKE + 1000)

    told.refuses = false
    await passRounds(world, 50)
    expect(ownIn(a.made.transport.published, a).length).toBeGreaterThan(0)
    expect(equivocations(a.made.transport.sent, options.network)).toEqual([])
    agreedHead(all.map(({ made }) => made))
  })

  it('holds up a network of one, which tells nothing until then and everything afterwards', async () => {
    const [one] = await identities(world, 1)
    if (!one) throw new Error('one identity')
    const { told, openStores } = refusing()
    const options = { network: networkFor([one.keys]), keys: one.keys, openStores }
    const made: TestNode = await world.node('one', options)
    told.refuses = true
    await pay({ made, options }, testSigner(1).publicKey, 1000)
    await passRounds(world, 20)
    expect(made.commits).toEqual([])
    told.refuses = false
    await passRounds(world, 30)
    expect(made.commits.flatMap(({ executed }) => executed)).toHaveLength(1)
    await pay({ made, options }, testSigner(1).publicKey, 1000)
    await passRounds(world, 1)
    expect(made.commits.flatMap(({ executed }) => executed)).toHaveLength(2)
  })
})

describe('A proposal that was stored', () => {
  it('and never sent is sent after the restart', async () => {
    const all = await validators(world, 4)
    const a = at(all, 0)
    for (const { made } of all.slice(1)) await world.unlink(a.made, made)
    await pay(a, keyOf(at(all, 1)), 1000)
    await passRounds(world, 2)
    expect(await roundsBy(keyOf(a), a)).toEqual([1])
    await world.restart(a.made, a.options)
    for (const { made } of all.slice(1)) await world.link(a.made, made)
    await passRounds(world, 10)
    expect(at(await roundsBy(keyOf(a), at(all, 3)), 0)).toBe(1)
    expect(ownedAt(at(all, 3).made, keyOf(at(all, 1)))).toBe(STAKE + 1000)
  })

  it('and damaged is taken from its note', async () => {
    const all = await validators(world, 4)
    const a = at(all, 0)
    for (const { made } of all.slice(1)) await world.unlink(a.made, made)
    await pay(a, keyOf(at(all, 1)), 1000)
    await passRounds(world, 2)
    const [, proposal] = await a.made.disk.ids()
    if (!proposal) throw new Error('a payment and a proposal')
    await a.made.node.stop()
    await a.made.disk.damage([proposal])
    await world.start(a.made, a.options)
    await world.quiet()
    expect(await a.made.disk.ids()).toContain(proposal)
    for (const { made } of all.slice(1)) await world.link(a.made, made)
    await passRounds(world, 10)
    expect(equivocations(a.made.transport.sent, a.options.network)).toEqual([])
    agreedHead(all.map(({ made }) => made))
  })
})
