import { describe, expect, it } from 'vitest'
import { testSigner } from '../net/support.ts'
import { eachWithWorld, HeldMiner, signedBlock, signedChain, until, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(7) }

let world: World
eachWithWorld((made) => (world = made))

describe('A node started again over its stores', () => {
  it('has its graph, its tips and what peers hold, and makes nothing twice', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.link(a, b)
    for (let i = 0; i < 5; i++) {
      await a.node.issue(DATA)
      world.clock.advance(10)
    }
    await world.quiet()
    await world.pass(1000)
    await world.unlink(a, b)
    const alone = await a.node.issue(DATA)
    const ids = await a.disk.ids()
    const counts = ids.map((id) => a.node.holders.countOf(id))
    expect(counts).toEqual([1, 1, 1, 1, 1, 0])

    await world.restart(a)
    expect(a.stored.map(({ id }) => id)).toEqual(ids)
    expect(ids.map((id) => a.node.holders.countOf(id))).toEqual(counts)
    expect(a.node.holders.hereOnly).toBe(1)

    const next = await a.node.issue(DATA)
    expect(a.stored.at(-1)?.block.parents).toEqual([alone])
    expect(await a.disk.ids()).toEqual([...ids, next])
    expect(a.disk.twice).toEqual([])
  })

  it('names its tips again to whoever comes', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await a.node.issue(DATA)
    await world.restart(a)
    await world.link(a, b)
    expect(await b.disk.ids()).toEqual(await a.disk.ids())
    expect(a.node.holders.hereOnly).toBe(0)
  })

  it('passes over a note of holders that makes no sense', async () => {
    const a = await world.node('a')
    const id = await a.node.issue(DATA)
    for (const note of [undefined, 7, [['x']], [['x', ['y']]], [[1, [id]]]]) a.node.holders.restore(note)
    expect(a.node.holders.countOf(id)).toBe(0)
  })
})

describe('A node that is stopped', () => {
  it('rejects an issue whose block is not on disk, and lets no rejection escape', async () => {
    const a = await world.node('a')
    const disk = Promise.withResolvers<void>()
    a.disk.gate = disk.promise
    a.disk.refusal = 'failed'
    const issuing = a.node.issue(DATA)
    issuing.catch(() => undefined)
    await until(() => a.node.storage.waiting === 1)
    const stopping = a.node.stop()
    disk.resolve()
    await stopping
    await expect(issuing).rejects.toMatchObject({ kind: 'closed' })
    a.disk.refusal = undefined
    expect(await a.disk.ids()).toEqual([])
  })

  it('rejects an issue that is still at work', async () => {
    const a = await world.node('a')
    const miner = new HeldMiner()
    await world.restart(a, { miner })
    const issuing = a.node.issue(DATA)
    issuing.catch(() => undefined)
    await until(() => miner.tasks === 1)
    await a.node.stop()
    miner.finish()
    await expect(issuing).rejects.toMatchObject({ kind: 'closed' })
    expect(await a.disk.ids()).toEqual([])
  })

  it('lets no rejection escape from blocks it had asked for and could not store', async () => {
    const a = await world.node('a')
    const signer = testSigner(2)
    const [parent, child] = await signedChain(signer, 2, world.clock.nowMs() - 9000)
    if (parent === undefined || child === undefined) throw new Error('two blocks')
    const s = await world.stranger('s', { onFetch: async () => [parent.bytes] })
    await world.link(s, a)
    a.disk.refusal = 'failed'
    await s.transport.publish(child.bytes)
    await until(() => a.node.storage.waiting === 2)
    await a.node.stop()
    await world.quiet() // an unhandled rejection would fail the run
  })

  it('rejects an issue that waits for its time', async () => {
    const a = await world.node('a')
    const ahead = await signedBlock(testSigner(2), { issuedAtMs: world.clock.nowMs() + 5000 })
    await a.node.receive(ahead.bytes, 's')
    const issuing = a.node.issue(DATA)
    issuing.catch(() => undefined)
    await world.quiet()
    await a.node.stop()
    await expect(issuing).rejects.toMatchObject({ kind: 'closed' })
  })

  it('rejects an issue that waited for its time and then for the disk', async () => {
    const a = await world.node('a')
    const ahead = await signedBlock(testSigner(2), { issuedAtMs: world.clock.nowMs() + 5000 })
    await a.node.receive(ahead.bytes, 's')
    const issuing = a.node.issue(DATA)
    issuing.catch(() => undefined)
    await world.quiet()
    a.disk.refusal = 'quota-exceeded'
    await world.pass(1)
    expect(a.node.storage.waiting).toBe(1)
    await a.node.stop()
    await expect(issuing).rejects.toMatchObject({ kind: 'closed' })
  })

  it('lets no rejection escape from requests it had under way', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    for (let i = 0; i < 50; i++) {
      await a.node.issue(DATA)
      world.clock.advance(10)
    }
    world.hub.link('a', 'b')
    await until(() => a.transport.reconciled.length + b.transport.reconciled.length > 0)
    await b.node.stop()
    b.node.tick()
    a.node.tick()
    await world.quiet()
    await world.start(b)
    await world.link(a, b)
    expect(await b.disk.ids()).toEqual(await a.disk.ids())
  })
})
