import { lpStream } from '@libp2p/utils'
import { expect, it, vi } from 'vitest'
import { STREAMS_PER_PEER_MAX, SYNC_PACE } from '../../src/net/limits.ts'
import { converseInMemory } from '../../src/net/memory-stream.ts'
import { namesOf } from '../../src/net/names.ts'
import { Pace } from '../../src/net/pace.ts'
import { answerReconcile, reconcile } from '../../src/net/reconciling.ts'
import { NETWORK } from './support.ts'
import { meet, NOWHERE, PATIENCE, uncommitted } from './sync-support.ts'
import { unusedHandlers } from './unused-handlers.ts'

it.each([
  [16_000, 8_300],
  [2_000, 66_000],
])('blocks of %i bytes, %i of them, are given to a newcomer without blame', async (bytes, count) => {
  const block = new Uint8Array(bytes)
  let got = 0
  const asker = {
    ...unusedHandlers,
    standing: () => ({ ...NOWHERE, uncommitted: uncommitted(count) }),
    onFetch: async (ids: Parameters<typeof unusedHandlers.onFetch>[0]) =>
      ids.map((id) => ({ id, bytes: block })),
  }
  const newcomer = {
    ...unusedHandlers,
    standing: () => ({ ...NOWHERE, uncommitted: uncommitted(0) }),
    onOffer: (prefixes: BigUint64Array) => Array.from(prefixes, () => true),
    onPushed: async (blocks: readonly Uint8Array[]) => void (got += blocks.length),
  }
  const faults: unknown[] = []
  await converseInMemory({
    ask: (frames) => reconcile(frames, asker, 'newcomer'),
    answer: async (frames) =>
      answerReconcile(frames, await frames.read(), newcomer, 'honest', async () => undefined),
    asked: (error) => faults.push(error),
    answered: (error) => faults.push(error),
  })
  expect(faults).toEqual([])
  expect(got).toBe(count)
})

it('a clock that is put back keeps nobody waiting for it', () => {
  let nowMs = 1_700_000_000_000
  const pace = new Pace({ nowMs: () => nowMs }, SYNC_PACE)
  expect(pace.delayMs('honest', 2048)).toBe(0)
  nowMs -= 3_600_000
  expect(pace.delayMs('honest', 2048)).toBe(0)
})

it('a peer that names tips and leaves, again and again, has only so many looked for at a time', async () => {
  let looking = 0
  const meeting = await meet({
    onTips: () => {
      looking++
      return new Promise(() => undefined)
    },
  })
  for (let i = 0; i < 5 * STREAMS_PER_PEER_MAX; i++) {
    const before = looking
    const stream = await meeting.connection.newStream(namesOf(NETWORK).tips)
    await lpStream(stream)
      .write(new Uint8Array(8 + 32))
      .catch(() => undefined)
    await vi.waitFor(() => expect(looking > before || stream.status !== 'open').toBe(true), PATIENCE)
    stream.abort(new Error('never mind'))
  }
  await meeting.stop()
  expect(looking).toBe(STREAMS_PER_PEER_MAX)
})
