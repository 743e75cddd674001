import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at, makeBlock } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { idleMiner, signedBlock, World, type TestNode } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }
const WINDOW = { windowBlocksMax: 1024 }

let world: World
let a: TestNode
beforeEach(async () => {
  world = new World()
  a = await world.node('a', { ...WINDOW, miner: idleMiner })
})
afterEach(async () => {
  expect(a.disk.twice).toEqual([])
  await world.stop()
  expect(world.faults).toEqual([])
})

async function issueMany(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await a.node.issue(DATA)
    world.clock.advance(10)
  }
}

describe('A history longer than the window', () => {
  it('is kept on disk, and an old block named as a parent is found there', async () => {
    await issueMany(3000)
    const ids = await a.disk.ids()
    expect(ids).toHaveLength(3000)
    const child = await signedBlock(testSigner(1), { parents: [at(ids, 7)], issuedAtMs: world.clock.nowMs() })
    await a.node.receive(child.bytes, 's')
    await world.quiet()
    expect(await a.disk.ids()).toEqual([...ids, child.id])
    expect(a.transport.fetches).toEqual([])
    expect(a.node.holders.countOf(at(ids, 7))).toBe(1)
    expect(a.node.holders.countOf(child.id)).toBe(1)
  })

  it('has its old blocks known when they are sent again', async () => {
    await issueMany(1200)
    const [old] = await a.disk.all()
    expect(await a.node.receive(old?.bytes ?? new Uint8Array(), 's')).toEqual({ type: 'known', id: old?.id })
    expect(await a.disk.ids()).toHaveLength(1200)
  })

  it('has them known also when a damaged record made the store smaller than the window', async () => {
    await issueMany(1100)
    const ids = await a.disk.ids()
    const [old] = await a.disk.all()
    await a.disk.damage(ids.slice(500, 800))
    expect(await a.node.receive(old?.bytes ?? new Uint8Array(), 's')).toEqual({ type: 'known', id: old?.id })
  })

  it('does not let a block that came back inherit what was known of the one whose place it takes', async () => {
    await issueMany(1100)
    const ids = await a.disk.ids()
    const inWindow = at(ids, 80)
    a.node.holders.holdsPast('b', inWindow) // the oldest few, whose places are the next to be taken
    expect(a.node.holders.countOf(inWindow)).toBe(1)
    const child = await signedBlock(testSigner(1), { parents: [at(ids, 7)], issuedAtMs: world.clock.nowMs() })
    await a.node.receive(child.bytes, 's')
    await world.quiet()
    expect(await a.disk.ids()).toHaveLength(1101)
    a.node.holders.holdsPast('c', at(ids, 7))
    expect(a.node.holders.countOf(at(ids, 7))).toBe(2)
  })

  it('counts our own block as held once somebody fetches it, also when it has left the window', async () => {
    const b = await world.node('b', { ...WINDOW, verifier: { verify: async () => true } })
    const id = await b.node.issue(DATA)
    const signer = testSigner(1)
    const { signature } = (await signedBlock(signer, { issuedAtMs: 1 })).block
    for (let i = 0; i < 1100; i++) {
      const issuedAtMs = world.clock.nowMs() - 5000 + i
      await b.node.receive(makeBlock({ issuer: signer.publicKey, issuedAtMs, signature }).bytes, 'another')
    }
    expect(b.node.holders.hereOnly).toBe(1)
    const s = await world.stranger('s')
    await world.link(s, b)
    expect(await s.transport.fetch('b', [id])).toHaveLength(1)
    expect(b.node.holders.hereOnly).toBe(0)
  })

  it('comes back after a restart as far as the window goes', async () => {
    await issueMany(1500)
    const ids = await a.disk.ids()
    await world.restart(a, WINDOW)
    expect(a.stored.map(({ id }) => id)).toEqual(ids.slice(-1024))
    await a.node.issue(DATA)
    expect(a.stored.at(-1)?.block.parents).toEqual([ids.at(-1)])
  })
})
