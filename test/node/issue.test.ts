import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { loadKernel } from '../../src/mining/search.ts'
import { localMiner } from '../../src/mining/miner.ts'
import { NotIssued } from '../../src/node/errors.ts'
import { GENESIS } from '../core/make.ts'
import { readKernel } from '../mining/kernels.ts'
import { testSigner } from '../net/support.ts'
import { eachWithWorld, HeldMiner, signedBlock, until, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

let world: World
eachWithWorld((made) => (world = made))

describe('A block of our own', () => {
  it('whose parent is as far ahead as may be is acknowledged only once it is ripe and stored', async () => {
    const a = await world.node('a')
    const ahead = await signedBlock(testSigner(1), { issuedAtMs: world.clock.nowMs() + 5000 })
    await a.node.receive(ahead.bytes, 's')
    let acknowledged = false
    const issuing = a.node.issue(DATA).then((id) => {
      acknowledged = true
      return id
    })
    await world.quiet()
    expect(acknowledged).toBe(false)
    await world.pass(1)
    expect(await a.disk.ids()).toEqual([ahead.id, await issuing])
  })

  it('in a network that was made far in the future of this clock is refused, and says so', async () => {
    const future = networkOf({ ...GENESIS, createdAtMs: world.clock.nowMs() + 3_600_000 })
    const a = await world.node('a', { network: future })
    await expect(a.node.issue(DATA)).rejects.toBeInstanceOf(NotIssued)
    expect(await a.disk.ids()).toEqual([])
  })

  it('can be cancelled while it is being worked on, and leaves nothing', async () => {
    const miner = new HeldMiner()
    const a = await world.node('a', { miner })
    const stop = new AbortController()
    const progress: number[] = []
    const issuing = a.node.issue(DATA, { signal: stop.signal, onProgress: (done) => progress.push(done) })
    issuing.catch(() => undefined)
    await until(() => miner.tasks === 1)
    for (const hashes of [1, 2, 3]) miner.progress(hashes)
    stop.abort(new Error('changed my mind'))
    await expect(issuing).rejects.toThrow('changed my mind')
    expect(await a.disk.ids()).toEqual([])
    expect(progress).toEqual([...progress].sort())
    expect(Math.max(...progress)).toBeLessThan(1)
  })

  it('tells how long what is left takes on average: as long as all of it did, at the rate measured last', async () => {
    const miner = new HeldMiner()
    const a = await world.node('a', { miner, network: networkOf({ ...GENESIS, powBase: 2 ** 10 }) })
    const left: number[] = []
    const issuing = a.node.issue(DATA, { onProgress: (_, leftMs) => left.push(leftMs) })
    await until(() => miner.tasks === 1)
    for (const hashesPerSecond of [2 ** 8, 2 ** 10, 2 ** 12]) miner.progress(hashesPerSecond)
    expect(left).toEqual([4000, 1000, 250])
    miner.finish()
    await issuing
  })

  it('is mined so that another peer accepts its work', async () => {
    const network = networkOf({ ...GENESIS, powBase: 2 ** 14 })
    const miner = localMiner(await loadKernel(readKernel), () => world.clock.nowMs())
    const a = await world.node('a', { network, miner })
    const b = await world.node('b', { network })
    const id = await a.node.issue(DATA)
    await world.link(a, b)
    expect(await b.disk.ids()).toEqual([id])
    expect(b.transport.blamed).toEqual([])
    miner.close()
  })
})
