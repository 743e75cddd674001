import { describe, expect, it } from 'vitest'
import type { BlockId } from '../../src/core/model/id.ts'
import { testSigner } from '../net/support.ts'
import { eachWithWorld, signedBlock, signedChain, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(7) }

let world: World
eachWithWorld((made) => (world = made))

describe('Blocks made while alone', () => {
  it('are fetched with their whole past once a peer is there, and count as shared', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.issueMany(a, 20)
    expect(a.node.holders.hereOnly).toBe(20)
    expect(a.transport.published).toEqual([])

    await world.link(a, b)
    expect(await b.disk.ids()).toEqual(await a.disk.ids())
    expect(a.node.holders.hereOnly).toBe(0)
    for (const id of await a.disk.ids()) expect(a.node.holders.countOf(id)).toBe(1)
  })

  it('flow both ways when both were alone', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.issueMany(a, 5)
    await world.issueMany(b, 7)
    await world.link(a, b)
    expect(new Set(await a.disk.ids())).toEqual(new Set(await b.disk.ids()))
    expect(a.node.holders.hereOnly).toBe(0)
    expect(b.node.holders.hereOnly).toBe(0)
  })

  it('are acknowledged by a peer that has them all already and fetches nothing', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.issueMany(a, 3)
    const ids = await a.disk.ids()
    for (const { bytes } of await a.disk.all()) await b.node.receive(bytes, 'a friend with a stick')

    await world.link(a, b)
    expect(b.transport.fetches).toEqual([])
    expect(ids.map((id) => a.node.holders.countOf(id))).toEqual([1, 1, 1])
  })

  it('are acknowledged by tips that were named again, if the first exchange was lost', async () => {
    const a = await world.node('a')
    const silent = { onTips: () => Promise.reject(new Error('not now')) }
    const stranger = await world.stranger('b', silent)
    const id = await a.node.issue(DATA)
    await world.link(a, stranger)
    expect(a.node.holders.countOf(id)).toBe(0)
    silent.onTips = async () => [id] as never
    world.faults.length = 0
    await stranger.transport.stop()
    await world.quiet()

    const again = await world.stranger('b', { onTips: async () => [id] })
    await world.link(a, again)
    expect(a.node.holders.countOf(id)).toBe(1)
  })

  it('are never counted for fewer peers after a reconnect', async () => {
    const [a, b, c] = [await world.node('a'), await world.node('b'), await world.node('c')]
    await world.issueMany(a, 4)
    const ids = await a.disk.ids()
    const counts = () => ids.map((id) => a.node.holders.countOf(id))
    await world.link(a, b)
    await world.unlink(a, b)
    expect(counts()).toEqual([1, 1, 1, 1])
    await world.link(a, c)
    expect(counts()).toEqual([2, 2, 2, 2])
    await world.link(a, b)
    await world.issueMany(a, 1)
    await world.quiet()
    expect(counts()).toEqual([2, 2, 2, 2])
  })

  it('are counted one by one for a peer that only fetched some', async () => {
    const a = await world.node('a')
    await world.issueMany(a, 3)
    const [first, second, third] = await a.disk.ids()
    const s = await world.stranger('s')
    await world.link(s, a)
    if (second === undefined || first === undefined || third === undefined) throw new Error('three blocks')
    expect(await s.transport.fetch('a', [second])).toHaveLength(1)
    await world.quiet()
    expect([first, second, third].map((id) => a.node.holders.countOf(id))).toEqual([0, 1, 0])
    expect(a.node.holders.hereOnly).toBe(2)
  })

  it('are here only, and named again, while the answer to their fetch is lost on its way', async () => {
    const a = await world.node('a')
    const id = await a.node.issue(DATA)
    const named: (readonly BlockId[])[] = []
    const s = await world.stranger('s', {
      onTips: async (ids) => {
        named.push(ids)
        return []
      },
    })
    await world.link(s, a)
    const lost = expect(s.transport.fetch('a', [id])).rejects.toMatchObject({ kind: 'lost-peer' })
    await world.unlink(s, a)
    await lost
    expect(a.transport.served).toEqual([['s', id]])
    expect([a.node.holders.hereOnly, a.node.holders.countOf(id)]).toEqual([1, 0])

    await world.link(s, a)
    named.length = 0
    await world.pass(5000)
    await world.pass(5000)
    expect(named).toEqual([[id], [id]])

    expect(await s.transport.fetch('a', [id])).toHaveLength(1)
    await world.quiet()
    expect([a.node.holders.hereOnly, a.node.holders.countOf(id)]).toEqual([0, 1])
    await world.pass(5000)
    expect(named).toHaveLength(2)
  })

  it('that do not fit one answer are counted only as far as the answer went', async () => {
    const a = await world.node('a')
    const body = new Uint8Array(16_000)
    for (let i = 0; i < 80; i++) {
      await a.node.issue({ topic: 'test', body })
      world.clock.advance(10)
    }
    const ids = await a.disk.ids()
    const s = await world.stranger('s')
    await world.link(s, a)
    const answer = await s.transport.fetch('a', ids)
    await world.quiet()
    expect(answer.length).toBeLessThan(80)
    expect(ids.filter((id) => a.node.holders.countOf(id) > 0)).toHaveLength(answer.length)
  })

  it('that do not fit one answer are asked for again and all come', async () => {
    const [s, a, b] = [testSigner(3), await world.node('a'), await world.node('b')]
    const payload = Uint8Array.from([4, ...new TextEncoder().encode('test'), ...new Uint8Array(16_000)])
    const leaves = []
    for (let i = 0; i < 80; i++)
      leaves.push(await signedBlock(s, { issuedAtMs: world.clock.nowMs() - 1000 - i, payload }))
    for (const { bytes } of leaves) await a.node.receive(bytes, 'a friend')
    await world.link(a, b)
    expect(await b.disk.ids()).toHaveLength(80)
  })

  it('cross in a chain of 700, although a peer is granted 256 unsolid blocks', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.issueMany(a, 700)
    await world.link(a, b)
    expect(await b.disk.ids()).toEqual(await a.disk.ids())
    expect(a.node.holders.hereOnly).toBe(0)
    // each block once to find the way back, and little more
    expect(b.transport.fetches.length).toBeLessThan(720)
  })

  it('cross although the peer that names them had no chance to be asked before', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    const s = await world.stranger('s')
    const [parent, child] = await signedChain(testSigner(5), 2, world.clock.nowMs() - 10_000)
    if (parent === undefined || child === undefined) throw new Error('two blocks')
    await world.link(s, b)
    await s.transport.publish(child.bytes)
    await world.quiet()
    await world.pass(100) // nobody has the parent: it is given up for a while
    await a.node.receive(parent.bytes, 'a friend')
    await a.node.receive(child.bytes, 'a friend')
    await world.link(a, b)
    await world.pass(500)
    expect(await b.disk.ids()).toEqual([parent.id, child.id])
  })
})
