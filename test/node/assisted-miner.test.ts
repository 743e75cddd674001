import { beforeAll, describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { localMiner } from '../../src/mining/miner.ts'
import { loadKernel } from '../../src/mining/search.ts'
import type { MineAnswer, MineRequest, Miner, MiningOptions, MiningTask } from '../../src/ports.ts'
import { GENESIS } from '../core/make.ts'
import { readKernel } from '../mining/kernels.ts'
import { eachWithWorld, until, type Stranger, type TestNode, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }
const MINUTE_MS = 60_000

/** Some thousand hashes a block: nothing for a kernel, and a wrong nonce is one. */
const network = networkOf({ ...GENESIS, powBase: 2 ** 14 })

let world: World
eachWithWorld((made) => (world = made))

let kernel: WebAssembly.Module
beforeAll(async () => {
  kernel = await loadKernel(readKernel)
})

/** A device's own miner, which finds nothing until the test lets it, and says how fast it is. */
class SlowMiner implements Miner {
  tasks = 0
  stopped = 0
  /** Says once more how fast it is. */
  report: () => void = () => undefined
  readonly #inner = localMiner(kernel, () => world.clock.nowMs())
  readonly #hashesPerSecond: number
  #free = Promise.withResolvers<void>()

  constructor(hashesPerSecond = 1) {
    this.#hashesPerSecond = hashesPerSecond
  }

  async mine(task: MiningTask, { signal, onProgress }: MiningOptions = {}): Promise<number> {
    this.tasks++
    const aborted = Promise.withResolvers<never>()
    signal?.addEventListener('abort', () => {
      this.stopped++
      aborted.reject(signal.reason)
    })
    this.report = () => onProgress?.({ hashes: 1, hashesPerSecond: this.#hashesPerSecond })
    this.report()
    await Promise.race([this.#free.promise, aborted.promise])
    return this.#inner.mine(task)
  }

  /** Lets it find what it looks for now. */
  free(): void {
    this.#free.resolve()
    this.#free = Promise.withResolvers()
  }

  close() {}
}

/** A device that mines slowly, and what it asked others for. */
async function slow(hashesPerSecond?: number): Promise<{ a: TestNode; own: SlowMiner }> {
  const own = new SlowMiner(hashesPerSecond)
  return { a: await world.node('a', { network, miner: own }), own }
}

/** Somebody without a node who answers requests for work as a test likes. */
function answering(name: string, onMine: (request: MineRequest) => Promise<MineAnswer>): Promise<Stranger> {
  return world.stranger(name, { onMine })
}

/** One that mines for others, fast. */
function helper(name: string): Promise<TestNode> {
  const miner = localMiner(kernel, () => world.clock.nowMs())
  return world.node(name, { network, miner, minesForOthers: () => true })
}

/** Lets `a` issue a block by itself, for nobody helps; resolves with whom it asked meanwhile. */
async function byItself(a: TestNode, own: SlowMiner): Promise<readonly string[]> {
  const before = a.transport.workAsked.length
  const tasks = own.tasks
  const issuing = a.node.issue(DATA)
  await until(() => own.tasks > tasks)
  await world.quiet()
  own.free()
  await issuing
  await world.quiet()
  return a.transport.workAsked.slice(before)
}

describe('A block whose work takes long here', () => {
  it('is mined by a peer that does so for others, and is as good as any', async () => {
    const { a, own } = await slow()
    const b = await helper('b')
    await world.link(a, b)
    const id = await a.node.issue(DATA)
    await world.quiet()
    expect(own.stopped).toBe(1)
    expect(await b.disk.ids()).toEqual([id])
    expect(b.transport.blamed).toEqual([])
    expect(a.transport.workAsked).toEqual(['b'])
  })

  it('is mined by a peer that comes in the middle of it', async () => {
    const { a, own } = await slow()
    const issuing = a.node.issue(DATA)
    await until(() => own.tasks === 1)
    const b = await helper('b')
    await world.link(a, b)
    own.report()
    const id = await issuing
    await world.quiet()
    expect(own.stopped).toBe(1)
    expect(await b.disk.ids()).toEqual([id])
  })

  it('is asked for of one peer after the other, and of whom helped first the next time', async () => {
    const { a } = await slow()
    const refusals: string[] = []
    const no = (name: string) =>
      answering(name, async () => {
        refusals.push(name)
        return { type: 'refused', reason: 'busy' }
      })
    for (const peer of [await no('s'), await no('t'), await helper('b')]) await world.link(a, peer)
    await a.node.issue(DATA)
    expect(a.transport.workAsked).toEqual(['s', 't', 'b'])
    await world.pass(MINUTE_MS)
    await a.node.issue(DATA)
    expect(a.transport.workAsked).toEqual(['s', 't', 'b', 'b'])
    expect(refusals).toEqual(['s', 't'])
  })

  it('is not asked for where it would be done in a moment', async () => {
    const { a, own } = await slow(2 ** 14)
    await world.link(a, await helper('b'))
    expect(await byItself(a, own)).toEqual([])
  })

  it.each([
    ['does so for nobody', 'off', 10],
    ['is busy', 'busy', 0.5],
    ['has done enough', 'too-often', 1],
    ['found nothing', 'unfinished', 1],
  ] as const)(
    'is mined here where the peer %s, who is not asked again for a while',
    async (_, reason, min) => {
      const { a, own } = await slow()
      await world.link(a, await answering('s', async () => ({ type: 'refused', reason })))
      expect(await byItself(a, own)).toEqual(['s'])
      await world.pass(min * MINUTE_MS - 1000)
      expect(await byItself(a, own)).toEqual([])
      await world.pass(2000)
      expect(await byItself(a, own)).toEqual(['s'])
    },
  )

  it('is mined here where the peer gives a wrong nonce: it is no peer’s word, and asked for less and less', async () => {
    const { a, own } = await slow()
    await world.link(a, await answering('s', async () => ({ type: 'found', nonce: 0 })))
    const b = await world.node('b', { network })
    await world.link(a, b)
    for (const pauseMin of [10, 20, 40]) {
      expect(await byItself(a, own)).toContain('s')
      await world.pass(pauseMin * MINUTE_MS - 1000)
      expect(await byItself(a, own)).not.toContain('s')
      await world.pass(2000)
    }
    expect(await b.disk.ids()).toHaveLength(6)
    expect([...a.transport.blamed, ...b.transport.blamed]).toEqual([])
    expect(a.transport.peers().map(({ id }) => id)).toContain('s')
  })

  it('is asked of the next peer where one goes away in the middle', async () => {
    const { a } = await slow()
    const asked = Promise.withResolvers<void>()
    const s = await answering('s', () => {
      asked.resolve()
      return new Promise(() => undefined)
    })
    await world.link(a, s)
    const issuing = a.node.issue(DATA)
    await asked.promise
    const b = await helper('b')
    await world.link(a, b)
    expect(a.transport.workAsked).toEqual(['s'])
    await world.unlink(a, s)
    const id = await issuing
    await world.quiet()
    expect(a.transport.workAsked).toEqual(['s', 'b'])
    expect(await b.disk.ids()).toEqual([id])
  })

  it('ends for the peer too when it is found here, or not wanted any more', async () => {
    const { a, own } = await slow()
    let calledOff = 0
    const s = await world.stranger('s', {
      onMine: (_request, _from, signal) => {
        signal.addEventListener('abort', () => calledOff++)
        return new Promise(() => undefined)
      },
    })
    await world.link(a, s)
    expect(await byItself(a, own)).toEqual(['s'])
    expect(calledOff).toBe(1)

    const stop = new AbortController()
    const issuing = a.node.issue(DATA, { signal: stop.signal })
    await until(() => own.tasks === 2)
    await world.quiet()
    stop.abort(new Error('changed my mind'))
    await expect(issuing).rejects.toThrow('changed my mind')
    await world.quiet()
    expect(own.stopped).toBeGreaterThan(0)
    expect(calledOff).toBe(2)
    expect(a.transport.workAsked).toEqual(['s', 's'])
    expect(await a.disk.ids()).toHaveLength(1)
  })
})
