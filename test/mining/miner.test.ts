import { describe, expect, it } from 'vitest'
import { localMiner } from '../../src/mining/miner.ts'
import type { FromWorker, ToWorker } from '../../src/mining/protocol.ts'
import { noncesOf } from '../../src/mining/run.ts'
import { loadKernel } from '../../src/mining/search.ts'
import { serveMiner } from '../../src/mining/serve.ts'
import { ENDLESS, minerContract, quickTask } from '../contract/miner.ts'
import { firstWinner, readKernel } from './kernels.ts'

const ALL_NONCES = noncesOf({})

const nowMs = () => performance.now()

minerContract('local', async () => localMiner(await loadKernel(readKernel), nowMs))

describe('localMiner', () => {
  it('finds the first nonce of all, so that the same digest always makes the same block', async () => {
    const miner = localMiner(await loadKernel(readKernel), nowMs)
    expect(await miner.mine(quickTask(2))).toBe(firstWinner(quickTask(2), 0, 100_000))
    expect(await miner.mine({ ...quickTask(2), target: 2 ** 32 })).toBe(0)
  })
})

describe('serveMiner', () => {
  it('searches the range it is told, and no other', async () => {
    const scope = channelScope(() => loadKernel(readKernel))
    const winner = firstWinner(quickTask(1), 0, 100_000) ?? NaN
    const ask = (start: number, end: number) =>
      scope.ask({ type: 'mine', task: quickTask(1), range: { start, end } })
    expect(await ask(winner, winner + 1)).toEqual({ type: 'found', nonce: winner })
    expect(await ask(0, winner)).toMatchObject({ type: 'failed', kind: 'exhausted' })
    scope.close()
  })

  it('answers that it failed when the kernel cannot be had', async () => {
    const scope = channelScope(() => Promise.reject(new Error('offline')))
    expect(await scope.ask({ type: 'mine', task: quickTask(1), range: ALL_NONCES })).toEqual({
      type: 'failed',
      kind: 'failed',
      message: 'Error: offline',
    })
    scope.close()
  })

  it('answers a cancel that comes while the kernel loads', async () => {
    const { promise, resolve } = Promise.withResolvers<WebAssembly.Module>()
    const scope = channelScope(() => promise)
    const answer = scope.ask({ type: 'mine', task: ENDLESS, range: ALL_NONCES })
    scope.tell({ type: 'cancel' })
    resolve(await loadKernel(readKernel))
    expect(await answer).toEqual({ type: 'cancelled' })
    scope.close()
  })

  it('passes over a cancel that crossed its answer', async () => {
    const scope = channelScope(() => loadKernel(readKernel))
    const task = { ...quickTask(1), target: 2 ** 32 }
    scope.tell({ type: 'cancel' })
    expect(await scope.ask({ type: 'mine', task, range: ALL_NONCES })).toEqual({ type: 'found', nonce: 0 })
    scope.tell({ type: 'cancel' })
    expect(await scope.ask({ type: 'mine', task, range: ALL_NONCES })).toEqual({ type: 'found', nonce: 0 })
    scope.close()
  })
})

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
