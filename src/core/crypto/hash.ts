import { blake3 } from '@noble/hashes/blake3.js'
import type { NetworkId } from '../model/id.ts'
import { bytesOf } from '../codec/hex.ts'

/** What each keyed hash is for; its ASCII code ends the input. Protocol §3. */
export const TAGS = {
  payload: 'P',
  essence: 'B',
  blockId: 'I',
  transaction: 'T',
  commit: 'C',
  leader: 'L',
  output: 'O',
  state: 'S',
  epochKey: 'K',
} as const

export type Tag = keyof typeof TAGS

const tagBytes = new Map<Tag, Uint8Array>(
  Object.entries(TAGS).map(([tag, letter]) => [tag as Tag, Uint8Array.of(letter.charCodeAt(0))]),
)

const HASH_BYTES = 32

/**
 * H of protocol §3: BLAKE3 keyed with the network id over `parts` in order and the tag's byte.
 *
 * @returns 32 bytes
 */
export function hash(networkKey: Uint8Array, tag: Tag, ...parts: readonly Uint8Array[]): Uint8Array {
  return expand(networkKey, tag, HASH_BYTES, ...parts)
}

/**
 * H with as many bytes of output as asked: BLAKE3 is an extendable-output function. Protocol §6.
 *
 * @returns `length` bytes, of which the first 32 are those of `hash`
 */
export function expand(
  networkKey: Uint8Array,
  tag: Tag,
  length: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  const state = blake3.create({ key: networkKey, dkLen: length })
  for (const part of parts) state.update(part)
  return state.update(tagByte(tag)).digest()
}

/** `'X' ‖ bytes`: what is signed starts with the tag of what it is. Protocol §3. */
export function tagged(tag: Tag, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + bytes.length)
  message.set(tagByte(tag))
  message.set(bytes, 1)
  return message
}

/** The 32 bytes of a network id, which key every hash in that network. */
export function networkKeyOf(networkId: NetworkId): Uint8Array {
  return bytesOf(networkId)
}

function tagByte(tag: Tag): Uint8Array {
  const byte = tagBytes.get(tag)
  if (byte === undefined) throw new Error(`unknown tag ${tag}`)
  return byte
}
