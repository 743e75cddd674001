/** The reconcile exchange of sync.ts: Negentropy on a stream, then the blocks that only the asker has. Protocol §8. */
import { bytesOf } from '../core/codec/hex.ts'
import type { BlockId } from '../core/model/id.ts'
import { RECONCILED_IDS_MAX, type PeerId, type TransportHandlers } from '../ports.ts'
import { TransportError } from './error.ts'
import type { Frames } from './frames.ts'
import { SYNC_BUFFER_BYTES_MAX } from './limits.ts'
import { oneAnswer } from './fetch.ts'
import {
  answer,
  begin,
  FRUITLESS_ROUNDS_MAX,
  proceed,
  ROUNDS_MAX,
  type Found,
  type ReconcileFault,
} from './reconcile.ts'
import { reconcileSetOf } from './reconcile-set.ts'

/** First byte of a frame of Negentropy, and of an offer. */
export const RECONCILE = 2
const OFFER = 3

const PREFIX_BYTES = 8

/** Ids in one offer: 16 KiB, as much as WebRTC carries in one message. */
const IDS_PER_OFFER_MAX = 2048

/** Offers taken in one exchange that bring no block: they name more blocks than a node keeps uncommitted. */
const FRUITLESS_OFFERS_MAX = 1024

/** Blocks handed on at a time, so that they are checked together. */
const BLOCKS_PER_PUSH = 256

/**
 * Bytes of blocks sent for one offer: the other side may be looking at the first while the others lie unread, and nothing
 * holds back what nobody reads. What is left is offered again.
 */
const PUSHED_BYTES_MAX = SYNC_BUFFER_BYTES_MAX / 2

const END = new Uint8Array(0)

type AskerHandlers = Pick<TransportHandlers, 'standing' | 'onFetch' | 'onServed'>
type AnswererHandlers = Pick<TransportHandlers, 'standing' | 'onOffer' | 'onPushed'>

/**
 * Asks which blocks in no commit only one side has, and gives the peer those it wants of ours.
 *
 * @returns ids of blocks we lack, parents before children as far as can be told; the earliest `RECONCILED_IDS_MAX` or
 *   a few more, if there are so many
 * @throws TransportError `malformed` or `not-converging` where the peer broke the protocol; whatever the stream fails with
 */
export async function reconcile(
  frames: Frames,
  handlers: AskerHandlers,
  peer: PeerId,
): Promise<readonly BlockId[]> {
  const set = reconcileSetOf(handlers.standing().uncommitted)
  const found = new Findings()
  let next: Uint8Array | undefined = begin(set)
  for (let round = 0; next !== undefined && found.need.size < RECONCILED_IDS_MAX; round++) {
    if (round === ROUNDS_MAX || found.fruitless > FRUITLESS_ROUNDS_MAX) throw endless()
    await frames.write(framed(RECONCILE, next))
    const some = proceed(set, await frames.read())
    if ('reason' in some) throw faulty(some)
    found.add(some)
    next = some.next
  }
  const have = [...found.have]
  for (let at = 0; at < have.length;)
    at += await offer(frames, have.slice(at, at + IDS_PER_OFFER_MAX), handlers, peer)
  await frames.write(END)
  return found.inOrder()
}

/**
 * Answers the exchange; `first` is the asker's first frame, which has been waited for. Throws as `reconcile` does.
 *
 * @param pause waits until the peer may be answered a frame of so many bytes
 */
export async function answerReconcile(
  frames: Frames,
  first: Uint8Array,
  handlers: AnswererHandlers,
  from: PeerId,
  pause: (bytes: number) => Promise<void>,
): Promise<void> {
  const set = reconcileSetOf(handlers.standing().uncommitted)
  let frame = first
  for (let round = 0; frame[0] === RECONCILE; round++) {
    if (round === ROUNDS_MAX) throw endless()
    const reply = answer(set, frame.subarray(1))
    if ('reason' in reply) throw faulty(reply)
    await frames.write(reply)
    frame = await frames.read()
    await pause(frame.length)
  }
  for (let fruitless = 0; frame.length > 0;) {
    if (frame[0] !== OFFER) throw new TransportError('malformed', 'A frame is no offer.')
    if (fruitless === FRUITLESS_OFFERS_MAX) throw endless()
    if ((await takeOffer(frames, frame.subarray(1), handlers, from)) === 0) fruitless++
    frame = await frames.read()
  }
}

/** Offers blocks and gives those that are wanted, as many as go at once. Returns how many of the offered are settled. */
async function offer(
  frames: Frames,
  ids: readonly BlockId[],
  { onFetch, onServed }: AskerHandlers,
  peer: PeerId,
): Promise<number> {
  const prefixes = new Uint8Array(ids.length * PREFIX_BYTES)
  ids.forEach((id, i) => prefixes.set(bytesOf(id).subarray(0, PREFIX_BYTES), i * PREFIX_BYTES))
  await frames.write(framed(OFFER, prefixes))
  const bits = await frames.read()
  if (bits.length !== bytesOfBits(ids.length))
    throw new TransportError('malformed', 'An offer is not answered with a bit for each block.')
  const wanted = ids.filter((_, i) => isSet(bits, i))
  const some = wanted.slice(0, BLOCKS_PER_PUSH)
  const found = some.length > 0 ? await onFetch(some, peer) : []
  const sent = oneAnswer(found, Math.min(frames.room(), PUSHED_BYTES_MAX))
  await frames.write(...sent.map(({ bytes }) => bytes), END)
  if ((await frames.read()).length > 0)
    throw new TransportError('malformed', 'Blocks are acknowledged with an empty frame.')
  const served = sent.map(({ id }) => id)
  onServed(served, peer)
  const last = served.at(-1)
  // no room, or the store has failed: what is not sent is asked for another time
  return last === undefined || last === wanted.at(-1) ? ids.length : ids.indexOf(last) + 1
}

/** Returns how many blocks came of it. */
async function takeOffer(
  frames: Frames,
  bytes: Uint8Array,
  { onOffer, onPushed }: AnswererHandlers,
  from: PeerId,
): Promise<number> {
  const count = bytes.length / PREFIX_BYTES
  if (count > IDS_PER_OFFER_MAX) throw new TransportError('too-much', 'An offer names too many blocks.')
  if (count === 0 || !Number.isInteger(count))
    throw new TransportError('malformed', 'An offer names no whole number of blocks.')
  const isWanted = onOffer(new BigUint64Array(bytes.slice().buffer), from)
  const bits = new Uint8Array(bytesOfBits(count))
  isWanted.forEach((wanted, i) => {
    if (wanted) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7))
  })
  await frames.write(bits)
  const wanted = isWanted.filter(Boolean).length
  let left = wanted
  let batch: Uint8Array[] = []
  for (let block = await frames.read(); block.length > 0; block = await frames.read()) {
    if (left-- === 0) throw new TransportError('not-asked-for', 'More blocks came than were wanted.')
    batch.push(block)
    if (batch.length < BLOCKS_PER_PUSH) continue
    await onPushed(batch, from)
    batch = []
  }
  if (batch.length > 0) await onPushed(batch, from)
  await frames.write(END)
  return wanted - left
}

/** What the answers have told. What did not fit one is explored anew, so an id may be told twice. */
class Findings {
  readonly have = new Set<BlockId>()
  readonly need = new Map<BlockId, number>()
  /** Rounds since the last that told something new. */
  fruitless = 0

  add({ have, need }: Found): void {
    const before = this.have.size + this.need.size
    for (const id of have) this.have.add(id)
    // a later round knows the time better
    for (const [id, fromMs] of need) this.need.set(id, Math.max(fromMs, this.need.get(id) ?? 0))
    this.fruitless = this.have.size + this.need.size > before ? 0 : this.fruitless + 1
  }

  /** By time, and as told where that is the same. */
  inOrder(): BlockId[] {
    return [...this.need].sort(([, a], [, b]) => a - b).map(([id]) => id)
  }
}

function framed(kind: number, message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(1 + message.length)
  frame[0] = kind
  frame.set(message, 1)
  return frame
}

const bytesOfBits = (count: number) => Math.ceil(count / 8)

const isSet = (bits: Uint8Array, i: number) => ((bits[i >> 3] ?? 0) & (1 << (i & 7))) !== 0

function endless(): TransportError {
  return new TransportError('not-converging', 'Reconciling comes to no end.')
}

function faulty({ reason }: ReconcileFault): TransportError {
  return new TransportError('malformed', `A frame is no message of Negentropy: ${reason}.`)
}
