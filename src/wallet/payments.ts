import { bytesToHex } from '@noble/hashes/utils.js'
import { transactionIdOf, unlockMessage } from '../core/crypto/transaction-id.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { Output, Transaction, TransactionEssence, TransactionId } from '../core/model/transaction.ts'
import type { Signer } from '../ports.ts'
import { chooseCoins, sumOf, type Coin, type CoinRefusal } from './coins.ts'

/** What a person wants paid, on which conditions. Protocol §5. */
export interface Wish extends Omit<Output, 'owner'> {
  readonly to: PublicKey
  /** At most 256 bytes. */
  readonly memo: Uint8Array
}

/** What a payment is made of. */
export interface Purse {
  readonly owner: PublicKey
  readonly coins: readonly Coin[]
  /** The least an output may hold, from the genesis. */
  readonly dust: number
}

/** A transaction to be signed. */
export interface Draft {
  readonly essence: TransactionEssence
  /** Blocks that make its inputs and are not committed: its own block must be above them. */
  readonly above: readonly BlockId[]
}

export type PaymentRefusal =
  | CoinRefusal
  /** It would fall back before the payee could spend it. */
  | { readonly type: 'expires-before-due'; readonly notBeforeMs: number; readonly expiresAtMs: number }

/** A transaction as it can go into a block. Its id does not cover the signature. */
export interface SignedTransaction {
  readonly id: TransactionId
  readonly transaction: Transaction
}

/** A payment: the payee's output first, then the change, if any. */
export function draftPayment(wish: Wish, purse: Purse): Draft | PaymentRefusal {
  return draft(wish, purse, [])
}

/**
 * Another payment in the place of one that is not final. It spends the same inputs, so that the two can never both
 * apply, and committed coins where it needs more: pending ones could come from what it replaces.
 *
 * @param replaced the inputs of the payment to be replaced
 */
export function draftReplacement(
  replaced: readonly Coin[],
  wish: Wish,
  purse: Purse,
): Draft | PaymentRefusal {
  const coins = purse.coins.filter(({ pendingIn }) => pendingIn === undefined)
  return draft(wish, { ...purse, coins }, replaced)
}

/**
 * Everything these outputs hold, to one owner: takes back a payment that is not final, claims hash-locked outputs
 * (whose preimages are added in signing), fetches expired ones home.
 */
export function draftSweep(coins: readonly Coin[], { to, memo }: Pick<Wish, 'to' | 'memo'>, dust: number) {
  return draft({ to, memo, amount: sumOf(coins) }, { owner: to, coins: [], dust }, coins)
}

function draft(wish: Wish, { owner, coins, dust }: Purse, required: readonly Coin[]): Draft | PaymentRefusal {
  const { to, memo, ...terms } = wish
  const { notBeforeMs = 0, expiry } = terms
  if (expiry !== undefined && expiry.atMs <= notBeforeMs)
    return { type: 'expires-before-due', notBeforeMs, expiresAtMs: expiry.atMs }
  const chosen = chooseCoins(coins, wish.amount, dust, required)
  if ('type' in chosen) return chosen
  const { inputs, change } = chosen
  const blocks = inputs.flatMap(({ pendingIn }) => (pendingIn === undefined ? [] : [pendingIn]))
  return {
    essence: {
      inputs: inputs.map(({ output: [id] }) => id),
      outputs: [{ ...terms, owner: to }, ...(change > 0 ? [{ amount: change, owner }] : [])],
      memo,
    },
    above: [...new Set(blocks)],
  }
}

/**
 * Unlocks a transaction with the one key that all its inputs need.
 *
 * @param networkKey 32 bytes, the network's id
 * @param preimages 32 bytes each, of the hash-locked among its inputs; in any order
 */
export async function signTransaction(
  networkKey: Uint8Array,
  essence: TransactionEssence,
  signer: Signer,
  preimages: readonly Uint8Array[] = [],
): Promise<SignedTransaction> {
  const id = transactionIdOf(networkKey, essence)
  const signature = await signer.sign(unlockMessage(id))
  const distinct = new Map(preimages.map((preimage) => [bytesToHex(preimage), preimage]))
  const ascending = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, preimage]) => preimage)
  const unlocks = [{ key: signer.publicKey, signature }]
  return { id, transaction: { ...essence, unlocks, preimages: ascending } }
}
