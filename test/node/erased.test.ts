/** Devices that have deleted payloads of old data, and devices that learn the order from them. */
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/core/codec/hex.ts'
import { isErased } from '../../src/core/model/block.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { CommittedBlocks } from '../../src/ports.ts'
import { at, GENESIS } from '../core/make.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { timedIds } from '../net/reconcile-run.ts'
import { testSigner } from '../net/support.ts'
import { agreedHead, blockIn, ownedAt, passRounds, pay, validators } from './make-committee.ts'
import { eachWithHistory, give, giver, type History, makeHistory, NO_IDS, nodeWith } from './make-history.ts'
import type { StrangerHandlers, TestNode, World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

let world: World
let history: History
eachWithHistory((made, shared) => ([world, history] = [made, shared]))

/** Data of the first half of the history, and of all of it. */
const dataIn = ({ blocks }: History, share: number): readonly BlockId[] =>
  blocks.slice(0, blocks.length * share).flatMap(({ id, block }) => (block.kind === 'data' ? [id] : []))

async function erase({ disk }: TestNode, ids: readonly BlockId[]): Promise<void> {
  const store = disk.open()
  await store.erase(ids)
  await store.close()
}

async function erasedAt({ disk }: TestNode): Promise<readonly BlockId[]> {
  return (await disk.all()).flatMap(({ id, erased }) => (erased ? [id] : []))
}

function headerOf({ block, bytes }: History['blocks'][number]): Uint8Array {
  return bytes.slice(0, bytes.length - block.payloadBytes)
}

describe('A device that deleted payloads of committed data', { timeout: 60_000 }, () => {
  it('starts again with the same blocks, order and money, and the network goes on', async () => {
    const all = await validators(world, 4)
    const [mine, other] = [at(all, 0), at(all, 1)]
    const readings: BlockId[] = []
    for (let i = 0; i < 5; i++) readings.push(await mine.made.node.issue(DATA))
    await pay(mine, other.options.keys.publicKey, 1000)
    await passRounds(world, 200)
    const { node, disk } = mine.made
    expect(readings.filter((id) => node.isOpen(id))).toEqual([])
    const [head, ids] = [node.head, await disk.ids()]
    const owned = all.map(({ options }) => ownedAt(mine.made, options.keys.publicKey))

    await erase(mine.made, readings)
    await world.restart(mine.made, mine.options)
    expect(mine.made.node.head).toEqual(head)
    expect(mine.made.stored.map(({ id }) => id)).toEqual(ids)
    expect(mine.made.stored.filter(({ block }) => isErased(block)).map(({ id }) => id)).toEqual(readings)
    expect(all.map(({ options }) => ownedAt(mine.made, options.keys.publicKey))).toEqual(owned)

    for (const { made } of all.slice(1)) await world.link(mine.made, made)
    await pay(mine, other.options.keys.publicKey, 1000)
    await passRounds(world, 200)
    expect(agreedHead(all.map(({ made }) => made)).index).toBeGreaterThan(head.index)
    expect(await erasedAt(mine.made)).toEqual(readings)
    for (const { made } of all) {
      expect(made.disk.twice).toEqual([])
      expect(made.transport.blamed).toEqual([])
    }
  })

  it('makes its ledger anew from what is left', async () => {
    const a = await giver(world, 'a', history)
    await erase(a, dataIn(history, 1))
    await a.node.stop()
    await world.quiet()
    await a.ledger.clear()
    await world.start(a, { network: history.network })
    expect(a.node.head).toEqual(history.head)
  })

  it('has one that has left the window, now and after a restart', async () => {
    const many = await makeHistory({ commits: 320, data: 15 })
    const options = { network: many.network, windowBlocksMax: 1024, verifier: { verify: async () => true } }
    const a = await world.node('a', options)
    await give(a, many.blocks)
    const old = at(many.blocks, 0)
    await erase(a, [old.id])
    expect(await a.node.receive(old.bytes, 'a friend')).toEqual({ type: 'known', id: old.id })

    const child = await childOf(old.id, 0, many)
    expect((await a.node.receive(child.bytes, 'a friend')).type).toBe('waiting')
    await world.quiet()
    expect(a.node.isOpen(child.id)).toBe(true)
    await world.restart(a, options)
    expect(a.stored.map(({ id }) => id)).not.toContain(old.id)
    expect(a.node.isOpen(child.id)).toBe(true)
    expect(a.disk.twice).toEqual([])
  })

  it('knows it when it is sent again, whole', async () => {
    const a = await giver(world, 'a', history)
    const old = at(dataIn(history, 1), 0)
    await erase(a, [old])
    const { bytes } = history.blocks.find(({ id }) => id === old) ?? at(history.blocks, 0)
    expect(await a.node.receive(bytes, 'a friend')).toEqual({ type: 'known', id: old })
    expect(a.disk.twice).toEqual([])
  })
})

/** A stranger's block of data. */
function childOf(parent: BlockId, number: number, { network } = history) {
  const payload = Uint8Array.from([4, ...new TextEncoder().encode('test'), number & 255, number >> 8])
  const parts = { kind: 'data', payload, parents: [parent], issuedAtMs: world.clock.nowMs() } as const
  return blockIn(network, testSigner(5), parts)
}

describe('A new device', { timeout: 60_000 }, () => {
  it('has the order and the rest of the readings from one that deleted some, starts again with it, and hands it on', async () => {
    const [a, b] = [await nodeWith(world, 'a', history, 0), await giver(world, 'b', history)]
    const deleted = dataIn(history, 1 / 2)
    await erase(b, deleted)
    await world.link(a, b)
    await expectAsGiven(a, deleted)

    await world.restart(a, { network: history.network })
    expect(a.node.head).toEqual(history.head)
    await world.unlink(a, b)
    const c = await nodeWith(world, 'c', history, 0)
    await world.link(a, c)
    await expectAsGiven(c, deleted)
    expect(a.transport.blamed).toEqual([])
    expect([...a.transport.published, ...a.transport.forwarded]).toEqual([])
  })

  it('has it from one that deleted some and one that has all', async () => {
    const a = await nodeWith(world, 'a', history, 0)
    const b = await giver(world, 'b', history)
    await giver(world, 'c', history)
    const deleted = dataIn(history, 1)
    await erase(b, deleted)
    world.hub.link('a', 'b')
    world.hub.link('a', 'c')
    await world.quiet()
    expect(a.node.head).toEqual(history.head)
    expect((await a.disk.ids()).length).toBe(history.blocks.length)
    // who was asked for what is chance: both did their part
    const missing = await erasedAt(a)
    expect(missing.length).toBeGreaterThan(0)
    expect(missing.length).toBeLessThan(deleted.length)
    expect(a.disk.twice).toEqual([])
    expect(a.transport.blamed).toEqual([])
  })

  async function expectAsGiven(made: TestNode, deleted: readonly BlockId[]): Promise<void> {
    expect(made.node.head).toEqual(history.head)
    expect([...(await made.disk.ids())].sort()).toEqual(history.blocks.map(({ id }) => id).sort())
    expect([...(await erasedAt(made))].sort()).toEqual([...deleted].sort())
    expect(made.disk.twice).toEqual([])
    expect(made.transport.blamed).toEqual([])
  }
})

describe('A header in place of a block', { timeout: 60_000 }, () => {
  const dataBlock = () => at(history.blocks, 0)

  async function victimOf(handlers: StrangerHandlers, network: Network = history.network) {
    const a = await world.node('a', { network })
    const stranger = await world.stranger('bad', handlers)
    await world.link(a, stranger)
    return { a, stranger }
  }

  it('is blamed where it is gossiped', async () => {
    const { a, stranger } = await victimOf({})
    await stranger.transport.publish(headerOf(dataBlock()))
    await world.quiet()
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
    expect(await a.disk.ids()).toEqual([])
    expect((await a.node.receive(dataBlock().bytes, 'a friend')).type).toBe('attached')
  })

  it('is blamed where it is fetched', async () => {
    const { a, stranger } = await victimOf({ onFetch: async () => [headerOf(dataBlock())] })
    await stranger.transport.publish((await childOf(dataBlock().id, 1)).bytes)
    await world.quiet()
    expect(a.transport.fetches).toEqual([[dataBlock().id]])
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
    expect(await a.disk.ids()).toEqual([])
  })

  it('is blamed where it comes of a reconciliation', async () => {
    const { id, block } = dataBlock()
    const uncommitted = timedIds([[block.issuedAtMs, bytesOf(id)]])
    const { a } = await victimOf({
      standing: () => ({ index: 0, digest: history.network.id as never, uncommitted }),
      onFetch: async () => [headerOf(dataBlock())],
    })
    await world.pass(31_000)
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
    expect(await a.disk.ids()).toEqual([])
  })

  /** What a device has that streams these blocks of somebody who says they are committed. */
  async function streamed(blocks: readonly Uint8Array[], network?: Network): Promise<TestNode> {
    const onCommits = async (_: unknown, upTo: number): Promise<CommittedBlocks> => ({
      blocks,
      next: { after: upTo, skip: 0 },
    })
    const standing = () => ({ index: 1, digest: history.head.digest, uncommitted: NO_IDS })
    const { a } = await victimOf({ standing, onCommits }, network)
    return a
  }

  it('is taken where it is streamed with its commit, and not passed on by gossip', async () => {
    const a = await streamed([headerOf(dataBlock())])
    expect(await erasedAt(a)).toEqual([dataBlock().id])
    await world.link(a, await world.stranger('other'))
    for (let i = 0; i < 5; i++) await world.pass(1000)
    expect(a.transport.published).toEqual([])
    expect(a.transport.blamed).toEqual([])
  })

  it('of a block that no commit has is nothing to build on: who has not the block takes ours all the same', async () => {
    const unheard = await childOf(history.network.id, 1)
    world.clock.advance(10)
    const a = await streamed([headerOf(unheard), (await childOf(unheard.id, 2)).bytes])
    expect(await a.disk.ids()).toHaveLength(2)
    const b = await world.node('b', { network: history.network })
    await world.link(a, b)
    const ours = [await a.node.issue(DATA)]
    await world.restart(a, { network: history.network })
    await world.link(a, b)
    ours.push(await a.node.issue(DATA))
    await world.quiet()
    expect(await b.disk.ids()).toEqual(ours)
    expect(a.transport.blamed).toEqual([])
    expect(b.transport.blamed).toEqual([])
  })

  it.each(['proposal', 'transaction'] as const)('is blamed there, too, where it is of a %s', async (kind) => {
    const issuedAtMs = world.clock.nowMs() - 1000
    const parts = { kind, payload: new Uint8Array(48), issuedAtMs } as const
    const a = await streamed([headerOf(await blockIn(history.network, testSigner(77), parts))])
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
    expect(await a.disk.ids()).toEqual([])
  })

  it('is blamed there, too, where a byte is left of its payload', async () => {
    const a = await streamed([dataBlock().bytes.slice(0, headerOf(dataBlock()).length + 1)])
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
  })

  it('is blamed there, too, where it is signed by nobody', async () => {
    const bytes = headerOf(dataBlock())
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1
    const a = await streamed([bytes])
    expect(a.transport.blamed).toEqual([['bad', 'bad-signature']])
    expect(await a.disk.ids()).toEqual([])
  })

  it('is blamed there, too, where its work was not done', async () => {
    const dear = networkOf({ ...GENESIS, powBase: 2 ** 22 })
    const parts = { kind: 'data', payload: Uint8Array.of(1, 97), issuedAtMs: world.clock.nowMs() } as const
    const a = await streamed([headerOf(await blockIn(dear, testSigner(5), parts))], dear)
    expect(a.transport.blamed).toEqual([['bad', 'bad-work']])
    expect(await a.disk.ids()).toEqual([])
  })
})
