import type { LengthPrefixedStream } from '@libp2p/utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { GREETING_BYTES } from '../../src/net/greeting.ts'
import {
  SILENCES_APART_MS,
  SILENCES_MAX,
  STREAMS_PER_PEER_MAX,
  SYNC_BUFFER_BYTES_MAX,
} from '../../src/net/limits.ts'
import { ROUNDS_MAX, RECONCILE_BYTES_MAX } from '../../src/net/reconcile.ts'
import { SYNC_FRAME_BYTES_MAX } from '../../src/net/sync.ts'
import type { Blame, Stranger, TransportHandlers } from '../../src/ports.ts'
import {
  END,
  greetingFrame,
  HALF_A_FRAME,
  IMPATIENT_MS,
  meet,
  NEVER,
  NOWHERE,
  OTHER_NETWORK,
  PATIENCE,
  uncommitted,
  type Meeting,
} from './sync-support.ts'

/** Protocol §8: first bytes of the frames of an exchange. */
const [COMMITS, RECONCILE, OFFER] = [1, 2, 3]

/** A message of Negentropy v1: everything is agreed. */
const AGREED = Uint8Array.of(0x61)
const frame = (kind: number, ...bytes: readonly number[]) => Uint8Array.of(kind, ...bytes)
const zeros = (count: number) => new Array<number>(count).fill(0)

/** The greeting of a version there is not. */
function oldGreeting(): Uint8Array {
  const bytes = greetingFrame()
  bytes[1] = 0
  return bytes
}

/** A place, and what else belongs to a request for commits: u64 after, u32 skip, u64 up to. */
function commitsFrame(after: bigint, upTo: bigint): Uint8Array {
  const bytes = new Uint8Array(21)
  const view = new DataView(bytes.buffer)
  bytes[0] = COMMITS
  view.setBigUint64(1, after, true)
  view.setBigUint64(13, upTo, true)
  return bytes
}

describe('A node that is asked to sync by', { timeout: 30_000 }, () => {
  let meeting: Meeting | undefined

  afterEach(async () => {
    await meeting?.expectOthersServed()
    await meeting?.stop()
  })

  async function asked(own: Partial<TransportHandlers> = {}, silenceMs?: number): Promise<Meeting> {
    meeting = await meet(own, undefined, silenceMs)
    return meeting
  }

  it.each<[string, Blame, Uint8Array]>([
    ['an empty frame', 'malformed', END],
    ['a frame of no kind', 'malformed', frame(9)],
    ['a kind, a version and no greeting', 'malformed', frame(0, 1)],
    ['a greeting cut off', 'malformed', greetingFrame().subarray(0, GREETING_BYTES - 1)],
    ['a greeting and more', 'malformed', Uint8Array.of(...greetingFrame(), 0)],
    ['a request for commits that does not say which', 'malformed', frame(COMMITS)],
    ['a request for commits and more', 'malformed', Uint8Array.of(...commitsFrame(0n, 1n), 0)],
    ['commits after one that no number counts', 'malformed', commitsFrame(2n ** 53n, 2n ** 53n)],
    ['commits up to one that no number counts', 'malformed', commitsFrame(0n, 2n ** 64n - 1n)],
    ['nothing to reconcile', 'malformed', frame(RECONCILE)],
    ['a range that is cut off', 'malformed', frame(RECONCILE, 0x61, 0, 0, 1, ...zeros(15))],
    ['ranges that overlap', 'malformed', frame(RECONCILE, 0x61, 2, 1, 9, 0, 1, 1, 8, 0)],
    ['ranges beyond the end of all', 'malformed', frame(RECONCILE, 0x61, 0, 0, 0, 2, 0, 0)],
    ['a million ids that are not there', 'malformed', frame(RECONCILE, 0x61, 0, 0, 2, 0xbd, 0x84, 0x40)],
    ['one id twice', 'malformed', frame(RECONCILE, 0x61, 0, 0, 2, 2, ...zeros(64))],
    ['an offer out of the blue', 'malformed', frame(OFFER, ...zeros(8))],
    ['a message longer than any', 'malformed', frame(RECONCILE, ...zeros(RECONCILE_BYTES_MAX - 1))],
    ['a frame longer than any', 'too-much', new Uint8Array(SYNC_FRAME_BYTES_MAX + 1)],
  ])('%s sends it away for being %s, and does nothing', async (_, reason, bytes) => {
    const handlers = { onGreeting: vi.fn(), onClock: vi.fn(), onOffer: vi.fn(() => []), onPushed: vi.fn() }
    const { open, expectGone } = await asked(handlers)
    const frames = await open()
    await frames.write(bytes)
    await expectGone(reason)
    for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled()
  })

  it.each<[string, Stranger['type'], Uint8Array]>([
    ['of another network', 'other-network', greetingFrame(OTHER_NETWORK)],
    ['of an older version', 'other-version', oldGreeting()],
  ])('a greeting %s tells it what it is itself, and parts from it without blame', async (_, type, bytes) => {
    const handlers = { onGreeting: vi.fn(), onClock: vi.fn() }
    const onStranger = vi.fn()
    const { id, open, expectGone } = await asked({ ...handlers, onStranger })
    const frames = await open()
    await frames.write(bytes)
    expect((await frames.read()).subarray(0, 34)).toEqual(greetingFrame().subarray(0, 34))
    await expectGone()
    expect(onStranger.mock.calls).toEqual([[expect.objectContaining({ type }), id]])
    for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled()
  })

  it.each<[string, Blame, readonly Uint8Array[]]>([
    ['an offer of more blocks than one may name', 'too-much', [frame(OFFER, ...zeros(8 * 2049))]],
    ['an offer of half a block', 'malformed', [frame(OFFER, ...zeros(12))]],
    ['an offer of nothing', 'malformed', [frame(OFFER)]],
    ['another question in place of an offer', 'malformed', [frame(COMMITS, ...zeros(20))]],
    ['a block that was not wanted', 'not-asked-for', [frame(OFFER, ...zeros(8)), new Uint8Array(400)]],
    [
      'two blocks where one was wanted',
      'not-asked-for',
      [frame(OFFER, ...zeros(7), 1, ...zeros(8)), new Uint8Array(400), new Uint8Array(400)],
    ],
    [
      'a block longer than any frame',
      'too-much',
      [frame(OFFER, ...zeros(7), 1), new Uint8Array(SYNC_FRAME_BYTES_MAX + 1)],
    ],
  ])('reconciling, and then %s, sends it away for %s, and takes no block', async (_, reason, then) => {
    const onPushed = vi.fn(async () => undefined)
    const onOffer = (prefixes: BigUint64Array) => Array.from(prefixes, (prefix) => prefix !== 0n)
    const { open, expectGone } = await asked({ onPushed, onOffer })
    const frames = await open()
    for (const bytes of [frame(RECONCILE, ...AGREED), ...then]) await frames.write(bytes)
    await expectGone(reason)
    expect(onPushed).not.toHaveBeenCalled()
  })

  /** Asks the same again and again, as fast as a day's pause each time allows, until the exchange is ended. */
  async function again(frames: LengthPrefixedStream, ask: () => Promise<void>): Promise<number> {
    for (let count = 0; ; count++) {
      meeting?.clock.skipMs(86_400_000)
      try {
        await ask()
        await frames.read()
      } catch {
        return count
      }
    }
  }

  it('fingerprints that never agree ends it for not converging', async () => {
    const standing = () => ({ ...NOWHERE, uncommitted: uncommitted(2) })
    const { open, expectGone } = await asked({ standing })
    const frames = await open()
    const rounds = await again(frames, () => frames.write(frame(RECONCILE, ...NEVER)))
    expect(rounds).toBe(ROUNDS_MAX)
    await expectGone('not-converging')
  })

  it('offers without an end ends it for not converging', async () => {
    const onOffer = vi.fn((prefixes: BigUint64Array) => Array.from(prefixes, () => false))
    const { open, expectGone } = await asked({ onOffer })
    const frames = await open()
    await frames.write(frame(RECONCILE, ...AGREED))
    await frames.read()
    const offers = await again(frames, async () => {
      await frames.write(frame(OFFER, ...zeros(8)))
      await frames.read()
      await frames.write(END)
    })
    expect(offers).toBe(1024)
    expect(onOffer).toHaveBeenCalledTimes(1024)
    await expectGone('not-converging')
  })

  it('more bytes than it keeps unread, while it looks at the first, sends it away for too much', async () => {
    const looking = Promise.withResolvers<void>()
    const onPushed = vi.fn(() => looking.promise)
    const onOffer = (prefixes: BigUint64Array) => Array.from(prefixes, () => true)
    const { open, expectGone } = await asked({ onPushed, onOffer })
    const frames = await open()
    await frames.write(frame(RECONCILE, ...AGREED))
    await frames.write(frame(OFFER, ...zeros(8 * 2048)))
    for (let i = 0; i < 256; i++) await frames.write(new Uint8Array(10))
    await vi.waitFor(() => expect(onPushed).toHaveBeenCalled(), PATIENCE)
    const stream = frames.unwrap()
    const ended = new Promise((resolve) => stream.addEventListener('close', resolve))
    // small frames: a reader would have taken them for blocks
    const some = new Uint8Array(SYNC_BUFFER_BYTES_MAX / 8).fill(1)
    for (let i = 0; i < 16; i++) stream.send(some)
    await ended
    looking.resolve()
    await expectGone('too-much')
    expect(onPushed).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['at once', []],
    ['after a first message', [frame(RECONCILE, ...AGREED)]],
  ])('half a frame and then nothing, %s, is not waited for for ever', async (_, first) => {
    const { connection, open, expectNoBlame, expectOthersServed } = await asked({}, IMPATIENT_MS)
    const frames = await open()
    for (const bytes of first) await frames.write(bytes)
    const stream = frames.unwrap()
    const ended = new Promise((resolve) => stream.addEventListener('close', resolve))
    stream.send(HALF_A_FRAME)
    await expectOthersServed()
    await ended
    expectNoBlame()
    expect(connection.status).toBe('open')
  })

  it('half a frame again and again sends it away for silence', async () => {
    const { open, clock, expectNoBlame, expectGone } = await asked({}, IMPATIENT_MS)
    for (let i = 0; i < SILENCES_MAX; i++) {
      expectNoBlame()
      const stream = (await open()).unwrap()
      const ended = new Promise((resolve) => stream.addEventListener('close', resolve))
      stream.send(HALF_A_FRAME)
      await ended
      clock.skipMs(SILENCES_APART_MS)
    }
    await expectGone('silent')
  })

  it('more exchanges at once than one may have leaves room for the others', async () => {
    const held = Promise.withResolvers<void>()
    const onCommits = vi.fn<TransportHandlers['onCommits']>(async (next, _, __, from) => {
      if (from === meeting?.id) await held.promise
      return { blocks: [], next }
    })
    const { open, expectOthersServed } = await asked({ onCommits })
    const exchanges = Array.from({ length: 4 * STREAMS_PER_PEER_MAX }, async () => {
      const frames = await open()
      await frames.write(commitsFrame(0n, 1n))
      return frames.read()
    })
    const ended = Promise.allSettled(exchanges)
    await expectOthersServed()
    expect(onCommits.mock.calls.filter(([, , , from]) => from === meeting?.id).length).toBeLessThanOrEqual(
      STREAMS_PER_PEER_MAX,
    )
    held.resolve()
    expect((await ended).filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(
      STREAMS_PER_PEER_MAX,
    )
  })
})
