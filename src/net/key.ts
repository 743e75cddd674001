import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type {
  Ed25519PrivateKey,
  PeerId as Libp2pPeerId,
  PublicKey as Libp2pPublicKey,
} from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { bytesOf, publicKeyOf } from '../core/codec/hex.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { PeerId, Signer } from '../ports.ts'

/**
 * A libp2p private key that has no secret: it passes what is to be signed on to `signer`. Noise, identify and peer
 * records need no more than `sign` and `publicKey`; whoever reads `raw` gets an exception.
 */
export function privateKeyOf(signer: Signer): Ed25519PrivateKey {
  const publicKey = ed25519(signer.publicKey)
  return {
    type: 'Ed25519',
    publicKey,
    get raw(): Uint8Array {
      throw new Error('This key signs, and never shows itself.')
    },
    equals: (other?: { readonly publicKey?: Libp2pPublicKey }) => publicKey.equals(other?.publicKey),
    sign: (message) => signer.sign(message.slice()),
  }
}

/** The peer id of a key, `12D3KooW…`. Protocol §3: one key is issuer, owner, validator and address. */
export function peerIdOf(key: PublicKey): PeerId {
  return peerIdFromPublicKey(ed25519(key)).toString()
}

/** The key in a peer id, `peerIdOf` backwards; undefined where the id is not of an Ed25519 key. */
export function keyOf(peer: Libp2pPeerId): PublicKey | undefined {
  return peer.type === 'Ed25519' ? publicKeyOf(peer.publicKey.raw) : undefined
}

function ed25519(key: PublicKey) {
  const publicKey = publicKeyFromRaw(bytesOf(key))
  if (publicKey.type !== 'Ed25519') throw new TypeError('Not an Ed25519 key.')
  return publicKey
}
