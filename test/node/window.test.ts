import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { at } from '../core/make.ts'
import { encodeData } from '../../src/core/codec/data.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import { testSigner } from '../net/support.ts'
import { blockIn, identities, networkFor } from './make-committee.ts'
import { World, type NodeOptions, type TestNode } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

let world: World
let a: TestNode
let network: Network
let options: NodeOptions

/** Only what is committed may leave the window: a network of one that commits each second. */
beforeEach(async () => {
  world = new World()
  const { keys } = at(await identities(world, 1), 0)
  network = networkFor([keys], { dataRoundMs: 1000 })
  options = { windowBlocksMax: 1024, network, keys }
  a = await world.node('a', options)
})
afterEach(async () => {
  expect(a.disk.twice).toEqual([])
  await world.stop()
  expect(world.faults).toEqual([])
})

async function issueMany(count: number): Promise<readonly BlockId[]> {
  for (let i = 0; i < count; i++) {
    await a.node.issue(DATA)
    world.clock.advance(10)
  }
  await world.quiet()
  return a.disk.ids()
}

/** A stranger's block above these. */
const childOf = (...parents: readonly BlockId[]) =>
  blockIn(network, testSigner(1), {
    kind: 'data',
    payload: encodeData(DATA),
    parents,
    issuedAtMs: world.clock.nowMs(),
  })

describe('A history longer than the window', () => {
  it('is kept on disk, and an old block named as a parent is found there', async () => {
    const ids = await issueMany(3000)
    expect(ids.length).toBeGreaterThan(3000)
    const child = await childOf(at(ids, 7))
    await a.node.receive(child.bytes, 's')
    await world.quiet()
    expect(await a.disk.ids()).toEqual(expect.arrayContaining([...ids, child.id]))
    expect(a.transport.fetches).toEqual([])
    expect(a.node.holders.countOf(at(ids, 7))).toBe(1)
    expect(a.node.holders.countOf(child.id)).toBe(1)
  })

  it('has its old blocks known when they are sent again', async () => {
    const ids = await issueMany(1200)
    const [old] = await a.disk.all()
    expect(await a.node.receive(old?.bytes ?? new Uint8Array(), 's')).toEqual({ type: 'known', id: old?.id })
    expect(await a.disk.ids()).toEqual(ids)
  })

  it('has them known also when a damaged record made the store smaller than the window', async () => {
    const ids = await issueMany(1100)
    const [old] = await a.disk.all()
    await a.disk.damage(ids.slice(500, 800))
    expect(await a.node.receive(old?.bytes ?? new Uint8Array(), 's')).toEqual({ type: 'known', id: old?.id })
  })

  it('does not let a block that came back inherit what was known of the one whose place it takes', async () => {
    const ids = await issueMany(1100)
    const inWindow = at(ids, ids.length - 1020)
    a.node.holders.holdsPast('b', inWindow) // the oldest few, whose places are the next to be taken
    expect(a.node.holders.countOf(inWindow)).toBe(1)
    const child = await childOf(at(ids, 7))
    await a.node.receive(child.bytes, 's')
    await world.quiet()
    a.node.holders.holdsPast('c', at(ids, 7))
    expect(a.node.holders.countOf(at(ids, 7))).toBe(2)
  })

  it('counts our own block as held once somebody fetches it, also when it has left the window', async () => {
    const id = await a.node.issue(DATA)
    await issueMany(1100)
    const before = a.node.holders.hereOnly
    const s = await world.stranger('s')
    await world.link(s, a)
    expect(await s.transport.fetch('a', [id])).toHaveLength(1)
    expect(a.node.holders.hereOnly).toBe(before - 1)
  })

  it('keeps what is not committed, and takes no more where that would not fit until it is', async () => {
    const { keys } = at(await identities(world, 1), 0)
    const alone = { windowBlocksMax: 1024, network: networkFor([keys]), keys, typedIn: true }
    const b = await world.node('b', alone) // it may not propose before its person has vouched
    const taken: BlockId[] = []
    const issue = async () => void taken.push(await b.node.issue(DATA))
    const fill = async () => {
      for (let i = 0; i < 4096; i++) await issue()
    }
    await expect(fill()).rejects.toMatchObject({ dropped: { reason: 'too-much-uncommitted' } })
    expect(taken.length).toBeGreaterThan(3000)
    expect(taken.filter((id) => !b.node.isOpen(id))).toEqual([])
    await b.node.validator.vouch()
    await world.pass(1000)
    expect(b.node.isOpen(at(taken, -1))).toBe(false)
    await issue()
    expect(b.node.isOpen(at(taken, -1))).toBe(true)
  }, 30_000)

  it('comes back after a restart as far as the window goes', async () => {
    const ids = await issueMany(1500)
    const { index, digest } = a.node.head
    await world.restart(a, options)
    expect(a.stored.map(({ id }) => id)).toEqual(ids.slice(-1024))
    expect(a.node.head).toMatchObject({ index, digest })
    const tips = ids.slice(-1)
    await a.node.issue(DATA)
    expect(a.stored.find(({ id }) => !ids.includes(id))?.block.parents).toEqual(tips)
  })
})
