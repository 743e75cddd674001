import { beforeEach, describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { blockIdFrom } from '../../src/core/crypto/block-id.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import { difficultyOf, targetOf, workValueOf } from '../../src/core/crypto/work.ts'
import { PAYLOAD_BYTES_MAX } from '../../src/core/model/block.ts'
import { localMiner } from '../../src/mining/miner.ts'
import { loadKernel } from '../../src/mining/search.ts'
import type { MineAnswer, MineRequest, Miner } from '../../src/ports.ts'
import { GENESIS } from '../core/make.ts'
import { readKernel } from '../mining/kernels.ts'
import { eachWithWorld, HeldMiner, until, type Stranger, type TestNode, type World } from './make-peer.ts'

const DATA = { topic: 'test', body: Uint8Array.of(1) }

const network = networkOf({ ...GENESIS, powBase: 2 ** 10, powPerKiB: 16 })

/** The dearest block there is in this network. */
const DEAREST = targetOf(
  difficultyOf({ kind: 'data', payloadBytes: PAYLOAD_BYTES_MAX, parents: [] }, network.genesis),
)

const request = (change: Partial<MineRequest> = {}): MineRequest => ({
  digest: new Uint8Array(32).fill(7),
  target: DEAREST,
  withinMs: 20_000,
  ...change,
})

const found: MineAnswer = { type: 'found', nonce: 0 }
const refused = (reason: Extract<MineAnswer, { type: 'refused' }>['reason']): MineAnswer => ({
  type: 'refused',
  reason,
})

let world: World
eachWithWorld((made) => (world = made))

let isOn: boolean
let miner: HeldMiner
let a: TestNode
let s: Stranger

async function open(own: Miner): Promise<void> {
  a = await world.node('a', { network, miner: own, minesForOthers: () => isOn })
  s = await world.stranger('s')
  await world.link(a, s)
}

const ask = (change?: Partial<MineRequest>, signal?: AbortSignal) =>
  s.transport.mine('a', request(change), signal)

/** Asks, and resolves once the node is at work on it. */
async function atWork(signal?: AbortSignal): Promise<Promise<MineAnswer>[]> {
  const tasks = miner.tasks
  const answer = ask({}, signal)
  answer.catch(() => undefined)
  await until(() => miner.tasks > tasks)
  return [answer]
}

/** One piece of work that takes so long. */
async function worked(ms: number): Promise<MineAnswer | undefined> {
  const [answer] = await atWork()
  world.clock.advance(ms)
  miner.finish()
  return answer
}

describe('A device that mines for others', () => {
  beforeEach(async () => {
    isOn = true
    miner = new HeldMiner()
    await open(miner)
  })

  it('refuses everybody unless its person wants it', async () => {
    isOn = false
    expect(await ask()).toEqual(refused('off'))
    expect(miner.tasks).toBe(0)
    const plain = await world.node('b', { network })
    await world.link(plain, s)
    expect(await s.transport.mine('b', request())).toEqual(refused('off'))
  })

  it('stops when its person wants it no more', async () => {
    const [answer] = await atWork()
    isOn = false
    await world.pass(1000)
    expect(await answer).toEqual(refused('off'))
  })

  it('takes no more work than the dearest block of its network takes', async () => {
    expect(await ask({ target: DEAREST - 1 })).toEqual(refused('too-much'))
    expect(miner.tasks).toBe(0)
    expect(await worked(0)).toEqual(found)
  })

  it('does one piece at a time, whoever asks', async () => {
    const [answer] = await atWork()
    const t = await world.stranger('t')
    await world.link(a, t)
    expect(await ask()).toEqual(refused('busy'))
    expect(await t.transport.mine('a', request())).toEqual(refused('busy'))
    miner.finish()
    expect(await answer).toEqual(found)
    expect(miner.tasks).toBe(1)
  })

  it('has its own work first: it gives up what is under way, and begins nothing', async () => {
    const [answer] = await atWork()
    const issuing = a.node.issue(DATA)
    expect(await answer).toEqual(refused('busy'))
    expect(await ask()).toEqual(refused('busy'))
    await until(() => miner.tasks === 2)
    miner.finish()
    await issuing
    expect(await worked(0)).toEqual(found)
  })

  it('stops when the answer is of no use any more', async () => {
    const [answer] = await atWork()
    await world.pass(19_999)
    await expect(Promise.race([answer, Promise.resolve('at work')])).resolves.toBe('at work')
    await world.pass(1)
    expect(await answer).toEqual(refused('unfinished'))
  })

  it('stops when whoever asked wants no more, or is gone', async () => {
    const stop = new AbortController()
    const [cancelled] = await atWork(stop.signal)
    stop.abort(new Error('found it'))
    await expect(cancelled).rejects.toThrow('found it')
    await world.quiet()
    const [lost] = await atWork()
    await world.unlink(a, s)
    await expect(lost).rejects.toMatchObject({ kind: 'lost-peer' })
    await world.link(a, s)
    expect(await worked(0)).toEqual(found)
  })

  it('answers a miner that fails with a refusal', async () => {
    const failing: Miner = {
      mine: async () => Promise.reject(new Error('no kernel')),
      close: () => undefined,
    }
    const b = await world.node('b', { network, miner: failing, minesForOthers: () => true })
    await world.link(b, s)
    expect(await s.transport.mine('b', request())).toEqual(refused('unfinished'))
  })

  it('gives a peer a quarter of a minute at once, and an eighth of the time after that', async () => {
    expect(await worked(15_000)).toEqual(found)
    expect(await ask()).toEqual(refused('too-often'))
    world.clock.advance(8 * 10)
    expect(await worked(10)).toEqual(found)
    expect(await ask()).toEqual(refused('too-often'))
  })

  it('gives all peers twice as much together, whoever they are', async () => {
    const peers = await Promise.all(['t', 'u', 'v'].map((name) => world.stranger(name)))
    for (const peer of peers) await world.link(a, peer)
    const answers: unknown[] = []
    for (const { transport } of peers) {
      const tasks = miner.tasks
      const answer = transport.mine('a', request())
      await world.quiet()
      if (miner.tasks > tasks) world.clock.advance(15_000)
      miner.finish()
      answers.push(await answer)
    }
    // while one is at work a quarter of what was done before is paid back: so there is some left for the third
    expect(answers).toEqual([found, found, found])
    expect(await ask()).toEqual(refused('too-often'))
  })

  it('counts the easiest work for something, and keeps nothing of a clock that is put back', async () => {
    for (let i = 0; i < 150; i++) expect(await worked(0)).toEqual(found)
    expect(await ask()).toEqual(refused('too-often'))
    world.clock.advance(-3_600_000)
    expect(await ask()).toEqual(refused('too-often'))
    world.clock.advance(8 * 1000)
    expect(await worked(0)).toEqual(found)
  })
})

it('Work done for others is what they asked for, and begins where nobody else does', async () => {
  isOn = true
  await open(localMiner(await loadKernel(readKernel), () => world.clock.nowMs()))
  const nonces = new Set<number>()
  for (let i = 0; i < 4; i++) {
    const answer = await ask()
    const nonce = answer.type === 'found' ? answer.nonce : NaN
    const id = blockIdFrom(networkKeyOf(network.id), request().digest, nonce)
    expect(workValueOf(id)).toBeLessThan(DEAREST)
    nonces.add(nonce)
  }
  expect(nonces.size).toBe(4)
})
