import { describe, expect, it } from 'vitest'
import { encodeData } from '../../src/core/codec/data.ts'
import { testSigner } from '../net/support.ts'
import { eachWithWorld, signedBlock, until, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1, 2, 3) }

let world: World
eachWithWorld((made) => (world = made))

describe('A block between peers that are linked', () => {
  it('goes from its issuer through one to the next, and everybody learns who holds it', async () => {
    const [a, b, c] = [await world.node('a'), await world.node('b'), await world.node('c')]
    await world.link(a, b)
    await world.link(b, c)

    const id = await a.node.issue(DATA)
    await world.quiet()
    expect(await b.disk.ids()).toEqual([id])
    expect(await c.disk.ids()).toEqual([id])
    expect(b.transport.forwarded).toHaveLength(1)
    expect(b.transport.published).toEqual([])
    expect(b.node.holders.countOf(id)).toBe(1)

    await world.pass(1000)
    expect(a.node.holders.countOf(id)).toBe(1)
    expect(a.node.holders.hereOnly).toBe(0)
    expect([...a.transport.blamed, ...b.transport.blamed, ...c.transport.blamed]).toEqual([])
  })

  it('is counted for two peers once both have answered the tips', async () => {
    const [a, b, c] = [await world.node('a'), await world.node('b'), await world.node('c')]
    await world.link(a, b)
    await world.link(a, c)
    const id = await a.node.issue(DATA)
    await world.quiet()
    await world.pass(1000)
    expect(a.node.holders.countOf(id)).toBe(2)
  })

  it('is on disk before anybody is told of it', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.link(a, b)
    const told: string[] = []
    a.disk.onAppended = () => told.push('stored')
    a.transport.onPublish = () => told.push('sent')
    const disk = Promise.withResolvers<void>()
    a.disk.gate = disk.promise

    const issuing = a.node.issue(DATA).then(() => told.push('acknowledged'))
    await until(() => a.node.storage.waiting === 1)
    expect(a.stored).toEqual([])
    expect(told).toEqual([])
    disk.resolve()
    await issuing
    expect(told).toEqual(['stored', 'sent', 'acknowledged'])
  })

  it('is passed on by a peer only once that peer has stored it', async () => {
    const [a, b, c] = [await world.node('a'), await world.node('b'), await world.stranger('c')]
    await world.link(a, b)
    await world.link(b, c)
    const disk = Promise.withResolvers<void>()
    b.disk.gate = disk.promise
    await a.node.issue(DATA)
    await until(() => b.node.storage.waiting === 1)
    expect(c.gossip).toEqual([])
    disk.resolve()
    await world.quiet()
    expect(c.gossip).toHaveLength(1)
  })

  it('is written strictly where it is our own and relaxedly where it is not', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.link(a, b)
    const durability: string[] = []
    a.disk.onAppended = (_, how) => durability.push(`a ${how}`)
    b.disk.onAppended = (_, how) => durability.push(`b ${how}`)
    await a.node.issue(DATA)
    await world.quiet()
    expect(durability).toEqual(['a strict', 'b relaxed'])
  })

  it('is forwarded by gossip when its missing parent comes in time, and not after', async () => {
    const signer = testSigner(1)
    const payload = encodeData(DATA)
    const now = world.clock.nowMs()
    const parent = await signedBlock(signer, { issuedAtMs: now - 20, payload })
    const child = await signedBlock(signer, { parents: [parent.id], issuedAtMs: now - 10, payload })
    const [s, a, c] = [await world.stranger('s'), await world.node('a'), await world.stranger('c')]
    await world.link(s, a)
    await world.link(a, c)
    await s.transport.publish(child.bytes)
    await world.quiet()
    await s.transport.publish(parent.bytes)
    await world.quiet()
    expect(c.gossip).toHaveLength(2)

    const late = await signedBlock(signer, { parents: [child.id], issuedAtMs: now - 5, payload })
    const last = await signedBlock(signer, { parents: [late.id], issuedAtMs: now - 4, payload })
    await s.transport.publish(last.bytes)
    await world.quiet()
    await world.pass(5000)
    await s.transport.publish(late.bytes)
    await world.quiet()
    expect(await a.disk.ids()).toEqual([parent.id, child.id, late.id, last.id])
    expect(a.transport.published.map((bytes) => bytes.length)).toEqual([last.bytes.length])
  })
})
