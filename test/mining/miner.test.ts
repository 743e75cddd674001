import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { localMiner, workerMiner } from '../../src/mining/miner.ts'
import type { FromWorker, Port, ToWorker } from '../../src/mining/protocol.ts'
import { loadKernel } from '../../src/mining/search.ts'
import { serveMiner } from '../../src/mining/serve.ts'
import { ENDLESS, minerContract, quickTask } from '../contract/miner.ts'
import { firstWinner, readKernel } from './kernels.ts'

const nowMs = () => performance.now()

minerContract('local', async () => localMiner(await loadKernel(readKernel), nowMs))
minerContract('worker thread', () => workerMiner(() => threadPort(new URL('./worker.ts', import.meta.url))))

describe('workerMiner', () => {
  it('starts a worker for the first task, and one is enough', async () => {
    const ports: HandPort[] = []
    const miner = workerMiner(() => handPort(ports))
    expect(ports).toHaveLength(0)
    const [first, second] = [miner.mine(quickTask(1)), miner.mine(quickTask(2))]
    ports[0]?.say({ type: 'found', nonce: 7 })
    expect(await first).toBe(7)
    ports[0]?.say({ type: 'found', nonce: 8 })
    expect(await second).toBe(8)
    expect(ports).toHaveLength(1)
    miner.close()
    expect(ports[0]?.terminated).toBe(true)
  })

  it('gives the worker one task at a time', async () => {
    const ports: HandPort[] = []
    const miner = workerMiner(() => handPort(ports))
    const first = miner.mine(quickTask(1))
    const stop = new AbortController()
    const second = miner.mine(quickTask(2), { signal: stop.signal })
    const third = miner.mine(quickTask(3))
    expect(ports[0]?.heard).toEqual([{ type: 'mine', task: quickTask(1) }])
    ports[0]?.say({ type: 'found', nonce: 1 })
    await first
    stop.abort()
    await expect(second).rejects.toBe(stop.signal.reason)
    expect(ports[0]?.heard.slice(1)).toEqual([{ type: 'mine', task: quickTask(2) }, { type: 'cancel' }])
    ports[0]?.say({ type: 'cancelled' })
    await settledTurns()
    expect(ports[0]?.heard.slice(3)).toEqual([{ type: 'mine', task: quickTask(3) }])
    ports[0]?.say({ type: 'found', nonce: 3 })
    expect(await third).toBe(3)
  })

  it('rejects all it holds when the worker crashes, and starts afresh with the next task', async () => {
    const ports: HandPort[] = []
    const miner = workerMiner(() => handPort(ports))
    const settled = Promise.allSettled([miner.mine(quickTask(1)), miner.mine(quickTask(2))])
    ports[0]?.crash('out of memory')
    const failed = { status: 'rejected', reason: { kind: 'failed', message: 'out of memory' } }
    expect(await settled).toMatchObject([failed, failed])
    expect(ports[0]?.terminated).toBe(true)

    const next = miner.mine(quickTask(3))
    expect(ports).toHaveLength(2)
    ports[0]?.say({ type: 'found', nonce: 1 })
    ports[0]?.crash('again')
    ports[1]?.say({ type: 'found', nonce: 2 })
    expect(await next).toBe(2)
  })

  it('keeps the worker when a task has no nonce', async () => {
    const ports: HandPort[] = []
    const miner = workerMiner(() => handPort(ports))
    const [first, second] = [miner.mine(quickTask(1)), miner.mine(quickTask(2))]
    ports[0]?.say({ type: 'failed', kind: 'exhausted', message: 'none' })
    await expect(first).rejects.toMatchObject({ name: 'MinerError', kind: 'exhausted' })
    ports[0]?.say({ type: 'found', nonce: 5 })
    expect(await second).toBe(5)
    expect(ports).toHaveLength(1)
  })

  it('says that a worker could not be started, and tries again with the next task', async () => {
    let refused = 1
    const miner = workerMiner(() => {
      if (refused-- > 0) throw new Error('blocked by policy')
      return threadPort(new URL('./worker.ts', import.meta.url))
    })
    await expect(miner.mine(quickTask(1))).rejects.toMatchObject({
      kind: 'failed',
      cause: { message: 'blocked by policy' },
    })
    expect(await miner.mine(quickTask(1))).toBe(firstWinner(quickTask(1), 0, 100_000))
    miner.close()
  })

  it('hears of it when a real worker dies', async () => {
    const miner = workerMiner(() => threadPort(new URL('./no-such-worker.ts', import.meta.url)))
    await expect(miner.mine(ENDLESS)).rejects.toMatchObject({ name: 'MinerError', kind: 'failed' })
    miner.close()
  })
})

describe('serveMiner', () => {
  it('answers that it failed when the kernel cannot be had', async () => {
    const scope = channelScope(() => Promise.reject(new Error('offline')))
    expect(await scope.ask({ type: 'mine', task: quickTask(1) })).toEqual({
      type: 'failed',
      kind: 'failed',
      message: 'Error: offline',
    })
    scope.close()
  })

  it('answers a cancel that comes while the kernel loads', async () => {
    const { promise, resolve } = Promise.withResolvers<WebAssembly.Module>()
    const scope = channelScope(() => promise)
    const answer = scope.ask({ type: 'mine', task: ENDLESS })
    scope.tell({ type: 'cancel' })
    resolve(await loadKernel(readKernel))
    expect(await answer).toEqual({ type: 'cancelled' })
    scope.close()
  })

  it('passes over a cancel that crossed its answer', async () => {
    const scope = channelScope(() => loadKernel(readKernel))
    const task = { ...quickTask(1), target: 2 ** 32 }
    scope.tell({ type: 'cancel' })
    expect(await scope.ask({ type: 'mine', task })).toEqual({ type: 'found', nonce: 0 })
    scope.tell({ type: 'cancel' })
    expect(await scope.ask({ type: 'mine', task })).toEqual({ type: 'found', nonce: 0 })
    scope.close()
  })
})

/** Node's worker in the shape of a browser's. */
function threadPort(url: URL): Port {
  const worker = new Worker(url)
  return {
    postMessage: (message) => worker.postMessage(message),
    addEventListener: (type: 'message' | 'error', listener: (event: never) => void) => {
      if (type === 'message') worker.on('message', (data: unknown) => listener({ data } as never))
      else worker.on('error', (error: unknown) => listener(error as never))
    },
    terminate: () => void worker.terminate(),
  }
}

/** A worker played by the test. */
interface HandPort extends Port {
  readonly heard: readonly ToWorker[]
  readonly terminated: boolean
  say(message: FromWorker): void
  crash(message: string): void
}

/** Makes a `HandPort` and puts it at the end of `ports`. */
function handPort(ports: HandPort[]): HandPort {
  const events = new EventTarget()
  const heard: ToWorker[] = []
  let terminated = false
  const port: HandPort = {
    heard,
    get terminated() {
      return terminated
    },
    say: (data) => events.dispatchEvent(new MessageEvent('message', { data })),
    crash: (message) => events.dispatchEvent(Object.assign(new Event('error'), { message })),
    postMessage: (message) => heard.push(message),
    addEventListener: (type: string, listener: (event: never) => void) =>
      events.addEventListener(type, listener as EventListener),
    terminate: () => {
      terminated = true
    },
  }
  ports.push(port)
  return port
}

/** `serveMiner` at the far end of a channel in this thread. */
function channelScope(load: () => Promise<WebAssembly.Module>) {
  const { port1, port2 } = new MessageChannel()
  serveMiner(port2, load, nowMs)
  port2.start()
  return {
    tell: (message: ToWorker) => port1.postMessage(message),
    /** Posts `message` and waits for the next thing said. */
    ask: (message: ToWorker) =>
      new Promise<FromWorker>((resolve) => {
        port1.onmessage = ({ data }) => resolve(data as FromWorker)
        port1.postMessage(message)
      }),
    close: () => port1.close(),
  }
}

/** Lets every promise that can settle do so. */
function settledTurns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
