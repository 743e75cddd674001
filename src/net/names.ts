import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { NetworkId } from '../core/model/id.ts'

/** The topics and protocols of one network. Protocol §8. */
export interface Names {
  /** Gossip topic of blocks. */
  readonly blocks: string
  /** Gossip topic on which peers announce their addresses; the only one a relay takes part in. */
  readonly peers: string
  readonly fetch: string
  readonly tips: string
  readonly sync: string
  readonly mine: string
}

/** Names by network: everything starts with the first 16 hex digits of its id, so that networks never meet. */
export function namesOf(network: NetworkId): Names {
  const root = `/weft/${network.slice(0, 16)}`
  return {
    blocks: `${root}/blocks/1`,
    peers: `${root}/peers/1`,
    fetch: `${root}/fetch/1.0.0`,
    tips: `${root}/tips/1.0.0`,
    sync: `${root}/sync/1.0.0`,
    mine: `${root}/mine/1.0.0`,
  }
}

/** Whether `topic` is the peers topic of some network: what a relay takes part in. */
export function isPeersTopic(topic: string): boolean {
  return /^\/weft\/[0-9a-f]{16}\/peers\/1$/.test(topic)
}

/**
 * Gossipsub's id of a message: SHA-256 over its topic and all its bytes. Over all bytes, because an id that left a
 * block's signature out would let a forged copy suppress the real block (protocol §8); over the topic, because the
 * block's bytes sent as an announcement would do the same. Every node, relays too, must use this one.
 *
 * @returns 32 bytes
 */
export function messageId({
  topic,
  data,
}: {
  readonly topic: string
  readonly data: Uint8Array
}): Uint8Array {
  return sha256.create().update(utf8ToBytes(topic)).update(Uint8Array.of(0)).update(data).digest()
}
