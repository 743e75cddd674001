import { describe, expect, it } from 'vitest'
import { GpuRacer, openGpu, type OpenSearch } from '../../src/mining/gpu-racer.ts'
import { poolMiner } from '../../src/mining/pool.ts'
import { WorkerRacer } from '../../src/mining/worker-racer.ts'
import { ENDLESS, expectWinner, minerContract, quickTask } from '../contract/miner.ts'
import { minerPort, runOf } from './ports.ts'

const nowMs = () => performance.now()
minerContract('a worker thread, and a GPU there is not', () =>
  poolMiner([new WorkerRacer(minerPort), new GpuRacer(() => openGpu(undefined), nowMs)]),
)

describe('GpuRacer', () => {
  /** A racer on GPUs that do what `search` does, and what became of them. */
  function create(search: OpenSearch['search']) {
    const gpus = { opened: 0, closed: 0 }
    const racer = new GpuRacer(async () => {
      gpus.opened++
      const chunk = { ms: 1, first: 1, min: 1, max: 1 }
      return { chunk, setTask: () => {}, search, close: () => gpus.closed++ }
    }, nowMs)
    const run = (by?: AbortSignal) => racer.run(runOf(ENDLESS, by))
    return { gpus, racer, run }
  }

  it('opens the GPU once for all tasks, and lets go of it at the end', async () => {
    const { gpus, racer, run } = create(async (start) => start)
    expect(gpus.opened).toBe(0)
    expect(await run()).toBe(0)
    expect(await run()).toBe(0)
    expect(gpus).toEqual({ opened: 1, closed: 0 })
    racer.end()
    expect(gpus.closed).toBe(1)
  })

  it('is not asked a second time where there is no GPU', async () => {
    let asked = 0
    const open = async () => {
      asked++
      return undefined
    }
    const racer = new GpuRacer(open, nowMs)
    for (let each = 0; each < 2; each++)
      await expect(racer.run(runOf(ENDLESS))).rejects.toMatchObject({ kind: 'failed' })
    expect(asked).toBe(1)
  })

  it('takes no part while it works on what was cancelled, and is there again after that', async () => {
    let finish: (nonce: number | undefined) => void = () => {}
    const { run } = create(() => new Promise((resolve) => (finish = resolve)))
    const stop = new AbortController()
    const first = run(stop.signal)
    await settledTurns()
    stop.abort()
    await expect(first).rejects.toBe(stop.signal.reason)
    await expect(run()).rejects.toMatchObject({ kind: 'busy' })
    finish(undefined)
    await settledTurns()
    const third = run()
    await settledTurns()
    finish(6)
    expect(await third).toBe(6)
  })

  it('opens a lost GPU again, but not for ever', async () => {
    const { gpus, run } = create(() => Promise.reject(new Error('lost')))
    for (let each = 0; each < 3; each++) await expect(run()).rejects.toThrow('lost')
    expect(gpus).toEqual({ opened: 3, closed: 3 })
    await expect(run()).rejects.toMatchObject({ kind: 'failed' })
    expect(gpus.opened).toBe(3)
  })

  it('forgives what failed before it worked again', async () => {
    let tries = 0
    const { gpus, run } = create(async (start) => {
      if (++tries % 3 > 0) throw new Error('lost')
      return start
    })
    for (let each = 0; each < 4; each++) {
      await expect(run()).rejects.toThrow('lost')
      await expect(run()).rejects.toThrow('lost')
      expect(await run()).toBe(0)
    }
    expect(gpus.opened).toBe(9)
  })

  it('leaves a task it failed at to the workers', async () => {
    const { racer } = create(() => Promise.reject(new Error('lost')))
    const miner = poolMiner([new WorkerRacer(minerPort), racer])
    for (let seed = 1; seed < 6; seed++) expectWinner(quickTask(seed), await miner.mine(quickTask(seed)))
    miner.close()
  })

  it('closes a GPU that opens when all is over', async () => {
    const { gpus, racer, run } = create(async () => 0)
    const late = run()
    racer.end()
    await Promise.allSettled([late])
    expect(gpus).toEqual({ opened: 1, closed: 1 })
  })
})

describe('openGpu', () => {
  it('passes over an adapter that is a processor: the workers have that one already', async () => {
    // opening asks it for an adapter and no more
    const asGpu = { requestAdapter: async () => ({ info: { isFallbackAdapter: true } }) } as unknown as GPU
    expect(await openGpu(asGpu)).toBeUndefined()
  })
})

/** Lets every promise that can settle do so. */
function settledTurns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
