import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { Ledger } from '../../src/core/ledger/ledger.ts'
import { outputIdOf, type Output, type TransactionId } from '../../src/core/model/transaction.ts'
import { ALICE, BOB, GENESIS, NETWORK, idOf } from './make.ts'
import {
  CAROL,
  GENESIS_OUTPUT,
  HASHLOCK,
  SECRET,
  outcomeOf,
  outputIn,
  payment,
  verdictOn,
  type PaymentParts,
} from './make-ledger.ts'

const SUPPLY = 1_000_000
const SAFE = Number.MAX_SAFE_INTEGER
const UNKNOWN = outputIdOf(idOf(9) as string as TransactionId, 0)

/** Alice gives all she has to `output`; whatever locks it is there from then on. */
function ledgerWith(output: Partial<Output>) {
  const ledger = new Ledger(NETWORK)
  const made = payment({
    inputs: [GENESIS_OUTPUT],
    outputs: [{ amount: SUPPLY, owner: BOB, ...output }],
  })
  expect(verdictOn(ledger, made)).toHaveProperty('type', 'applied')
  const input = outputIn(made)
  const spend = (parts: Partial<PaymentParts>) =>
    payment({ inputs: [input], outputs: [{ amount: SUPPLY, owner: CAROL }], signers: [BOB], ...parts })
  return { ledger, input, spend }
}

describe('a new ledger', () => {
  it('holds the outputs of the genesis, under the id of the network', () => {
    const ledger = new Ledger(NETWORK)
    expect([...ledger.unspent()]).toEqual([[GENESIS_OUTPUT, { owner: ALICE, amount: SUPPLY }]])
    expect(ledger.get(GENESIS_OUTPUT)).toEqual({ owner: ALICE, amount: SUPPLY })
    expect([ledger.size, ledger.supply]).toEqual([1, SUPPLY])
  })

  it('may hold nothing, or all that numbers can count', () => {
    expect(new Ledger(networkOf({ ...GENESIS, outputs: [] })).supply).toBe(0)
    const outputs = [
      { owner: ALICE, amount: SAFE - 1 },
      { owner: ALICE, amount: 1 },
    ]
    expect(new Ledger(networkOf({ ...GENESIS, outputs })).supply).toBe(SAFE)
  })
})

describe('a payment', () => {
  it('moves an output to its new owner, and the rest back', () => {
    const ledger = new Ledger(NETWORK)
    const memo = Uint8Array.of(1)
    const pays = [
      { amount: 400_000, owner: BOB },
      { amount: 600_000, owner: ALICE },
    ]
    const tx = payment({ inputs: [GENESIS_OUTPUT], outputs: pays, memo })
    expect(ledger.execute([tx], 0)).toEqual([
      {
        block: tx.block,
        transaction: tx.id,
        memo,
        verdict: {
          type: 'applied',
          spent: [[GENESIS_OUTPUT, { owner: ALICE, amount: SUPPLY }]],
          created: [
            [outputIn(tx, 0), pays[0]],
            [outputIn(tx, 1), pays[1]],
          ],
        },
      },
    ])
    expect(ledger.get(GENESIS_OUTPUT)).toBeUndefined()
    expect(ledger.unspentOf(BOB)).toEqual([[outputIn(tx, 0), pays[0]]])
    expect(ledger.unspentOf(ALICE)).toEqual([[outputIn(tx, 1), pays[1]]])
  })

  it('may spend what an earlier transaction of the same commit made', () => {
    const ledger = new Ledger(NETWORK)
    const first = payment({ inputs: [GENESIS_OUTPUT], outputs: [{ amount: SUPPLY, owner: BOB }] })
    const second = payment({
      inputs: [outputIn(first)],
      outputs: [{ amount: SUPPLY, owner: CAROL }],
      signers: [BOB],
    })
    expect(ledger.execute([first, second], 0).map(outcomeOf)).toEqual(['applied', 'applied'])
    expect(ledger.unspentOf(CAROL)).toHaveLength(1)
    expect(ledger.size).toBe(1)
  })

  it('spends many outputs of several owners, if each of them signs', () => {
    const half = SUPPLY / 2
    const ledger = new Ledger(NETWORK)
    const split = payment({
      inputs: [GENESIS_OUTPUT],
      outputs: [
        { amount: half, owner: ALICE },
        { amount: half, owner: BOB },
      ],
    })
    verdictOn(ledger, split)
    const parts = {
      inputs: [outputIn(split, 0), outputIn(split, 1)],
      outputs: [{ amount: SUPPLY, owner: CAROL }],
    }
    expect(verdictOn(ledger, payment({ ...parts, signers: [ALICE] }))).toEqual({
      type: 'rejected',
      reason: 'not-unlocked',
      input: outputIn(split, 1),
      lacks: 'owner',
    })
    expect(verdictOn(ledger, payment({ ...parts, signers: [ALICE, BOB] })).type).toBe('applied')
  })
})

describe('a transaction is rejected', () => {
  it('as a duplicate once it was applied, in the same commit or later', () => {
    const { ledger, spend } = ledgerWith({})
    const tx = spend({})
    const again = spend({ block: idOf(2) })
    expect(ledger.execute([tx, again], 0).map(outcomeOf)).toEqual(['applied', 'duplicate'])
    expect(verdictOn(ledger, again)).toEqual({ type: 'rejected', reason: 'duplicate' })
  })

  it('for an input nobody has heard of', () => {
    const { ledger, input, spend } = ledgerWith({})
    expect(verdictOn(ledger, spend({ inputs: [UNKNOWN] }))).toEqual({
      type: 'rejected',
      reason: 'missing-input',
      input: UNKNOWN,
      unknown: [UNKNOWN],
    })
    const beyond = outputIdOf(input.slice(0, 64) as TransactionId, 1)
    expect(verdictOn(ledger, spend({ inputs: [beyond] }))).toHaveProperty('reason', 'missing-input')
    const noGenesisOutput = outputIdOf(NETWORK.id, 1)
    expect(verdictOn(ledger, spend({ inputs: [noGenesisOutput] }))).toHaveProperty('reason', 'missing-input')
  })

  it('for an input that another has spent: the first in the order wins', () => {
    const { ledger, input, spend } = ledgerWith({})
    const [toCarol, toAlice] = [spend({}), spend({ outputs: [{ amount: SUPPLY, owner: ALICE }] })]
    expect(ledger.execute([toCarol, toAlice], 0).map(outcomeOf)).toEqual(['applied', 'spent-input'])
    expect(verdictOn(ledger, toAlice)).toEqual({ type: 'rejected', reason: 'spent-input', input })
    expect(verdictOn(ledger, payment({ inputs: [GENESIS_OUTPUT], outputs: [] }))).toEqual({
      type: 'rejected',
      reason: 'spent-input',
      input: GENESIS_OUTPUT,
    })
    expect(ledger.unspentOf(ALICE)).toEqual([])
    expect(ledger.unspentOf(CAROL)).toHaveLength(1)
  })

  it('while an input is time-locked, to the millisecond', () => {
    const { ledger, input, spend } = ledgerWith({ notBeforeMs: 1000 })
    expect(verdictOn(ledger, spend({}), 999)).toEqual({
      type: 'rejected',
      reason: 'time-locked',
      input,
      notBeforeMs: 1000,
    })
    expect(verdictOn(ledger, spend({}), 1000).type).toBe('applied')
  })

  it('without the signature of the owner', () => {
    const { ledger, input, spend } = ledgerWith({})
    const rejected = { type: 'rejected', reason: 'not-unlocked', input, lacks: 'owner' }
    expect(verdictOn(ledger, spend({ signers: [] }))).toEqual(rejected)
    expect(verdictOn(ledger, spend({ signers: [ALICE] }))).toEqual(rejected)
  })

  it('without the preimage of a hashlock', () => {
    const { ledger, input, spend } = ledgerWith({ hashlock: HASHLOCK })
    const rejected = { type: 'rejected', reason: 'not-unlocked', input, lacks: 'preimage' }
    expect(verdictOn(ledger, spend({}))).toEqual(rejected)
    expect(verdictOn(ledger, spend({ preimages: [SECRET.with(31, 0)] }))).toEqual(rejected)
    const preimages = [SECRET]
    expect(verdictOn(ledger, spend({ preimages, signers: [] }))).toEqual({ ...rejected, lacks: 'owner' })
    expect(verdictOn(ledger, spend({ preimages })).type).toBe('applied')
  })

  it('when it makes more or less than it spends', () => {
    const { ledger, spend } = ledgerWith({})
    for (const outputs of [SUPPLY - 1, SUPPLY + 1])
      expect(verdictOn(ledger, spend({ outputs: [{ amount: outputs, owner: CAROL }] }))).toEqual({
        type: 'rejected',
        reason: 'unbalanced',
        inputs: SUPPLY,
        outputs,
      })
  })

  it('for dust', () => {
    const { ledger, spend } = ledgerWith({})
    const withLast = (amount: number) => [
      { amount: SUPPLY - amount, owner: CAROL },
      { amount, owner: CAROL },
    ]
    for (const amount of [0, GENESIS.dust - 1])
      expect(verdictOn(ledger, spend({ outputs: withLast(amount) }))).toEqual({
        type: 'rejected',
        reason: 'dust',
        index: 1,
        amount,
        limit: GENESIS.dust,
      })
    expect(verdictOn(ledger, spend({ outputs: withLast(GENESIS.dust) })).type).toBe('applied')
  })

  it('and the state is as it was', () => {
    const { ledger, spend } = ledgerWith({})
    const before = [ledger.lanes(), [...ledger.unspent()]]
    ledger.execute([spend({ signers: [] }), spend({ inputs: [UNKNOWN] }), spend({ outputs: [] })], 0)
    expect([ledger.lanes(), [...ledger.unspent()]]).toEqual(before)
  })
})

describe('an output with an expiry', () => {
  const refundable = { hashlock: HASHLOCK, expiry: { atMs: 1000, refundTo: ALICE } }

  it('is its owner’s before, with the preimage', () => {
    const { ledger, input, spend } = ledgerWith(refundable)
    expect(verdictOn(ledger, spend({ signers: [ALICE], preimages: [SECRET] }), 999)).toEqual({
      type: 'rejected',
      reason: 'not-unlocked',
      input,
      lacks: 'owner',
    })
    expect(verdictOn(ledger, spend({ preimages: [SECRET] }), 999).type).toBe('applied')
  })

  it.each([1000, 1001])('goes back at %i, without the preimage and not to the owner', (atMs) => {
    const { ledger, input, spend } = ledgerWith(refundable)
    expect(verdictOn(ledger, spend({ preimages: [SECRET] }), atMs)).toEqual({
      type: 'rejected',
      reason: 'not-unlocked',
      input,
      lacks: 'refund',
    })
    expect(verdictOn(ledger, spend({ signers: [ALICE] }), atMs).type).toBe('applied')
  })

  it('stays time-locked after it, if it is to', () => {
    const { ledger, spend } = ledgerWith({ expiry: { atMs: 1000, refundTo: ALICE }, notBeforeMs: 2000 })
    expect(verdictOn(ledger, spend({ signers: [ALICE] }), 1999)).toHaveProperty('reason', 'time-locked')
    expect(verdictOn(ledger, spend({ signers: [ALICE] }), 2000).type).toBe('applied')
  })

  it('is listed for both keys while it is unspent, and for neither afterwards', () => {
    const { ledger, input, spend } = ledgerWith(refundable)
    expect(ledger.unspentOf(ALICE).map(([id]) => id)).toEqual([input])
    expect(ledger.unspentOf(BOB).map(([id]) => id)).toEqual([input])
    verdictOn(ledger, spend({ preimages: [SECRET] }))
    expect([...ledger.unspentOf(ALICE), ...ledger.unspentOf(BOB)]).toEqual([])
  })

  it('is listed once where both keys are one', () => {
    const { ledger } = ledgerWith({ expiry: { atMs: 1000, refundTo: BOB } })
    expect(ledger.unspentOf(BOB)).toHaveLength(1)
  })
})

describe('what nobody needs counts as absent', () => {
  it('a signature too many', () => {
    const { ledger, spend } = ledgerWith({})
    expect(verdictOn(ledger, spend({ signers: [ALICE, BOB, CAROL] })).type).toBe('applied')
  })

  it('a preimage too many, even an unknown one', () => {
    const { ledger, spend } = ledgerWith({ hashlock: HASHLOCK })
    const preimages = [SECRET, SECRET.with(0, 255)]
    expect(verdictOn(ledger, spend({ preimages })).type).toBe('applied')
  })
})

describe('of several reasons the first in the protocol’s order counts', () => {
  it('a rejection with every fault peels off one by one', () => {
    const { ledger, input, spend } = ledgerWith({ notBeforeMs: 1000, hashlock: HASHLOCK })
    const inputs = [GENESIS_OUTPUT, UNKNOWN, input]
    const outputs = [{ amount: 1, owner: CAROL }]
    const reasonOf = (parts: Partial<PaymentParts>, atMs: number) => {
      const verdict = verdictOn(ledger, spend(parts), atMs)
      return verdict.type === 'applied' ? 'applied' : verdict.reason
    }
    const signers = [ALICE]
    const preimages = [SECRET]
    expect(reasonOf({ inputs, outputs, signers }, 0)).toBe('missing-input')
    expect(reasonOf({ inputs: [GENESIS_OUTPUT, input], outputs, signers }, 0)).toBe('spent-input')
    expect(reasonOf({ outputs, signers }, 0)).toBe('time-locked')
    expect(reasonOf({ outputs, signers }, 1000)).toBe('not-unlocked')
    expect(reasonOf({ outputs }, 1000)).toBe('not-unlocked')
    expect(reasonOf({ outputs, preimages }, 1000)).toBe('unbalanced')
    const small = [{ amount: SUPPLY - 1, owner: CAROL }, ...outputs]
    expect(reasonOf({ outputs: small, preimages }, 1000)).toBe('dust')
    expect(reasonOf({ preimages }, 1000)).toBe('applied')
    expect(reasonOf({ preimages }, 0)).toBe('duplicate')
  })

  it('a missing second input comes before a spent first one, and all unknown inputs are told', () => {
    const { ledger, spend } = ledgerWith({})
    const last = outputIdOf('f'.repeat(64) as TransactionId, 0)
    const inputs = [GENESIS_OUTPUT, UNKNOWN, last]
    expect(verdictOn(ledger, spend({ inputs }))).toEqual({
      type: 'rejected',
      reason: 'missing-input',
      input: UNKNOWN,
      unknown: [UNKNOWN, last],
    })
  })

  it('a second input that is time-locked comes before a first that is not unlocked', () => {
    const ledger = new Ledger(NETWORK)
    const split = payment({
      inputs: [GENESIS_OUTPUT],
      outputs: [
        { amount: SUPPLY / 2, owner: BOB },
        { amount: SUPPLY / 2, owner: ALICE, notBeforeMs: 1 },
      ],
    })
    verdictOn(ledger, split)
    const both = payment({ inputs: [outputIn(split, 0), outputIn(split, 1)], outputs: [] })
    expect(verdictOn(ledger, both, 0)).toHaveProperty('reason', 'time-locked')
    expect(verdictOn(ledger, both, 1)).toHaveProperty('reason', 'not-unlocked')
  })
})

describe('sums near 2^53', () => {
  const rich = networkOf({
    ...GENESIS,
    dust: 1,
    outputs: [
      { owner: ALICE, amount: SAFE - 1 },
      { owner: ALICE, amount: 1 },
    ],
  })
  const inputs = [outputIdOf(rich.id, 0), outputIdOf(rich.id, 1)]

  it('all money there can be moves at once', () => {
    const ledger = new Ledger(rich)
    const outputs = [
      { amount: 1, owner: BOB },
      { amount: SAFE - 1, owner: BOB },
    ]
    expect(verdictOn(ledger, payment({ inputs, outputs })).type).toBe('applied')
  })

  it.each([
    [[SAFE, 1]],
    [[SAFE, 2]],
    [[SAFE, SAFE]],
    [[1, SAFE]],
    [[1, 1, SAFE - 1]],
    [Array.from({ length: 64 }, () => SAFE)],
    [[SAFE, ...Array.from({ length: 63 }, () => 1)]],
  ])('outputs of more than that are unbalanced: %j', (amounts) => {
    const ledger = new Ledger(rich)
    const outputs = amounts.map((amount) => ({ amount, owner: BOB }))
    expect(verdictOn(ledger, payment({ inputs, outputs }))).toHaveProperty('reason', 'unbalanced')
    expect(ledger.size).toBe(2)
  })
})

describe('a rejection belongs to the block', () => {
  it('attached again, the same transaction applies once its lock is open', () => {
    const { ledger, spend } = ledgerWith({ notBeforeMs: 1000 })
    expect(verdictOn(ledger, spend({}), 0)).toHaveProperty('reason', 'time-locked')
    expect(verdictOn(ledger, spend({ block: idOf(2) }), 1000).type).toBe('applied')
  })

  it('and once its input is there, which came after it in the order', () => {
    const ledger = new Ledger(NETWORK)
    const first = payment({ inputs: [GENESIS_OUTPUT], outputs: [{ amount: SUPPLY, owner: BOB }] })
    const second = payment({
      inputs: [outputIn(first)],
      outputs: [{ amount: SUPPLY, owner: CAROL }],
      signers: [BOB],
    })
    const outcomes = ledger.execute([second, first, second], 0).map(outcomeOf)
    expect(outcomes).toEqual(['missing-input', 'applied', 'applied'])
  })

  it('and once it carries the signature it lacked, under the same id', () => {
    const { ledger, spend } = ledgerWith({})
    const [unsigned, signed] = [spend({ signers: [] }), spend({ block: idOf(2) })]
    expect(unsigned.id).toBe(signed.id)
    expect(ledger.execute([unsigned, signed], 0).map(outcomeOf)).toEqual(['not-unlocked', 'applied'])
  })
})

describe('a ledger that goes on from a kept state', () => {
  it('is the one that was kept', () => {
    const { ledger, spend } = ledgerWith({ notBeforeMs: 5, hashlock: HASHLOCK })
    const resumed = Ledger.from(NETWORK, ledger.lanes(), [...ledger.unspent()])
    expect(resumed.stateDigest()).toEqual(ledger.stateDigest())
    for (const each of [ledger, resumed])
      expect(verdictOn(each, spend({ preimages: [SECRET] }), 5).type).toBe('applied')
    expect(resumed.lanes()).toEqual(ledger.lanes())
    expect([...resumed.unspent()]).toEqual([...ledger.unspent()])
  })

  it('does not start with money lost, made or counted twice', () => {
    const lanes = new Ledger(NETWORK).lanes()
    const output = (amount: number) => [GENESIS_OUTPUT, { owner: ALICE, amount }] as const
    expect(() => Ledger.from(NETWORK, lanes, [])).toThrow('0 unspent of a supply of 1000000')
    expect(() => Ledger.from(NETWORK, lanes, [output(SUPPLY + 1)])).toThrow('supply')
    expect(() => Ledger.from(NETWORK, lanes, [output(SUPPLY / 2), output(SUPPLY / 2)])).toThrow('already')
    expect(() => Ledger.from(NETWORK, lanes.subarray(1), [output(SUPPLY)])).toThrow('2047 bytes')
  })
})
