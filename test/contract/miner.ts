import { afterEach, describe, expect, it } from 'vitest'
import { TASKS_MAX } from '../../src/mining/serial.ts'
import type { Miner, MiningProgress, MiningTask } from '../../src/ports.ts'
import { lastWord } from '../mining/kernels.ts'

/** What every `Miner` does. `create` makes a fresh one; it is closed after each test. */
export function minerContract(name: string, create: () => Miner | Promise<Miner>): void {
  describe(`miner contract: ${name}`, () => {
    const open: Miner[] = []

    const start = async () => {
      const miner = await create()
      open.push(miner)
      return miner
    }

    afterEach(() => {
      for (const miner of open.splice(0)) miner.close()
    })

    it('finds a nonce whose id wins', async () => {
      const miner = await start()
      const task = quickTask(1)
      expectWinner(task, await miner.mine(task))
    })

    it('begins where it is told to', async () => {
      const miner = await start()
      for (let seed = 0; seed < 4; seed++) {
        const task = { ...quickTask(seed), start: FAR_NONCE }
        const nonce = await miner.mine(task)
        expectWinner(task, nonce)
        expect(nonce).toBeGreaterThanOrEqual(FAR_NONCE)
      }
    })

    it('takes many tasks at once and answers each with its own nonce', async () => {
      const miner = await start()
      const tasks = Array.from({ length: 20 }, (_, index) => quickTask(index))
      const nonces = await Promise.all(tasks.map((task) => miner.mine(task)))
      tasks.forEach((task, index) => expectWinner(task, nonces[index] ?? NaN))
    })

    it('works on the bytes as they were when it was asked', async () => {
      const miner = await start()
      const [first, second] = [quickTask(3), quickTask(4)]
      const key = first.key.slice()
      const digest = second.digest.slice()
      const nonces = [miner.mine({ ...first, key }), miner.mine({ ...second, digest })]
      key.fill(0)
      digest.fill(0)
      const [ofFirst = NaN, ofSecond = NaN] = await Promise.all(nonces)
      expectWinner(first, ofFirst)
      expectWinner(second, ofSecond)
    })

    it('refuses a task whose signal is aborted already', async () => {
      const miner = await start()
      const reason = new Error('not needed')
      await expect(miner.mine(ENDLESS, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    })

    it('lets go of the task under way when its signal is aborted, and goes on with the next', async () => {
      const miner = await start()
      const controller = new AbortController()
      const reason = new Error('changed my mind')
      const onProgress = () => controller.abort(reason)
      const stopped = miner.mine(ENDLESS, { signal: controller.signal, onProgress })
      const next = miner.mine(quickTask(5))
      await expect(stopped).rejects.toBe(reason)
      expectWinner(quickTask(5), await next)
    })

    it('lets go of a task in the same turn as it was asked', async () => {
      const miner = await start()
      const controller = new AbortController()
      const stopped = miner.mine(ENDLESS, { signal: controller.signal })
      controller.abort()
      await expect(stopped).rejects.toBe(controller.signal.reason)
      await miner.mine({ ...ENDLESS, target: 2 ** 32 })
    })

    it('lets go of a task that waits, and of no other', async () => {
      const miner = await start()
      const [first, second] = [new AbortController(), new AbortController()]
      const running = miner.mine(ENDLESS, { signal: first.signal })
      const waiting = miner.mine(ENDLESS, { signal: second.signal })
      const behind = miner.mine(quickTask(6))
      second.abort()
      await expect(waiting).rejects.toBe(second.signal.reason)
      first.abort()
      await expect(running).rejects.toBe(first.signal.reason)
      expectWinner(quickTask(6), await behind)
    })

    it('is not troubled by a signal aborted after its task is done', async () => {
      const miner = await start()
      const controller = new AbortController()
      await miner.mine(quickTask(7), { signal: controller.signal })
      const next = miner.mine(quickTask(8))
      controller.abort()
      expectWinner(quickTask(8), await next)
    })

    it('tells how far it is while it works, and nothing after a cancel', async () => {
      const miner = await start()
      const controller = new AbortController()
      const reports: MiningProgress[] = []
      const onProgress = (progress: MiningProgress) => {
        reports.push(progress)
        if (reports.length === 3) controller.abort()
      }
      await expect(miner.mine(ENDLESS, { signal: controller.signal, onProgress })).rejects.toMatchObject({
        name: 'AbortError',
      })
      await miner.mine(quickTask(9))
      expect(reports).toHaveLength(3)
      reports.forEach(({ hashes, hashesPerSecond }, index) => {
        expect(hashes).toBeGreaterThan(reports[index - 1]?.hashes ?? 0)
        expect(hashesPerSecond).toBeGreaterThan(0)
      })
    })

    it('refuses a task that cannot be', async () => {
      const miner = await start()
      const bad: readonly Partial<MiningTask>[] = [
        { target: 0 },
        { target: 2 ** 32 + 1 },
        { target: 0.5 },
        { key: new Uint8Array(31) },
        { digest: new Uint8Array(33) },
        { start: -1 },
        { start: 2 ** 53 },
        { start: 0.5 },
      ]
      for (const change of bad) {
        await expect(miner.mine({ ...quickTask(10), ...change })).rejects.toThrow(RangeError)
      }
      await miner.mine({ ...quickTask(10), target: 2 ** 32 })
    })

    it('holds a bounded number of tasks', async () => {
      const miner = await start()
      const { signal, stop } = stopper()
      const held = Array.from({ length: TASKS_MAX }, () => miner.mine(ENDLESS, { signal }))
      const settled = Promise.allSettled(held)
      await expect(miner.mine(ENDLESS)).rejects.toMatchObject({ name: 'MinerError', kind: 'busy' })
      stop()
      expect((await settled).every(({ status }) => status === 'rejected')).toBe(true)
      await miner.mine({ ...ENDLESS, target: 2 ** 32 })
    })

    it('rejects what it holds, and what comes later, when it is closed', async () => {
      const miner = await start()
      const settled = Promise.allSettled([miner.mine(ENDLESS), miner.mine(ENDLESS)])
      miner.close()
      miner.close()
      const closed = { status: 'rejected', reason: { name: 'MinerError', kind: 'closed' } }
      expect(await settled).toMatchObject([closed, closed])
      await expect(miner.mine(quickTask(11))).rejects.toMatchObject({ kind: 'closed' })
    })
  })
}

/** A nonce that nobody comes to who began at 0. */
const FAR_NONCE = 2 ** 52

/** No nonce below 2^32 wins this task, which was found by trying them all: a test cannot see its end. */
export const ENDLESS: MiningTask = {
  key: new Uint8Array(32).fill(1),
  digest: new Uint8Array(32).fill(2),
  target: 1,
}

/** One of many tasks that take some hundred hashes. */
export function quickTask(seed: number): MiningTask {
  return { key: new Uint8Array(32).fill(seed), digest: new Uint8Array(32).fill(255 - seed), target: 2 ** 24 }
}

/** Which of all winners it is depends on who found it. */
export function expectWinner(task: MiningTask, nonce: number): void {
  expect(lastWord(task, nonce)).toBeLessThan(task.target)
}

function stopper(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController()
  return { signal: controller.signal, stop: () => controller.abort() }
}
