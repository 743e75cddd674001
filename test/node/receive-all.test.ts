import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import { WAITING_BLOCKS_MAX } from '../../src/node/journal.ts'
import type { Outcome } from '../../src/node/outcome.ts'
import {
  createMemoryBlockStore,
  createMemoryLedgerStore,
  createMemoryNoteStore,
} from '../../src/store/memory.ts'
import { at, makeBlock } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { eachWithWorld, signedBlock, signedChain, type World } from './make-peer.ts'

const signer = testSigner(9)
const bytesOfAll = (blocks: readonly CheckedBlock[]) => blocks.map(({ bytes }) => bytes)
const typesOf = (outcomes: readonly Outcome[]) => outcomes.map(({ type }) => type)

let world: World
let now: number
eachWithWorld((made) => (world = made))

beforeEach(() => {
  now = world.clock.nowMs()
})

/** The same block with a signature of something else, which leaves its id as it is. */
async function forged({ block }: CheckedBlock): Promise<CheckedBlock> {
  return makeBlock({ ...block, signature: await signer.sign(new Uint8Array(1)) })
}

describe('Blocks that one peer sent together', () => {
  it('cost one look into the store and one append, and stand on each other', async () => {
    const blocks = createMemoryBlockStore()
    const stores = { blocks, ledger: createMemoryLedgerStore(), notes: createMemoryNoteStore() }
    const { node } = await world.node('a', { openStores: async () => stores })
    const [looks, appends] = [vi.spyOn(blocks, 'find'), vi.spyOn(blocks, 'append')]
    const chain = await signedChain(signer, 100, now - 100_000)
    expect(new Set(typesOf(await node.receiveAll(bytesOfAll(chain), 'peer')))).toEqual(new Set(['attached']))
    expect(looks).toHaveBeenCalledTimes(1)
    expect(appends).toHaveBeenCalledTimes(1)
    expect(appends.mock.calls[0]?.[0].map(({ id }) => id)).toEqual(chain.map(({ id }) => id))
    expect(typesOf(await node.receiveAll(bytesOfAll(chain), 'peer'))).toEqual(chain.map(() => 'known'))
  })

  it('are not fetched where a child comes before its parent', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.link(a, b)
    const chain = await signedChain(signer, 10, now - 10_000)
    const outcomes = await a.node.receiveAll(bytesOfAll([...chain].reverse()), 'b')
    expect(typesOf(outcomes)).toEqual([...chain.slice(1).map(() => 'waiting'), 'attached'])
    await world.quiet()
    expect(a.transport.fetches).toEqual([])
    expect(await a.disk.ids()).toEqual(chain.map(({ id }) => id))
    const [parent, child] = await signedChain(testSigner(10), 2, now - 10_000)
    await a.node.receiveAll(child ? [child.bytes] : [], 'b')
    await world.quiet()
    expect(a.transport.fetches).toContainEqual([parent?.id])
  })

  it('are each taken or refused for what they are, and their sender is blamed once', async () => {
    const a = await world.node('a')
    const chain = await signedChain(signer, 4, now - 10_000)
    const [early, late] = await Promise.all([
      signedBlock(signer, { issuedAtMs: now - 1 }),
      signedBlock(signer, { issuedAtMs: now - 2 }),
    ])
    const older = await signedBlock(signer, { parents: [late.id], issuedAtMs: now - 3 })
    const sent = [
      at(chain, 0),
      await forged(at(chain, 1)),
      at(chain, 1),
      early,
      late,
      older,
      at(chain, 3),
      early,
    ]
    const bytes = [...bytesOfAll(sent), Uint8Array.of(1, 2, 3)]
    const outcomes = await a.node.receiveAll(bytes, 'peer')
    expect(outcomes).toEqual([
      { type: 'attached', id: at(chain, 0).id },
      { type: 'blamed', blame: 'bad-signature', id: at(chain, 1).id },
      { type: 'attached', id: at(chain, 1).id },
      { type: 'attached', id: early.id },
      { type: 'attached', id: late.id },
      { type: 'blamed', blame: 'invalid-block', id: older.id },
      { type: 'waiting', id: at(chain, 3).id },
      { type: 'known', id: early.id },
      { type: 'blamed', blame: 'malformed' },
    ])
    expect(a.transport.blamed).toEqual([['peer', 'invalid-block']])
    expect(await a.disk.ids()).toEqual([at(chain, 0).id, at(chain, 1).id, early.id, late.id])
  })

  it('leave a peer that waited for one of them blamed for its own', async () => {
    const a = await world.node('a')
    const parent = await signedBlock(signer, { issuedAtMs: now - 2 })
    const child = await signedBlock(signer, { parents: [parent.id], issuedAtMs: now - 3 })
    expect(await a.node.receive(child.bytes, 'other')).toMatchObject({ type: 'waiting' })
    expect(typesOf(await a.node.receiveAll([parent.bytes], 'peer'))).toEqual(['attached'])
    expect(a.transport.blamed).toEqual([['other', 'invalid-block']])
  })

  it('may be more than are looked at together; after a bad one the rest is left for others', async () => {
    const a = await world.node('a')
    const chain = await signedChain(signer, 600, now - 600_000)
    const bytes = bytesOfAll(chain)
    const first = await a.node.receiveAll(
      [...bytes.slice(0, 20), Uint8Array.of(1), ...bytes.slice(20)],
      'bad',
    )
    const types = typesOf(first)
    expect(types[20]).toBe('blamed')
    expect(new Set(types.slice(256))).toEqual(new Set(['busy']))
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
    const outcomes = await a.node.receiveAll(bytes, 'good')
    expect(new Set(typesOf(outcomes))).toEqual(new Set(['known', 'attached']))
    expect(await a.disk.ids()).toEqual(chain.map(({ id }) => id))
  })

  it('are found bad ahead of their turn, and their sender is blamed once all the same', async () => {
    const a = await world.node('a')
    const chain = await signedChain(signer, 600, now - 600_000)
    const bytes = bytesOfAll(chain)
    const sent = [...bytes.slice(0, 300), Uint8Array.of(1), ...bytes.slice(300)]
    const outcomes = await a.node.receiveAll(sent, 'bad')
    expect(outcomes[300]).toEqual({ type: 'blamed', blame: 'malformed' })
    expect(new Set(typesOf(outcomes.slice(512)))).toEqual(new Set(['busy']))
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
    const again = await a.node.receiveAll(bytes, 'good')
    expect(new Set(typesOf(again))).toEqual(new Set(['known', 'attached']))
    expect(await a.disk.ids()).toEqual(chain.map(({ id }) => id))
  })

  it('cost one signature for each block, however often they name it', async () => {
    let verified = 0
    const verifier = { verify: async () => ++verified > 0 }
    const a = await world.node('a', { verifier })
    const chain = await signedChain(signer, 1, now - 10_000)
    const copies = Array.from({ length: 100 }, () => at(chain, 0))
    const outcomes = await a.node.receiveAll(bytesOfAll(copies), 'peer')
    expect(typesOf(outcomes)).toEqual(['attached', ...copies.slice(1).map(() => 'known')])
    expect(verified).toBe(1)
  })

  it('are refused as their first is, copies of a false one among them', async () => {
    const a = await world.node('a')
    const chain = await signedChain(signer, 1, now - 10_000)
    const good = at(chain, 0)
    const bad = await forged(good)
    const outcomes = await a.node.receiveAll(bytesOfAll([bad, bad, good]), 'peer')
    expect(typesOf(outcomes).slice(0, 2)).toEqual(['blamed', 'blamed'])
    expect(a.transport.blamed).toEqual([['peer', 'bad-signature']])
  })

  it('may name one twice, far apart', async () => {
    const a = await world.node('a')
    const chain = await signedChain(signer, 300, now - 300_000)
    const outcomes = await a.node.receiveAll(bytesOfAll([...chain, at(chain, 10)]), 'peer')
    expect(outcomes.at(-1)).toEqual({ type: 'known', id: at(chain, 10).id })
    expect(await a.disk.ids()).toEqual(chain.map(({ id }) => id))
  })

  it('are verified while those before are written', async () => {
    const verify = vi.fn(async () => true)
    const a = await world.node('a', { verifier: { verify } })
    a.disk.refusal = 'quota-exceeded'
    const chain = await signedChain(signer, 700, now - 700_000)
    const receiving = a.node.receiveAll(bytesOfAll(chain), 'peer')
    await world.quiet()
    expect(verify).toHaveBeenCalledTimes(700)
    a.disk.refusal = undefined
    await world.pass(500)
    expect(new Set(typesOf(await receiving))).toEqual(new Set(['attached']))
  })

  it('are not taken while too many wait for the disk, and their sender is blamed before it gives way', async () => {
    const a = await world.node('a')
    a.disk.refusal = 'quota-exceeded'
    const chain = await signedChain(signer, WAITING_BLOCKS_MAX + 256, now - 3_000_000)
    const bytes = bytesOfAll(chain)
    const stuck = []
    for (let i = 0; i < WAITING_BLOCKS_MAX; i += 256) {
      stuck.push(a.node.receiveAll([...bytes.slice(i, i + 256)], 'good'))
      await world.quiet()
    }
    expect(a.node.storage.waiting).toBe(WAITING_BLOCKS_MAX)
    const refused = await a.node.receiveAll(bytes.slice(WAITING_BLOCKS_MAX), 'good')
    expect(new Set(typesOf(refused))).toEqual(new Set(['busy']))
    a.disk.refusal = undefined
    await world.pass(500)
    await Promise.all(stuck)
    a.disk.refusal = 'quota-exceeded'
    const mixed = a.node.receiveAll([at(chain, WAITING_BLOCKS_MAX).bytes, Uint8Array.of(1)], 'bad')
    await world.quiet()
    expect(a.transport.blamed).toEqual([['bad', 'malformed']])
    a.disk.refusal = undefined
    await world.pass(500)
    expect(typesOf(await mixed)).toEqual(['attached', 'blamed'])
  })

  it('come to what they would have come to one by one', async () => {
    const trunk = await signedChain(signer, 6, now - 60_000)
    const side = await signedBlock(testSigner(10), {
      parents: [at(trunk, 1).id, at(trunk, 4).id],
      issuedAtMs: now - 10_000,
    })
    const wrong = await signedBlock(signer, { parents: [side.id], issuedAtMs: now - 20_000 })
    const tomorrow = await signedBlock(signer, { issuedAtMs: now + 86_400_000 })
    const pool = [...trunk, side, wrong, tomorrow].map(({ bytes }) => bytes)
    pool.push(Uint8Array.of(7))
    let story = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(pool.length - 1), { maxLength: 20 }), async (order) => {
        story++
        const [one, all] = [await world.node(`one-${story}`), await world.node(`all-${story}`)]
        const sent = order.map((i) => at(pool, i))
        const single: Outcome[] = []
        for (const bytes of sent) single.push(await one.node.receive(bytes, 'peer'))
        expect(await all.node.receiveAll(sent, 'peer')).toEqual(single)
        expect(await all.disk.ids()).toEqual(await one.disk.ids())
        expect(all.transport.blamed.length).toBe(one.transport.blamed.length > 0 ? 1 : 0)
      }),
      { seed: 20_261_125, numRuns: 60 },
    )
  })
})
