import { describe, expect, it } from 'vitest'
import { noncesOf } from '../../src/mining/run.ts'
import { WorkerRacer } from '../../src/mining/worker-racer.ts'
import { ENDLESS, expectWinner, quickTask } from '../contract/miner.ts'
import { handPort, type HandPort, minerPort, runOf, threadPort } from './ports.ts'

const ALL_NONCES = noncesOf({})

describe('WorkerRacer', () => {
  /** A racer whose workers the test plays. */
  function create() {
    const ports: HandPort[] = []
    const racer = new WorkerRacer(() => handPort(ports))
    const run = (seed: number, by?: AbortSignal) => racer.run(runOf(quickTask(seed), by))
    return { ports, racer, run }
  }

  const mine = (seed: number) => ({ type: 'mine', task: quickTask(seed), range: ALL_NONCES })

  it('starts a worker for the first task, and one is enough', async () => {
    const { ports, racer, run } = create()
    expect(ports).toHaveLength(0)
    const first = run(1)
    ports[0]?.say({ type: 'found', nonce: 7 })
    expect(await first).toBe(7)
    const second = run(2)
    ports[0]?.say({ type: 'found', nonce: 8 })
    expect(await second).toBe(8)
    expect(ports).toHaveLength(1)
    racer.end()
    expect(ports[0]?.terminated).toBe(true)
  })

  it('rejects a cancelled run at once, and asks the worker for the next when it has answered', async () => {
    const { ports, run } = create()
    const stop = new AbortController()
    const first = run(1, stop.signal)
    stop.abort()
    await expect(first).rejects.toBe(stop.signal.reason)
    const second = run(2)
    expect(ports[0]?.heard).toEqual([mine(1), { type: 'cancel' }])
    ports[0]?.say({ type: 'cancelled' })
    expect(ports[0]?.heard.slice(2)).toEqual([mine(2)])
    ports[0]?.say({ type: 'found', nonce: 3 })
    expect(await second).toBe(3)
  })

  it('takes an answer that crossed a cancel for the cancelled run only', async () => {
    const { ports, run } = create()
    const stop = new AbortController()
    const first = run(1, stop.signal)
    stop.abort()
    await expect(first).rejects.toBe(stop.signal.reason)
    const second = run(2)
    ports[0]?.say({ type: 'found', nonce: 1 })
    ports[0]?.say({ type: 'found', nonce: 2 })
    expect(await second).toBe(2)
  })

  it('never asks for what was cancelled while the worker was not free', async () => {
    const { ports, run } = create()
    const [one, two] = [new AbortController(), new AbortController()]
    const first = run(1, one.signal)
    one.abort()
    await expect(first).rejects.toBe(one.signal.reason)
    const second = run(2, two.signal)
    two.abort()
    await expect(second).rejects.toBe(two.signal.reason)
    ports[0]?.say({ type: 'cancelled' })
    expect(ports[0]?.heard).toEqual([mine(1), { type: 'cancel' }])
  })

  it('says that its worker crashed, and starts a fresh one with the next task', async () => {
    const { ports, run } = create()
    const first = run(1)
    ports[0]?.crash('out of memory')
    await expect(first).rejects.toMatchObject({ kind: 'failed', message: 'out of memory' })
    expect(ports[0]?.terminated).toBe(true)

    const next = run(3)
    expect(ports).toHaveLength(2)
    ports[0]?.say({ type: 'found', nonce: 1 })
    ports[0]?.crash('again')
    ports[1]?.say({ type: 'found', nonce: 2 })
    expect(await next).toBe(2)
  })

  it('starts a fresh worker for what waited behind a cancelled task when that one crashed', async () => {
    const { ports, run } = create()
    const stop = new AbortController()
    const first = run(1, stop.signal)
    stop.abort()
    await expect(first).rejects.toBe(stop.signal.reason)
    const second = run(2)
    ports[0]?.crash('out of memory')
    expect(ports[1]?.heard).toEqual([mine(2)])
    ports[1]?.say({ type: 'found', nonce: 5 })
    expect(await second).toBe(5)
  })

  it('keeps the worker when a range has no nonce', async () => {
    const { ports, run } = create()
    const first = run(1)
    ports[0]?.say({ type: 'failed', kind: 'exhausted', message: 'none' })
    await expect(first).rejects.toMatchObject({ name: 'MinerError', kind: 'exhausted' })
    const second = run(2)
    ports[0]?.say({ type: 'found', nonce: 5 })
    expect(await second).toBe(5)
    expect(ports).toHaveLength(1)
  })

  it('says that a worker could not be started, and tries again with the next task', async () => {
    let refused = 1
    const racer = new WorkerRacer(() => {
      if (refused-- > 0) throw new Error('blocked by policy')
      return minerPort()
    })
    const run = () => racer.run(runOf(quickTask(1)))
    await expect(run()).rejects.toMatchObject({ kind: 'failed', cause: { message: 'blocked by policy' } })
    expectWinner(quickTask(1), await run())
    racer.end()
  })

  it('hears of it when a real worker dies', async () => {
    const racer = new WorkerRacer(() => threadPort(new URL('./no-such-worker.ts', import.meta.url)))
    const run = racer.run(runOf(ENDLESS))
    await expect(run).rejects.toMatchObject({ name: 'MinerError', kind: 'failed' })
    racer.end()
  })
})
