import { signedMessage } from '../core/check/isolation.ts'
import { encodeBlock } from '../core/codec/block.ts'
import { bytesOf } from '../core/codec/hex.ts'
import { blockIdFrom, digestOf, payloadHashOf } from '../core/crypto/block-id.ts'
import { difficultyOf, expectedMsOf, targetOf } from '../core/crypto/work.ts'
import type { BlockKind, CheckedBlock, Essence } from '../core/model/block.ts'
import type { BlockId } from '../core/model/id.ts'
import type { Network } from '../core/model/genesis.ts'
import type { Miner, Signer } from '../ports.ts'

export interface IssueOptions {
  readonly signal?: AbortSignal
  /**
   * `done`: the chance, 0 … 1, that as much work as has been done finds a nonce: it rises fast and never stands still.
   * `leftMs`: what is left takes so long on average, at the rate measured so far.
   */
  readonly onProgress?: (done: number, leftMs: number) => void
}

/** What the block says. */
export interface Content {
  readonly kind: BlockKind
  readonly payload: Uint8Array
}

/** Where the block goes: parents ascending, and later than each of them. */
export interface Place {
  readonly parents: readonly BlockId[]
  readonly issuedAtMs: number
}

/**
 * Makes a block of our own: content, place, work, signature. It is then received like anybody's.
 *
 * @throws the signal's reason when cancelled; whatever the miner throws
 */
export async function makeBlock(
  { kind, payload }: Content,
  place: Place,
  network: Network,
  { miner, signer }: { readonly miner: Pick<Miner, 'mine'>; readonly signer: Signer },
  { signal, onProgress }: IssueOptions = {},
): Promise<CheckedBlock> {
  const key = bytesOf(network.id)
  const essence: Essence = {
    kind,
    issuedAtMs: place.issuedAtMs,
    issuer: signer.publicKey,
    parents: place.parents,
    payloadHash: payloadHashOf(key, payload),
    payloadBytes: payload.length,
  }

  const digest = digestOf(key, essence)
  const difficulty = difficultyOf(essence, network.genesis)
  const target = targetOf(difficulty)
  const nonce = await miner.mine(
    { key, digest, target },
    {
      ...(signal && { signal }),
      onProgress: ({ hashes, hashesPerSecond }) =>
        onProgress?.(1 - Math.exp(-hashes / difficulty), expectedMsOf(target, hashesPerSecond)),
    },
  )

  const id = blockIdFrom(key, digest, nonce)
  const signature = await signer.sign(signedMessage(id))
  const block = { ...essence, nonce, signature, payload }
  return { id, block, bytes: encodeBlock(block) }
}
