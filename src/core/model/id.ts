declare const blockId: unique symbol
declare const networkId: unique symbol
declare const publicKey: unique symbol
declare const hash: unique symbol

/** A 32-byte block id as 64 lowercase hex digits, so that `<` on strings is `<` on bytes. Protocol §3, §4. */
export type BlockId = string & { readonly [blockId]: true }

/** The id of a network, which is also the id of its genesis, block zero. Protocol §4, §7. */
export type NetworkId = BlockId & { readonly [networkId]: true }

/** An Ed25519 public key as 64 lowercase hex digits: issuer, owner and peer alike. Protocol §3. */
export type PublicKey = string & { readonly [publicKey]: true }

/** Any other 32-byte BLAKE3 output as 64 lowercase hex digits. */
export type Hash = string & { readonly [hash]: true }

/** Bytes in an id, a key or a hash. */
export const ID_BYTES = 32
