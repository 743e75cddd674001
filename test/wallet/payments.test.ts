import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { decodeTransaction, encodeTransaction } from '../../src/core/codec/transaction.ts'
import { hashOf } from '../../src/core/codec/hex.ts'
import { transactionIdOf, unlockMessage } from '../../src/core/crypto/transaction-id.ts'
import { Ledger } from '../../src/core/ledger/ledger.ts'
import type { Executed } from '../../src/core/model/transaction.ts'
import type { Signer } from '../../src/ports.ts'
import type { Coin } from '../../src/wallet/coins.ts'
import {
  draftPayment,
  draftReplacement,
  draftSweep,
  signTransaction,
  type Draft,
  type PaymentRefusal,
  type SignedTransaction,
  type Wish,
} from '../../src/wallet/payments.ts'
import { ALICE, BOB, CREATED_AT_MS, NETWORK, NETWORK_KEY, at, idOf } from '../core/make.ts'
import { ALICE_SIGNS, BOB_SIGNS, coinOf, pendingCoinOf } from './make.ts'

const DUST = NETWORK.genesis.dust
const NOW_MS = CREATED_AT_MS + 1000
const LATER_MS = NOW_MS + 3_600_000
const MEMO = Uint8Array.from(Buffer.from('for the apples'))
const PREIMAGE = new Uint8Array(32).fill(7)
const HASHLOCK = hashOf(sha256(PREIMAGE))

const wish = (other: Partial<Wish> = {}): Wish => ({ to: BOB, amount: 5000, memo: MEMO, ...other })
const purse = (...coins: readonly Coin[]) => ({ owner: ALICE, coins, dust: DUST })

let ledger: Ledger
let blocks: number

beforeEach(() => {
  ledger = new Ledger(NETWORK)
  blocks = 0
})

function drafted(draft: Draft | PaymentRefusal): Draft {
  if ('type' in draft) throw new Error(draft.type)
  return draft
}

const sign = (draft: Draft | PaymentRefusal, signer: Signer, preimages?: readonly Uint8Array[]) =>
  signTransaction(NETWORK_KEY, drafted(draft).essence, signer, preimages)

/** A transaction at its place in the order, in a block and a commit of its own: as decoded from its bytes. */
function execute({ id, transaction }: SignedTransaction, atMs: number): Executed['verdict'] {
  const decoded = decodeTransaction(encodeTransaction(transaction))
  if ('reason' in decoded) throw new Error(decoded.reason)
  expect(transactionIdOf(NETWORK_KEY, decoded)).toBe(id)
  const signers = decoded.unlocks
    .filter(({ key, signature }) => ed25519.verify(signature, unlockMessage(id), hexToBytes(key)))
    .map(({ key }) => key)
  return at(ledger.execute([{ block: idOf(++blocks), id, transaction: decoded, signers }], atMs), 0).verdict
}

const coinsOf = (signer: Signer): Coin[] => ledger.unspentOf(signer.publicKey).map((output) => ({ output }))
const balanceOf = (signer: Signer) =>
  ledger
    .unspentOf(signer.publicKey)
    .filter(([, { owner }]) => owner === signer.publicKey)
    .reduce((sum, [, { amount }]) => sum + amount, 0)

describe('A payment', () => {
  it('reaches its payee, and the rest comes back', async () => {
    const payment = await sign(draftPayment(wish(), purse(...coinsOf(ALICE_SIGNS))), ALICE_SIGNS)
    expect(execute(payment, NOW_MS)).toMatchObject({ type: 'applied' })
    expect(balanceOf(BOB_SIGNS)).toBe(5000)
    expect(balanceOf(ALICE_SIGNS)).toBe(995_000)
    expect(payment.transaction.memo).toEqual(MEMO)
  })

  it('of all there is leaves no change', async () => {
    const all = wish({ amount: 1_000_000 })
    const payment = await sign(draftPayment(all, purse(...coinsOf(ALICE_SIGNS))), ALICE_SIGNS)
    expect(payment.transaction.outputs).toEqual([{ amount: 1_000_000, owner: BOB }])
    expect(execute(payment, NOW_MS)).toMatchObject({ type: 'applied' })
  })

  it('of what another made for the payee goes on from there', async () => {
    execute(await sign(draftPayment(wish(), purse(...coinsOf(ALICE_SIGNS))), ALICE_SIGNS), NOW_MS)
    const on = draftPayment(wish({ to: ALICE, amount: 2000 }), {
      owner: BOB,
      coins: coinsOf(BOB_SIGNS),
      dust: DUST,
    })
    expect(execute(await sign(on, BOB_SIGNS), NOW_MS)).toMatchObject({ type: 'applied' })
    expect(balanceOf(BOB_SIGNS)).toBe(3000)
  })

  it('from pending coins names the blocks it must be above, each once', () => {
    const block = idOf(77)
    const coins = [coinOf(1, 1000), pendingCoinOf(2, 2000, block), pendingCoinOf(3, 2000, block)]
    expect(drafted(draftPayment(wish(), purse(...coins))).above).toEqual([block])
    expect(drafted(draftPayment(wish({ amount: 1000 }), purse(...coins))).above).toEqual([])
  })

  it.each<[string, Partial<Wish>, string]>([
    ['less than an output may hold', { amount: DUST - 1 }, 'amount-is-dust'],
    ['more than there is', { amount: 1_000_001 }, 'too-little'],
    ['all but dust', { amount: 999_500 }, 'change-is-dust'],
    [
      'what falls back before it can be spent',
      { notBeforeMs: LATER_MS, expiry: { atMs: LATER_MS, refundTo: ALICE } },
      'expires-before-due',
    ],
  ])('of %s is refused', (_, other, type) => {
    expect(draftPayment(wish(other), purse(...coinsOf(ALICE_SIGNS)))).toHaveProperty('type', type)
  })

  it('that is attached again pays once', async () => {
    const payment = await sign(draftPayment(wish(), purse(...coinsOf(ALICE_SIGNS))), ALICE_SIGNS)
    expect(execute(payment, NOW_MS)).toMatchObject({ type: 'applied' })
    expect(execute(payment, NOW_MS)).toEqual({ type: 'rejected', reason: 'duplicate' })
    expect(balanceOf(BOB_SIGNS)).toBe(5000)
  })

  it('signed by another key is not applied', async () => {
    const stolen = await sign(draftPayment(wish(), purse(...coinsOf(ALICE_SIGNS))), BOB_SIGNS)
    expect(execute(stolen, NOW_MS)).toMatchObject({ type: 'rejected', reason: 'not-unlocked' })
  })
})

describe('A payment on conditions', () => {
  const pay = async (conditions: Partial<Wish>) => {
    const made = await sign(draftPayment(wish(conditions), purse(...coinsOf(ALICE_SIGNS))), ALICE_SIGNS)
    expect(execute(made, NOW_MS)).toMatchObject({ type: 'applied' })
    return coinsOf(BOB_SIGNS)
  }
  const sweep = (coins: readonly Coin[], signer: Signer, preimages?: readonly Uint8Array[]) =>
    sign(draftSweep(coins, { to: signer.publicKey, memo: MEMO }, DUST), signer, preimages)

  it('can be spent from its time on', async () => {
    const coins = await pay({ notBeforeMs: LATER_MS })
    const claim = await sweep(coins, BOB_SIGNS)
    expect(execute(claim, LATER_MS - 1)).toMatchObject({ reason: 'time-locked' })
    expect(execute(claim, LATER_MS)).toMatchObject({ type: 'applied' })
  })

  it('that is hash-locked is claimed with the preimage, among others in any order', async () => {
    const coins = await pay({ hashlock: HASHLOCK })
    expect(execute(await sweep(coins, BOB_SIGNS), NOW_MS)).toMatchObject({ lacks: 'preimage' })
    const preimages = [new Uint8Array(32).fill(9), PREIMAGE, new Uint8Array(32).fill(8), PREIMAGE]
    expect(execute(await sweep(coins, BOB_SIGNS, preimages), NOW_MS)).toMatchObject({ type: 'applied' })
    expect(balanceOf(BOB_SIGNS)).toBe(5000)
  })

  it('that nobody claimed comes back without the preimage, and not before', async () => {
    const coins = await pay({ hashlock: HASHLOCK, expiry: { atMs: LATER_MS, refundTo: ALICE } })
    const refund = await sweep(coins, ALICE_SIGNS)
    expect(execute(refund, LATER_MS - 1)).toMatchObject({ lacks: 'owner' })
    const late = await sweep(coins, BOB_SIGNS, [PREIMAGE])
    expect(execute(late, LATER_MS)).toMatchObject({ lacks: 'refund' })
    expect(execute(refund, LATER_MS)).toMatchObject({ type: 'applied' })
    expect(balanceOf(ALICE_SIGNS)).toBe(1_000_000)
  })
})

describe('A payment that takes the place of another', () => {
  const pay = () => sign(draftPayment(wish(), purse(...coinsOf(ALICE_SIGNS))), ALICE_SIGNS)

  it('pays somebody else, and only one of the two applies, whichever comes first', async () => {
    const [coin] = coinsOf(ALICE_SIGNS)
    const first = await pay()
    const replaced = coin ? [coin] : []
    const second = await sign(draftReplacement(replaced, wish({ amount: 7000 }), purse()), ALICE_SIGNS)
    expect(execute(second, NOW_MS)).toMatchObject({ type: 'applied' })
    expect(execute(first, NOW_MS)).toMatchObject({ reason: 'spent-input' })
    expect(balanceOf(BOB_SIGNS)).toBe(7000)
  })

  it('spends all that the other did, and committed coins where it needs more', () => {
    const replaced = [coinOf(1, 3000), pendingCoinOf(2, 3000)]
    const others = [pendingCoinOf(3, 90_000), coinOf(4, 4000)]
    const { essence, above } = drafted(draftReplacement(replaced, wish({ amount: 9000 }), purse(...others)))
    expect(essence.inputs).toEqual([...replaced, coinOf(4, 4000)].map(({ output: [id] }) => id).sort())
    expect(above).toEqual([idOf(2)])
    expect(draftReplacement(replaced, wish({ amount: 10_001 }), purse(...others))).toEqual({
      type: 'too-little',
      spendable: 10_000,
      needed: 10_001,
    })
  })

  it('takes everything back to oneself', async () => {
    const coins = coinsOf(ALICE_SIGNS)
    const first = await pay()
    const back = await sign(draftSweep(coins, { to: ALICE, memo: new Uint8Array() }, DUST), ALICE_SIGNS)
    expect(execute(back, NOW_MS)).toMatchObject({ type: 'applied' })
    expect(execute(first, NOW_MS)).toMatchObject({ reason: 'spent-input' })
    expect(balanceOf(ALICE_SIGNS)).toBe(1_000_000)
  })
})
