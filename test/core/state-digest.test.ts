import { blake3 } from '@noble/hashes/blake3.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand, hash } from '../../src/core/crypto/hash.ts'
import { Ledger } from '../../src/core/ledger/ledger.ts'
import { StateDigest } from '../../src/core/ledger/state-digest.ts'
import { outputIdOf, type NamedOutput, type TransactionId } from '../../src/core/model/transaction.ts'
import { ALICE, BOB, NETWORK, NETWORK_KEY, idOf } from './make.ts'
import { HASHLOCK } from './make-ledger.ts'

const named = (n: number): NamedOutput => [
  outputIdOf(idOf(n) as string as TransactionId, n % 64),
  { amount: 1000 + n, owner: n % 2 ? ALICE : BOB, ...(n % 3 === 0 && { notBeforeMs: n }) },
]

function digestOfSet(outputs: Iterable<NamedOutput>): StateDigest {
  const digest = new StateDigest(NETWORK_KEY)
  for (const output of outputs) digest.add(output)
  return digest
}

describe('the digest of the state', () => {
  it('is the sum of keyed XOFs, written out once more', () => {
    const outputs: NamedOutput[] = [
      [outputIdOf('ab'.repeat(32) as TransactionId, 0x0102), { amount: 5, owner: ALICE }],
      [
        outputIdOf('cd'.repeat(32) as TransactionId, 63),
        {
          amount: 2 ** 40,
          owner: BOB,
          notBeforeMs: 1,
          hashlock: HASHLOCK,
          expiry: { atMs: 2, refundTo: ALICE },
        },
      ],
    ]
    const encoded = [
      `${'ab'.repeat(32)}0201` + '0500000000000000' + ALICE + '00',
      `${'cd'.repeat(32)}3f00` +
        '0000000000010000' +
        BOB +
        '07' +
        '0100000000000000' +
        HASHLOCK +
        '0200000000000000' +
        ALICE,
    ]
    const lanes = Buffer.alloc(2048)
    for (const hex of encoded) {
      const input = Buffer.concat([hexToBytes(hex), Buffer.from('O')])
      const element = Buffer.from(blake3(input, { key: NETWORK_KEY, dkLen: 2048 }))
      for (let at = 0; at < 2048; at += 2)
        lanes.writeUInt16LE((lanes.readUInt16LE(at) + element.readUInt16LE(at)) % 65_536, at)
    }
    const digest = digestOfSet(outputs)
    expect(bytesToHex(digest.lanes())).toBe(lanes.toString('hex'))
    expect(bytesToHex(digest.digest())).toBe(
      bytesToHex(blake3(Buffer.concat([lanes, Buffer.from('S')]), { key: NETWORK_KEY })),
    )
  })

  it('of nothing is the hash of 2048 zeros', () => {
    const empty = new StateDigest(NETWORK_KEY)
    expect(empty.lanes()).toEqual(new Uint8Array(2048))
    expect(empty.digest()).toEqual(hash(NETWORK_KEY, 'state', new Uint8Array(2048)))
    expect(empty.digest()).toHaveLength(32)
  })

  it('depends on every field of an output, on its name and on the network', () => {
    const [id, output] = named(1)
    const others: NamedOutput[] = [
      named(2),
      [outputIdOf(id.slice(0, 64) as TransactionId, 2), output],
      [id, { ...output, amount: 1 }],
      [id, { ...output, owner: BOB }],
      [id, { ...output, notBeforeMs: 0 }],
      [id, { ...output, hashlock: HASHLOCK }],
      [id, { ...output, expiry: { atMs: 0, refundTo: BOB } }],
    ]
    const hexes = [[id, output] as const, ...others].map((one) => bytesToHex(digestOfSet([one]).digest()))
    const elsewhere = new StateDigest(NETWORK_KEY.map((byte) => byte ^ 1))
    elsewhere.add([id, output])
    expect(new Set([...hexes, bytesToHex(elsewhere.digest())]).size).toBe(9)
  })

  it('after any order of additions and removals is that of the set that is left', () => {
    const toggles = fc.array(fc.nat({ max: 15 }), { maxLength: 60 })
    fc.assert(
      fc.property(toggles, (steps) => {
        const held = new Set<number>()
        const digest = new StateDigest(NETWORK_KEY)
        for (const n of steps) {
          if (held.delete(n)) digest.remove(named(n))
          else {
            held.add(n)
            digest.add(named(n))
          }
        }
        const sorted = [...held].sort((a, b) => a - b)
        expect(digest.lanes()).toEqual(digestOfSet(sorted.map(named)).lanes())
      }),
      { seed: 3, numRuns: 60 },
    )
  })

  it('goes on from kept lanes, which are a copy', () => {
    const digest = digestOfSet([named(1)])
    const lanes = digest.lanes()
    const resumed = new StateDigest(NETWORK_KEY, lanes)
    lanes.fill(0)
    resumed.add(named(2))
    digest.add(named(2))
    expect(resumed.digest()).toEqual(digest.digest())
    expect(new StateDigest(NETWORK_KEY, digest.lanes()).digest()).toEqual(digest.digest())
  })

  it('is what a ledger says of its unspent outputs', () => {
    const ledger = new Ledger(NETWORK)
    expect(ledger.stateDigest()).toEqual(digestOfSet(ledger.unspent()).digest())
  })
})

describe('a long hash', () => {
  it('starts with the short one', () => {
    const long = expand(NETWORK_KEY, 'output', 100, Uint8Array.of(1), Uint8Array.of(2))
    expect(long).toHaveLength(100)
    expect(long.subarray(0, 32)).toEqual(hash(NETWORK_KEY, 'output', Uint8Array.of(1, 2)))
  })
})
