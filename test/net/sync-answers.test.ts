import type { LengthPrefixedStream } from '@libp2p/utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BlockId } from '../../src/core/model/id.ts'
import { GREETING_BYTES } from '../../src/net/greeting.ts'
import { SILENCES_APART_MS, SILENCES_MAX } from '../../src/net/limits.ts'
import { FRUITLESS_ROUNDS_MAX, RECONCILE_BYTES_MAX } from '../../src/net/reconcile.ts'
import { SYNC_FRAME_BYTES_MAX } from '../../src/net/sync.ts'
import {
  COMMITTED_BYTES_MAX,
  RECONCILED_IDS_MAX,
  type Blame,
  type Stranger,
  type TransportHandlers,
} from '../../src/ports.ts'
import {
  EMPTY,
  END,
  greetingFrame,
  HALF_A_FRAME,
  IMPATIENT_MS,
  meet,
  NEVER,
  NOWHERE,
  OTHER_NETWORK,
  uncommitted,
  type Meeting,
} from './sync-support.ts'

const PLACE = new Uint8Array(12)

const writeAll = async (frames: LengthPrefixedStream, all: readonly Uint8Array[]) => {
  for (const each of all) await frames.write(each)
}

/** `count` ids that nobody has, in one message that leaves the rest open. */
function invented(count: number, salt: number): Uint8Array {
  const list = new Uint8Array(32 * count)
  const view = new DataView(list.buffer)
  for (let i = 0; i < count; i++) {
    view.setUint32(32 * i, salt)
    view.setUint32(32 * i + 4, i)
  }
  // up to (1 ms, no prefix) these ids; from there a fingerprint of all the rest
  return Uint8Array.of(0x61, 2, 0, 2, 128 | (count >> 7), count & 127, ...list, ...NEVER.subarray(1))
}

describe('A peer which', { timeout: 30_000 }, () => {
  let meeting: Meeting | undefined

  afterEach(async () => {
    await meeting?.expectOthersServed()
    await meeting?.stop()
  })

  /** A node, and a peer that reads one request of each exchange and then answers like this. */
  async function nodeWith(
    answer: (frames: LengthPrefixedStream) => Promise<void>,
    own: Partial<TransportHandlers> = {},
    silenceMs?: number,
  ): Promise<Meeting> {
    const talk = async (frames: LengthPrefixedStream) => {
      await frames.read()
      await answer(frames)
    }
    meeting = await meet(own, talk, silenceMs)
    return meeting
  }

  const ask = {
    greeting: ({ transport, id }: Meeting) => transport.greet(id),
    commits: ({ transport, id }: Meeting) => transport.commits(id, { after: 0, skip: 0 }, 9),
    blocks: ({ transport, id }: Meeting) => transport.reconcile(id),
  } as const

  it.each<[keyof typeof ask, string, Blame, readonly Uint8Array[]]>([
    ['greeting', 'cuts its own off', 'malformed', [greetingFrame().subarray(0, GREETING_BYTES - 1)]],
    ['greeting', 'says more than one', 'malformed', [Uint8Array.of(...greetingFrame(), 0)]],
    ['greeting', 'says its version and no more', 'malformed', [Uint8Array.of(0, 1)]],
    [
      'commits',
      'gives more bytes than an answer has',
      'too-much',
      Array.from({ length: 1 + COMMITTED_BYTES_MAX / 2 ** 14 }, () => new Uint8Array(2 ** 14)),
    ],
    [
      'commits',
      'gives more blocks than an answer has',
      'too-much',
      Array.from({ length: 2049 }, () => Uint8Array.of(1)),
    ],
    ['commits', 'gives a frame longer than any', 'too-much', [new Uint8Array(SYNC_FRAME_BYTES_MAX + 1)]],
    ['commits', 'does not say where it ends', 'malformed', [END, END]],
    ['commits', 'ends in half a place', 'malformed', [END, PLACE.subarray(1)]],
    ['commits', 'ends where no number counts', 'malformed', [END, PLACE.slice().fill(255)]],
    ['blocks', 'gives what is no message', 'malformed', [Uint8Array.of(1, 2, 3)]],
    ['blocks', 'gives one of another version', 'malformed', [Uint8Array.of(0x62)]],
    [
      'blocks',
      'gives one longer than any',
      'malformed',
      [new Uint8Array(RECONCILE_BYTES_MAX + 1).fill(0x61)],
    ],
    ['blocks', 'says of too many blocks whether it wants them', 'malformed', [EMPTY, new Uint8Array(2)]],
    ['blocks', 'says of none whether it wants it', 'malformed', [EMPTY, END]],
    ['blocks', 'thanks for blocks with a word', 'malformed', [EMPTY, Uint8Array.of(1), Uint8Array.of(1)]],
  ])('asked for %s %s is sent away as %s', async (what, _, reason, answer) => {
    const onServed = vi.fn()
    const onClock = vi.fn()
    const standing = () => ({ ...NOWHERE, uncommitted: uncommitted(3) })
    const onFetch = async (ids: readonly BlockId[]) => ids.map((id) => ({ id, bytes: new Uint8Array(400) }))
    const own = { standing, onFetch, onServed, onClock }
    const met = await nodeWith((frames) => writeAll(frames, answer), own)
    await expect(ask[what](met)).rejects.toMatchObject({ kind: reason })
    await met.expectGone(reason)
    expect(onServed).not.toHaveBeenCalled()
    expect(onClock).not.toHaveBeenCalled()
  })

  it.each<[string, Stranger['type'], Uint8Array]>([
    ['of another network', 'other-network', greetingFrame(OTHER_NETWORK)],
    ['of an older version', 'other-version', Uint8Array.of(0, 0, ...greetingFrame().subarray(2))],
  ])('greets as one %s is a stranger, which is no fault of its own', async (_, type, theirs) => {
    const onClock = vi.fn()
    const onStranger = vi.fn()
    const met = await nodeWith((frames) => writeAll(frames, [theirs]), { onClock, onStranger })
    await expect(ask.greeting(met)).rejects.toMatchObject({ kind: 'stranger' })
    expect(onStranger.mock.calls).toEqual([[expect.objectContaining({ type }), met.id]])
    expect(onClock).not.toHaveBeenCalled()
    await met.expectGone()
  })

  it('never agrees on anything is sent away, long before it has been asked as often as any', async () => {
    let rounds = 0
    const standing = () => ({ ...NOWHERE, uncommitted: uncommitted(100) })
    const met = await nodeWith(
      async (frames) => {
        for (; ; rounds++) {
          await frames.write(NEVER)
          await frames.read()
        }
      },
      { standing },
    )
    await expect(ask.blocks(met)).rejects.toMatchObject({ kind: 'not-converging' })
    expect(rounds).toBeLessThanOrEqual(FRUITLESS_ROUNDS_MAX + 1)
    await met.expectGone('not-converging')
  })

  it('names a million blocks is believed as many as one exchange brings, and no more', async () => {
    const EACH = 1800
    let named = 0
    const standing = () => ({ ...NOWHERE, uncommitted: uncommitted(3) })
    const met = await nodeWith(
      async (frames) => {
        for (let round = 0; ; round++) {
          await frames.write(invented(EACH, round))
          named += EACH
          await frames.read()
        }
      },
      { standing },
    )
    const needed = await ask.blocks(met)
    expect(needed.length).toBeGreaterThanOrEqual(RECONCILED_IDS_MAX)
    expect(needed.length).toBeLessThanOrEqual(RECONCILED_IDS_MAX + EACH)
    expect(named).toBe(needed.length)
    met.expectNoBlame()
  })

  it('wants more blocks than it was offered gets those', async () => {
    const standing = () => ({ ...NOWHERE, uncommitted: uncommitted(3) })
    const onFetch = async (ids: readonly BlockId[]) => ids.map((id) => ({ id, bytes: new Uint8Array(400) }))
    const onServed = vi.fn()
    let given = 0
    const met = await nodeWith(
      async (frames) => {
        await frames.write(EMPTY)
        await frames.read()
        await frames.write(Uint8Array.of(255))
        for (; (await frames.read()).length > 0; given++);
        await frames.write(END)
      },
      { standing, onFetch, onServed },
    )
    expect(await ask.blocks(met)).toEqual([])
    expect(given).toBe(3)
    expect(onServed.mock.calls.flatMap(([ids]) => ids as readonly BlockId[])).toHaveLength(3)
    met.expectNoBlame()
  })

  it.each(['greeting', 'commits', 'blocks'] as const)(
    'asked for %s goes in the middle of its answer is no liar',
    async (what) => {
      const met = await nodeWith(async (frames) => {
        const stream = frames.unwrap()
        stream.send(HALF_A_FRAME)
        await stream.close()
      })
      await expect(ask[what](met)).rejects.toMatchObject({ kind: 'lost-peer' })
      met.expectNoBlame()
    },
  )

  it('gives half a frame and then nothing, again and again, is sent away for silence', async () => {
    const half = async (frames: LengthPrefixedStream) => void frames.unwrap().send(HALF_A_FRAME)
    const met = await nodeWith(half, {}, IMPATIENT_MS)
    for (let i = 0; i < SILENCES_MAX; i++) {
      met.expectNoBlame()
      await expect(ask.commits(met)).rejects.toMatchObject({ kind: 'silent' })
      met.clock.skipMs(SILENCES_APART_MS)
    }
    await met.expectGone('silent')
  })

  it('gives as many bytes and blocks as one answer has is not blamed', async () => {
    const blocks = Array.from({ length: 2048 }, (_, i) => new Uint8Array(COMMITTED_BYTES_MAX / 2048).fill(i))
    const met = await nodeWith((frames) => writeAll(frames, [...blocks, END, PLACE]))
    const answer = await ask.commits(met)
    expect(answer.next).toEqual({ after: 0, skip: 0 })
    expect(answer.blocks).toHaveLength(2048)
    expect(answer.blocks.every((block, i) => block[0] === (i & 255))).toBe(true)
    met.expectNoBlame()
  })
})
