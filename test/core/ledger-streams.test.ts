import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import { Ledger } from '../../src/core/ledger/ledger.ts'
import { keysOf } from '../../src/core/ledger/outputs.ts'
import { settleRejection, unsettledIds } from '../../src/core/ledger/settle.ts'
import { StateDigest } from '../../src/core/ledger/state-digest.ts'
import {
  outputIdOf,
  type AttachedTransaction,
  type Executed,
  type Output,
  type OutputId,
  type TransactionId,
} from '../../src/core/model/transaction.ts'
import { ALICE, BOB, GENESIS, at, idOf } from './make.ts'
import { CAROL, HASHLOCK, SECRET, outcomeOf, payment } from './make-ledger.ts'

const KEYS = [ALICE, BOB, CAROL]
const NETWORK = networkOf({
  ...GENESIS,
  dust: 10,
  outputs: KEYS.flatMap((owner) => [
    { owner, amount: 1000 },
    { owner, amount: 2000 },
  ]),
})
const SUPPLY = 9000

/** One attempt to pay. Numbers choose among what there is; most attempts are good, some are not. */
const attempt = fc.record({
  inputs: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  /** Whether inputs are chosen among all that ever was tried, not among the unspent. */
  stale: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  repeat: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  missing: fc.oneof(
    { weight: 12, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  firstShare: fc.oneof(fc.nat({ max: 100 }), fc.constant(50)),
  owners: fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })),
  lock: fc.nat({ max: 7 }),
  surplus: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  signers: fc.oneof({ weight: 6, arbitrary: fc.constant(3) }, { weight: 1, arbitrary: fc.nat({ max: 2 }) }),
})
type Attempt = typeof attempt extends fc.Arbitrary<infer T> ? T : never
const commits = fc.array(fc.array(attempt, { maxLength: 4 }), { minLength: 1, maxLength: 12 })

function pick<T>(list: readonly T[], n: number): T {
  return at(list, n % list.length)
}

/** What ever was an output, and every transaction tried, so that attempts can reach back to them. */
class World {
  readonly outputs = new Map<OutputId, Output>()
  readonly tried: AttachedTransaction[] = []

  constructor(ledger: Ledger) {
    for (const [id, output] of ledger.unspent()) this.outputs.set(id, output)
  }

  attempt(ledger: Ledger, parts: Attempt): AttachedTransaction {
    if (parts.repeat && this.tried.length > 0) return pick(this.tried, parts.firstShare)
    const pool = parts.stale ? [...this.outputs.keys()] : [...ledger.unspent()].map(([id]) => id)
    const inputs = [...new Set(parts.inputs.map((n) => pick(pool, n)))]
    const amount = inputs.reduce((sum, id) => sum + (this.outputs.get(id)?.amount ?? 0), 0)
    if (parts.missing) inputs.push(outputIdOf(idOf(parts.firstShare) as string as TransactionId, 0))
    const first = Math.floor((amount * parts.firstShare) / 100)
    const outputs = [
      { amount: first, owner: pick(KEYS, parts.owners[0]), ...lockOf(parts.lock) },
      { amount: amount - first + parts.surplus, owner: pick(KEYS, parts.owners[1]) },
    ].filter((output) => output.amount > 0)
    const signers = parts.signers === 3 ? KEYS : [pick(KEYS, parts.signers)]
    const tx = payment({ inputs, outputs, signers, preimages: parts.lock === 6 ? [] : [SECRET] })
    this.tried.push(tx)
    for (const [i, output] of outputs.entries()) this.outputs.set(outputIdOf(tx.id, i), output)
    return tx
  }
}

function lockOf(n: number): Partial<Output> {
  if (n === 0) return { hashlock: HASHLOCK }
  if (n === 1) return { notBeforeMs: 3 }
  if (n === 2) return { expiry: { atMs: 4, refundTo: CAROL } }
  return {}
}

function scratchLanes(ledger: Ledger): Uint8Array {
  const digest = new StateDigest(networkKeyOf(NETWORK.id))
  for (const output of ledger.unspent()) digest.add(output)
  return digest.lanes()
}

/** Every applied transaction and how many outputs it has: what a store would know. */
function remember(store: Map<TransactionId, number>, executed: readonly Executed[]): void {
  for (const { transaction, verdict } of executed)
    if (verdict.type === 'applied') store.set(transaction, verdict.created.length)
}

describe('over random streams of transactions', () => {
  it('supply, digest and index hold after every commit, and no output is spent twice', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(commits, (stream) => {
        const ledger = new Ledger(NETWORK)
        const world = new World(ledger)
        const spent = new Set<OutputId>()
        for (const [atMs, attempts] of stream.entries()) {
          const executed = ledger.execute(
            attempts.map((parts) => world.attempt(ledger, parts)),
            atMs,
          )
          for (const one of executed) {
            seen.set(outcomeOf(one), (seen.get(outcomeOf(one)) ?? 0) + 1)
            if (one.verdict.type === 'rejected') continue
            for (const [id] of one.verdict.spent) {
              expect(spent.has(id)).toBe(false)
              spent.add(id)
            }
          }
          const unspent = [...ledger.unspent()]
          expect(unspent.reduce((sum, [, { amount }]) => sum + amount, 0)).toBe(SUPPLY)
          expect(unspent.some(([id]) => spent.has(id))).toBe(false)
          for (const key of KEYS)
            expect(new Map(ledger.unspentOf(key))).toEqual(
              new Map(unspent.filter(([, output]) => keysOf(output).includes(key))),
            )
          expect(ledger.size).toBe(unspent.length)
        }
        expect(ledger.lanes()).toEqual(scratchLanes(ledger))
      }),
      { seed: 4, numRuns: 60 },
    )
    // the streams are worth something only if they reach every reason
    expect([...seen.keys()].sort()).toEqual([
      'applied',
      'duplicate',
      'dust',
      'missing-input',
      'not-unlocked',
      'spent-input',
      'time-locked',
      'unbalanced',
    ])
  })

  it('a ledger that forgets at every commit holds the same state and, once settled, gives the same reasons', () => {
    let settled = 0
    fc.assert(
      fc.property(commits, (stream) => {
        const steady = new Ledger(NETWORK)
        let restarted = new Ledger(NETWORK)
        const world = new World(steady)
        const store = new Map<TransactionId, number>()
        for (const [atMs, attempts] of stream.entries()) {
          const transactions = attempts.map((parts) => world.attempt(steady, parts))
          restarted = Ledger.from(NETWORK, restarted.lanes(), [...restarted.unspent()])
          const raw = restarted.execute(transactions, atMs)
          const executed = raw.map((one) => {
            const asked = new Set(unsettledIds(one))
            return settleRejection(one, (id) => (asked.has(id) ? store.get(id) : undefined))
          })
          settled += executed.filter((one, i) => outcomeOf(one) !== outcomeOf(at(raw, i))).length
          expect(executed.map(outcomeOf)).toEqual(steady.execute(transactions, atMs).map(outcomeOf))
          remember(store, executed)
        }
        expect(restarted.lanes()).toEqual(steady.lanes())
      }),
      { seed: 5, numRuns: 60 },
    )
    expect(settled).toBeGreaterThan(0)
  })
})
