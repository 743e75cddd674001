import { beforeEach, describe, expect, it } from 'vitest'
import { GpuSearcher } from '../../src/mining/webgpu.ts'
import { ENDLESS, quickTask } from '../contract/miner.ts'
import { firstWinner } from './kernels.ts'

/** What the shader leaves where it found nothing. */
const NOTHING = 0xffff_ffff

/** What every GPU is tried with. */
const TRIAL = { key: new Uint8Array(32), digest: new Uint8Array(32), target: 2 ** 26 }

describe('GpuSearcher', () => {
  let answers: number[]
  let dispatched: { words: readonly number[]; workgroups: number }[]
  let isLost: boolean
  let destroyed: number

  beforeEach(() => {
    answers = []
    dispatched = []
    isLost = false
    destroyed = 0
  })

  /** On a GPU played by the test: it answers each dispatch with the next of `answers`. */
  // of an adapter the searcher uses nothing but its device
  const opened = () => GpuSearcher.open({ requestDevice: async () => device() } as unknown as GPUAdapter)

  /** The same, after it was right in its trial. */
  async function open(): Promise<GpuSearcher> {
    answers = [firstWinner(TRIAL, 0, 10_000) ?? NaN]
    const searcher = await opened()
    dispatched = []
    return searcher
  }

  function device(): unknown {
    let task: readonly number[] = []
    const pass = {
      setPipeline: () => {},
      setBindGroup: () => {},
      dispatchWorkgroups: (workgroups: number) => dispatched.push({ words: task, workgroups }),
      end: () => {},
    }
    const buffer = {
      mapAsync: () => (isLost ? Promise.reject(new Error('device lost')) : Promise.resolve()),
      getMappedRange: () => Uint32Array.of(answers.shift() ?? NOTHING).buffer,
      unmap: () => {},
    }
    return {
      createShaderModule: () => ({}),
      createComputePipelineAsync: async () => ({ getBindGroupLayout: () => ({}) }),
      createBuffer: () => buffer,
      createBindGroup: () => ({}),
      createCommandEncoder: () => ({
        beginComputePass: () => pass,
        copyBufferToBuffer: () => {},
        finish: () => ({}),
      }),
      queue: {
        writeBuffer: (_buffer: unknown, _at: number, words: Uint32Array) => {
          if (words.length > 1) task = [...words]
        },
        submit: () => {},
      },
      destroy: () => destroyed++,
    }
  }

  it('is not used where it passes over a winner, or names one that is none', async () => {
    answers = [NOTHING]
    await expect(opened()).rejects.toMatchObject({ kind: 'failed' })
    answers = [(firstWinner(TRIAL, 0, 10_000) ?? NaN) + 1]
    await expect(opened()).rejects.toMatchObject({ kind: 'failed' })
    expect(destroyed).toBe(2)
  })

  it('believes a winner when one hash has shown that it is one', async () => {
    const searcher = await open()
    searcher.setTask(quickTask(1))
    const winner = firstWinner(quickTask(1), 0, 100_000) ?? NaN
    answers = [winner - 10]
    expect(await searcher.search(10, 100_000)).toBe(winner)
  })

  it('does not believe a winner that is none, or lies outside of what was asked', async () => {
    const searcher = await open()
    searcher.setTask(ENDLESS)
    answers = [3]
    await expect(searcher.search(0, 100)).rejects.toMatchObject({ kind: 'failed' })
    searcher.setTask({ ...ENDLESS, target: 2 ** 32 })
    answers = [100]
    await expect(searcher.search(0, 100)).rejects.toMatchObject({ kind: 'failed' })
  })

  it('cuts a range where the high word changes, and goes on behind it', async () => {
    const searcher = await open()
    searcher.setTask(quickTask(1))
    expect(await searcher.search(2 ** 32 - 5, 12)).toBeUndefined()
    const [before, behind] = dispatched.map(({ words }) => words.slice(16))
    expect([before, behind]).toEqual([
      [0, 2 ** 32 - 5, 5, 2 ** 24 - 1],
      [1, 0, 7, 2 ** 24 - 1],
    ])
  })

  it('dispatches no more workgroups than every GPU allows', async () => {
    const searcher = await open()
    searcher.setTask(quickTask(1))
    for (const count of [1, 1025, 2 ** 28]) await searcher.search(0, count)
    expect(dispatched.map(({ workgroups }) => workgroups)).toEqual([1, 2, 65_535])
  })

  it('says that the device was lost, and lets go of it when it is closed', async () => {
    const searcher = await open()
    searcher.setTask(quickTask(1))
    isLost = true
    await expect(searcher.search(0, 100)).rejects.toMatchObject({
      kind: 'failed',
      message: 'The GPU was lost.',
    })
    searcher.close()
    expect(destroyed).toBe(1)
  })

  it('refuses a task and a range that cannot be', async () => {
    const searcher = await open()
    await expect(searcher.search(0, 1)).rejects.toThrow('setTask')
    expect(() => searcher.setTask({ ...ENDLESS, target: 0 })).toThrow(RangeError)
    searcher.setTask(ENDLESS)
    await expect(searcher.search(-1, 1)).rejects.toThrow(RangeError)
  })
})
