import type { ConnectionGater } from '@libp2p/interface'
import type { PeerId } from '../ports.ts'

/** Whom a node lets in. */
export interface Door {
  isBanned(peer: PeerId): boolean
  /** Whether there are as many direct peers as there may be, and `peer` is none of them. */
  isFullFor(peer: PeerId): boolean
}

/** A gater that refuses banned peers both ways, and further callers once there are enough. */
export function gaterOf(door: Door): ConnectionGater {
  return {
    // libp2p's default for browsers refuses private addresses and plain websockets: a relay at home has both.
    denyDialMultiaddr: () => false,
    denyDialPeer: (peer) => door.isBanned(peer.toString()),
    denyInboundEncryptedConnection: (peer) =>
      door.isBanned(peer.toString()) || door.isFullFor(peer.toString()),
    denyOutboundEncryptedConnection: (peer) => door.isBanned(peer.toString()),
  }
}
