import { ed25519 } from '@noble/curves/ed25519.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import { outputIdOf, type Output, type TransactionId } from '../../src/core/model/transaction.ts'
import type { Signer } from '../../src/ports.ts'
import type { Coin } from '../../src/wallet/coins.ts'
import { ALICE, idOf, scatteredIdOf } from '../core/make.ts'

/** RFC 8032 §7.1, test 1: the secret of `ALICE`. */
const ALICE_SECRET = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'

/** RFC 8032 §7.1, test 2: the secret of `BOB`. */
const BOB_SECRET = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'

export const ALICE_SIGNS = signerOf(ALICE_SECRET)
export const BOB_SIGNS = signerOf(BOB_SECRET)

/** A made-up transaction id. */
export function transactionId(number: number): TransactionId {
  return scatteredIdOf(number) as string as TransactionId
}

/** A coin of Alice's, or what `other` says; its name comes from `number`. */
export function coinOf(number: number, amount: number, other: Partial<Output> = {}): Coin {
  return { output: [outputIdOf(transactionId(number), number % 3), { amount, owner: ALICE, ...other }] }
}

/** The same while its transaction is only in a block. */
export function pendingCoinOf(number: number, amount: number, block: BlockId = idOf(number)): Coin {
  return { ...coinOf(number, amount), pendingIn: block }
}

function signerOf(secret: string): Signer {
  const bytes = hexToBytes(secret)
  const publicKey = Buffer.from(ed25519.getPublicKey(bytes)).toString('hex') as PublicKey
  return { publicKey, sign: async (message) => ed25519.sign(message, bytes) }
}
