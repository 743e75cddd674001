/**
 * The first exchange of `/weft/<16 hex>/sync/1.0.0`: each side says in one frame who it is and where it stands.
 *
 * ```
 * u8 kind, u8 version, network id 32, u64 clock, u64 index and 32 digest of the newest commit,
 * u32 count and 16 fingerprint of the blocks in no commit
 * ```
 *
 * Little-endian; the clock in Unix milliseconds; the fingerprint is Negentropy's. Protocol §8.
 */
import { blockIdOf, bytesOf, hashOf } from '../core/codec/hex.ts'
import { Reader } from '../core/codec/reader.ts'
import { Writer } from '../core/codec/writer.ts'
import { ID_BYTES, type NetworkId } from '../core/model/id.ts'
import type { Greeting, Standing } from '../ports.ts'
import { StrangerError, TransportError } from './error.ts'
import { fingerprintOf, FINGERPRINT_BYTES, reconcileSetOf } from './reconcile-set.ts'
import type { ClockPair } from './tips.ts'

/** Tells a greeting from the other requests of the protocol. */
export const GREETING = 0

/** Of what peers say to each other; another one is another protocol. */
const VERSION = 1

/** Bytes of a greeting. */
export const GREETING_BYTES = 2 + ID_BYTES + 8 + 8 + ID_BYTES + 4 + FINGERPRINT_BYTES

/** What a node says of itself. Its clock is read when the frame is written. */
export function greetingOf({ index, digest, uncommitted }: Standing): Greeting {
  const fingerprint = fingerprintOf(reconcileSetOf(uncommitted))
  return { index, digest, uncommitted: uncommitted.times.length, fingerprint }
}

export function encodeGreeting(greeting: Greeting, network: NetworkId, clockMs: number): Uint8Array {
  return new Writer(GREETING_BYTES)
    .u8(GREETING)
    .u8(VERSION)
    .bytes(bytesOf(network))
    .u64(clockMs)
    .u64(greeting.index)
    .bytes(bytesOf(greeting.digest))
    .u32(greeting.uncommitted)
    .bytes(greeting.fingerprint)
    .finish()
}

/**
 * Reads a greeting and tells how far its sender's clock is ahead.
 *
 * @throws TransportError `malformed` where the frame is none; StrangerError where its sender is of another network or
 *   speaks another version
 */
export function decodeGreeting(frame: Uint8Array, network: NetworkId, { clock, heard }: ClockPair): Greeting {
  const reader = new Reader(frame)
  const kind = reader.u8()
  const version = reader.u8()
  if (reader.fault === undefined && kind === GREETING && version !== VERSION)
    throw new StrangerError({ type: 'other-version' })
  const theirNetwork = reader.bytes(ID_BYTES)
  const clockMs = reader.u64()
  const index = reader.u64()
  const digest = reader.bytes(ID_BYTES)
  const uncommitted = reader.u32()
  const fingerprint = reader.bytes(FINGERPRINT_BYTES).slice()
  if (reader.fault !== undefined || reader.left > 0 || kind !== GREETING)
    throw new TransportError('malformed', 'A frame is no greeting.')
  const theirs = blockIdOf(theirNetwork)
  if (theirs !== network) throw new StrangerError({ type: 'other-network', network: theirs.slice(0, 16) })
  heard(clockMs - clock.nowMs())
  return { index, digest: hashOf(digest), uncommitted, fingerprint }
}
