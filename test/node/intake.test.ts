import { beforeEach, describe, expect, it } from 'vitest'
import { encodeTransaction } from '../../src/core/codec/transaction.ts'
import { nobleHasher, type BlockHasher } from '../../src/core/crypto/block-hasher.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import { outputIdOf } from '../../src/core/model/transaction.ts'
import { QUEUED_PER_PEER_MAX } from '../../src/node/fair-queue.ts'
import { Intake, type Intaken } from '../../src/node/intake.ts'
import type { Verifier } from '../../src/ports.ts'
import { CREATED_AT_MS, makeBlock, NETWORK } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { until } from './make-peer.ts'

const signer = testSigner(9)
const unknown = async () => false

/** Says of each signature what the test decides, when it does. */
class HeldVerifier implements Verifier {
  atOnce?: number
  readonly #held: ((holds: boolean) => void)[] = []
  asked = 0

  get waiting(): number {
    return this.#held.length
  }

  verify(): Promise<boolean> {
    this.asked++
    return new Promise((resolve) => this.#held.push(resolve))
  }

  decide(holds: boolean): void {
    this.#held.shift()?.(holds)
  }
}

let verifier: HeldVerifier
let intake: Intake
let signature: Uint8Array

beforeEach(async () => {
  verifier = new HeldVerifier()
  intake = new Intake(NETWORK, verifier)
  signature = await signer.sign(new Uint8Array(1))
})

/** A block that passes all that comes before its signature. */
function block(nonce: number): CheckedBlock {
  return makeBlock({ issuer: signer.publicKey, issuedAtMs: CREATED_AT_MS + 1, nonce, signature })
}

function send(from: string, count: number, first = 0): Promise<Intaken>[] {
  return Array.from({ length: count }, (_, i) => intake.take(block(first + i).bytes, unknown, from))
}

describe('Blocks that wait for their verification', () => {
  it('of a friend are verified next, however many a flooder has waiting', async () => {
    const flood = send('flooder', 1000)
    await until(() => verifier.waiting > 0)
    const before = verifier.asked
    expect(before).toBeLessThan(100)
    const [friends] = send('friend', 1, 5000)
    await until(() => verifier.asked === before)
    let isTold = false
    void friends?.then(() => (isTold = true))
    for (let i = 0; i < before + 2; i++) {
      verifier.decide(true)
      await until(() => verifier.waiting >= before || isTold)
    }
    expect(isTold).toBe(true)
    expect((await friends)?.type).toBe('checked')
    for (let i = 0; i < 1000; i++) {
      verifier.decide(true)
      await until(() => verifier.waiting > 0 || verifier.asked === 1001)
    }
    expect(new Set((await Promise.all(flood)).map(({ type }) => type))).toEqual(new Set(['checked']))
  })

  it('are let go of beyond their bound, and that says nothing about them', async () => {
    const flood = send('flooder', QUEUED_PER_PEER_MAX + 200)
    const done: Intaken[] = []
    for (const each of flood) void each.then((intaken) => done.push(intaken))
    await until(() => done.length > 0 && verifier.waiting > 0)
    const { waiting } = verifier
    expect(done).toHaveLength(200 - waiting)
    expect(new Set(done.map(({ type }) => type))).toEqual(new Set(['busy']))
  })

  it('are let go of when one of the same sender proves false, and of that sender only', async () => {
    const flood = send('flooder', 500)
    const [friends] = send('friend', 1, 5000)
    await until(() => verifier.waiting > 0)
    verifier.decide(false)
    const first = await flood[0]
    expect(first?.type).toBe('bad-signature')
    while (verifier.waiting > 0) {
      verifier.decide(true)
      await Promise.race([friends, new Promise((resolve) => setImmediate(resolve))])
    }
    const types = (await Promise.all(flood)).map(({ type }) => type)
    expect(types.filter((type) => type === 'busy').length).toBeGreaterThan(400)
    expect((await friends)?.type).toBe('checked')
  })

  it('with many unlocks have as many turns counted as they may take', async () => {
    const unlocks = Array.from({ length: 64 }, (_, i) => ({
      key: testSigner(i + 1).publicKey,
      signature,
    })).sort((a, b) => (a.key < b.key ? -1 : 1))
    const payload = encodeTransaction({
      inputs: [outputIdOf(NETWORK.id, 7)],
      outputs: [{ amount: 1, owner: signer.publicKey }],
      memo: new Uint8Array(),
      unlocks,
      preimages: [],
    })
    const dear = (nonce: number) =>
      makeBlock({
        kind: 'transaction',
        issuer: signer.publicKey,
        issuedAtMs: CREATED_AT_MS + 1,
        nonce,
        signature,
        payload,
      })
    for (let i = 0; i < 10; i++) void intake.take(dear(i).bytes, unknown, 'flooder')
    await until(() => verifier.waiting > 0)
    expect(verifier.asked).toBe(1)
    const friends = send('friend', 20, 5000)
    verifier.decide(false) // the first of them; what else the flooder sent goes with it
    await until(() => verifier.waiting === 20)
    for (let i = 0; i < 20; i++) verifier.decide(true)
    expect((await Promise.all(friends)).every(({ type }) => type === 'checked')).toBe(true)
  })
})

describe('A verifier that wants many at once', () => {
  it('gets as many, and the rest waits its turn', async () => {
    verifier.atOnce = 200
    intake = new Intake(NETWORK, verifier)
    const asked = send('peer', 300)
    await until(() => verifier.waiting > 0)
    expect(verifier.waiting).toBe(200)
    verifier.decide(true)
    await until(() => verifier.asked === 201)
    while (verifier.waiting > 0) {
      verifier.decide(true)
      await until(() => verifier.waiting > 0 || verifier.asked === 300)
    }
    expect((await Promise.all(asked)).every(({ type }) => type === 'checked')).toBe(true)
  })
})

describe('A block that is known', () => {
  /** What the hasher was asked for. */
  let hashed: string[]
  let counting: BlockHasher

  beforeEach(() => {
    hashed = []
    counting = {
      idOf: (...args) => {
        hashed.push('id')
        return nobleHasher.idOf(...args)
      },
      payloadHashOf: (...args) => {
        hashed.push('payload')
        return nobleHasher.payloadHashOf(...args)
      },
    }
    intake = new Intake(NETWORK, verifier, counting)
  })

  it('costs its id and one look-up, alone and among others', async () => {
    const { bytes, id } = block(1)
    const lookUps: unknown[] = []
    const one = await intake.take(bytes, async (asked) => lookUps.push(asked) > 0, 'peer')
    const many = await intake.takeAll(
      [bytes, bytes],
      async (asked) => {
        lookUps.push(asked)
        return new Set(asked)
      },
      'peer',
    )
    expect([one, ...many]).toEqual([1, 2, 3].map(() => ({ type: 'known', id })))
    expect(lookUps).toEqual([id, [id]])
    expect(hashed).toEqual(['id', 'id', 'id'])
    expect(verifier.asked).toBe(0)
  })

  it('is as good as known where its payload was swapped on the way; a new one like that is malformed', async () => {
    const { bytes, id } = block(1)
    const swapped = Uint8Array.from(bytes)
    swapped[swapped.length - 1] = (swapped.at(-1) ?? 0) ^ 1
    expect(await intake.take(swapped, async () => true, 'peer')).toEqual({ type: 'known', id })
    expect(await intake.take(swapped, unknown, 'peer')).toEqual({
      type: 'malformed',
      reason: 'payload-mismatch',
    })
    expect(hashed).toEqual(['id', 'id', 'payload'])
    expect(verifier.asked).toBe(0)
  })
})
