import { describe, expect, it } from 'vitest'
import { Journal, WAITING_BLOCKS_MAX } from '../../src/node/journal.ts'
import { createMemoryBlockStore } from '../../src/store/memory.ts'
import { at, idOf, makeBlock, makeChain } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { eachWithWorld, signedBlock, signedChain, until, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

let world: World
eachWithWorld((made) => (world = made))

describe('A disk that is full', () => {
  it('acknowledges and sends nothing, says so, and takes everything in order when there is room', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.link(a, b)
    a.disk.refusal = 'quota-exceeded'
    const acknowledged: string[] = []
    const first = a.node.issue(DATA).then((id) => acknowledged.push(id))
    await until(() => a.node.storage.waiting === 1)
    world.clock.advance(10)
    const second = a.node.issue(DATA).then((id) => acknowledged.push(id))
    await until(() => a.node.storage.waiting === 2)
    await world.pass(1000)
    expect(a.node.storage.state).toBe('full')
    expect(acknowledged).toEqual([])
    expect(a.stored).toEqual([])
    expect(a.transport.sent.filter((bytes) => bytes.length > 200)).toEqual([])
    expect(await b.disk.ids()).toEqual([])

    a.disk.refusal = undefined
    await world.pass(1000)
    await Promise.all([first, second])
    expect(a.node.storage).toMatchObject({ state: 'ok', waiting: 0 })
    expect(await a.disk.ids()).toEqual(acknowledged)
    expect(await b.disk.ids()).toEqual(acknowledged)
  })

  it('that fails in another way is tried again too, and says so', async () => {
    const a = await world.node('a')
    a.disk.refusal = 'failed'
    const issuing = a.node.issue(DATA)
    await until(() => a.node.storage.state === 'failing')
    a.disk.refusal = undefined
    await world.pass(500)
    expect(await a.disk.ids()).toEqual([await issuing])
  })

  it('makes the node take no more than it may hold, and blame nobody for it', async () => {
    const busy: string[] = []
    const signer = testSigner(1)
    const { signature } = (await signedBlock(signer, { issuedAtMs: 1 })).block
    const easy = await world.node('easy', { verifier: { verify: async () => true } })
    easy.disk.refusal = 'quota-exceeded'
    for (let i = 0; i < WAITING_BLOCKS_MAX + 200; i++) {
      const issuedAtMs = world.clock.nowMs() - 10_000 + i
      const { bytes } = makeBlock({ issuer: signer.publicKey, issuedAtMs, signature })
      void easy.node.receive(bytes, 's').then(
        ({ type }) => busy.push(type),
        () => undefined,
      )
      if (i % 100 === 0) await world.quiet()
    }
    await world.quiet()
    const { waiting } = easy.node.storage
    expect(waiting).toBeLessThanOrEqual(WAITING_BLOCKS_MAX + 100) // what was being verified when it became full
    expect(busy.length).toBeGreaterThan(0)
    expect(new Set(busy)).toEqual(new Set(['busy']))
    expect(easy.transport.blamed).toEqual([])

    easy.disk.refusal = undefined
    await world.pass(500)
    await until(() => easy.node.storage.waiting === 0)
    expect(await easy.disk.ids()).toHaveLength(waiting)
  })
})

describe('The journal', () => {
  it('writes more blocks than one append takes, in order', async () => {
    const store = createMemoryBlockStore()
    const journal = new Journal(store, () => undefined)
    const chain = makeChain(1500)
    await journal.append(chain, 'relaxed')
    expect(journal).toMatchObject({ state: 'ok', waiting: 0 })
    expect(store.stats().blocks).toBe(1500)
    for await (const batch of store.newest(1)) expect(batch.map(({ id }) => id)).toEqual([at(chain, -1).id])
  })

  it('has nothing to do for no blocks', async () => {
    await new Journal(createMemoryBlockStore(), () => undefined).append([], 'strict')
  })

  it('refuses once it is closed', async () => {
    const journal = new Journal(createMemoryBlockStore(), () => undefined)
    journal.close()
    await expect(journal.append(makeChain(1), 'strict')).rejects.toMatchObject({ kind: 'closed' })
  })
})

describe('A closed or failing store', () => {
  it('makes no handler throw', async () => {
    const a = await world.node('a')
    const s = await world.stranger('s')
    await world.link(s, a)
    const { bytes } = await signedBlock(testSigner(1), { issuedAtMs: world.clock.nowMs() })
    a.disk.failReads = true
    expect(await s.transport.fetch('a', [idOf(1)])).toEqual([])
    await s.transport.publish(bytes)
    await s.transport.exchangeTips('a', [idOf(2)])
    await world.quiet()
    expect(world.faults).toEqual([])
    expect(a.transport.blamed).toEqual([])
  })
})

describe('A record that failed its checksum', () => {
  it('is salvaged where its bytes are good, and the rest is fetched again, also behind its children', async () => {
    const [a, b] = [await world.node('a'), await world.node('b')]
    await world.link(a, b)
    await world.issueMany(a, 10)
    await world.quiet()
    await world.pass(1000)
    await world.unlink(a, b)
    const ids = await a.disk.ids()
    await a.node.stop()
    const candidates = await a.disk.damage(ids.slice(3, 7))
    await world.start(a)
    expect(await a.disk.ids()).toHaveLength(6)

    await a.node.salvage([at(candidates, 0), Uint8Array.of(1, 2), at(candidates, 1).slice(1)])
    expect(await a.disk.ids()).toContain(ids[3])
    expect(await a.disk.ids()).toHaveLength(7)

    await world.link(a, b)
    await world.pass(500)
    await world.pass(10_000)
    await world.pass(500)
    expect(new Set(await a.disk.ids())).toEqual(new Set(ids))
    expect(a.disk.twice).toEqual([])
    expect([...a.transport.blamed, ...b.transport.blamed]).toEqual([])

    await world.restart(a)
    expect(new Set(a.stored.map(({ id }) => id))).toEqual(new Set(ids))
  })

  it('found while running is salvaged although the graph still has its blocks', async () => {
    const a = await world.node('a')
    await world.issueMany(a, 5)
    const ids = await a.disk.ids()
    await a.node.salvage(await a.disk.damage(ids.slice(1, 3)))
    expect(new Set(await a.disk.ids())).toEqual(new Set(ids))
    await a.node.salvage(await a.disk.all().then((all) => all.map(({ bytes }) => bytes)))
    expect(a.disk.twice).toEqual([])
  })

  it('does not get a forged block in', async () => {
    const a = await world.node('a')
    const [genuine] = await signedChain(testSigner(4), 1, world.clock.nowMs() - 5000)
    if (genuine === undefined) throw new Error('one block')
    const forged = makeBlock({ ...genuine.block, signature: new Uint8Array(64) })
    await a.node.salvage([forged.bytes])
    expect(await a.disk.ids()).toEqual([])
    await a.node.salvage([genuine.bytes])
    expect(await a.disk.ids()).toEqual([genuine.id])
  })
})
