import { describe, expect, it } from 'vitest'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import { encodeTransaction } from '../../src/core/codec/transaction.ts'
import { encodeDidKey } from '../../src/core/codec/did-key.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { signTransaction } from '../../src/wallet/payments.ts'
import { at } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { devices, identities, networkFor, passRounds, STAKE } from './make-committee.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const THEM = encodeDidKey(testSigner(1).publicKey)

async function alone(over?: (keys: readonly PublicKey[]) => Parameters<typeof networkFor>[1] & object) {
  const { peers } = await devices(world, 1, over && { over })
  return at(peers, 0)
}

/** Nothing was signed, kept or spent. */
async function nothingHappened(a: TestPeer): Promise<void> {
  expect(a.snapshot().wallet.payments).toEqual([])
  expect(a.snapshot().wallet.balance.leaving).toBe(0)
  expect(await a.notes.list('payment/')).toEqual([])
}

describe('A payment is refused before anything is signed', () => {
  it.each([
    ['below the least an output may hold', { amount: 999 }, 'below the least this network pays'],
    ['of more than there is', { amount: STAKE + 1 }, 'not that much to spend'],
    ['that would leave dust', { amount: STAKE - 1 }, 'Pay a little less, or all of it'],
    [
      'that comes back before it is due',
      { amount: 5000, notBeforeMs: 2e12, refundAtMs: 2e12 },
      'come back before it could be spent',
    ],
    [
      'instead of one there is not',
      { amount: 5000, instead: '00'.repeat(32) as never },
      'cannot be taken back',
    ],
  ])('%s', async (_, input, words) => {
    const a = await alone()
    await expect(a.peer.pay({ to: THEM, ...input })).rejects.toMatchObject({
      kind: 'cannot-pay',
      message: expect.stringContaining(words) as string,
    })
    await nothingHappened(a)
  })

  it('from too many small coins; joined by a payment to oneself, they pay it', async () => {
    const a = await alone(([key]) => ({
      outputs: key ? Array.from({ length: 70 }, () => ({ owner: key, amount: 2000 })) : [],
    }))
    await expect(a.peer.pay({ to: THEM, amount: 130_000 })).rejects.toMatchObject({
      message: expect.stringContaining('too many small pieces') as string,
    })
    await nothingHappened(a)
    await a.peer.pay({ to: a.snapshot().device, amount: 120_000 })
    await passRounds(world, 5)
    await a.peer.pay({ to: THEM, amount: 130_000 })
    await passRounds(world, 5)
    expect(a.snapshot().wallet.balance.spendable).toBe(10_000)
  })

  it.each([
    ['to', { to: THEM.slice(0, -1), amount: 5000 }],
    ['to', { to: `${THEM.slice(0, 20)}0${THEM.slice(21)}`, amount: 5000 }],
    ['to', { to: 'somebody', amount: 5000 }],
    ['amount', { to: THEM, amount: 0 }],
    ['amount', { to: THEM, amount: 1.5 }],
    ['amount', { to: THEM, amount: 2 ** 53 }],
    ['hashlock', { to: THEM, amount: 5000, hashlock: 'abc' }],
    ['refundAtMs', { to: THEM, amount: 5000, refundAtMs: -1 }],
    ['instead', { to: THEM, amount: 5000, instead: '' as never }],
  ])('where %s is not one, which is named: %j', async (field, input) => {
    const a = await alone()
    await expect(a.peer.pay(input)).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining(`: ${field} is not`) as string,
    })
    await nothingHappened(a)
  })

  it('with a note that is too long, counted in bytes', async () => {
    const a = await alone()
    const pay = (memo: string) => a.peer.pay({ to: THEM, amount: 5000, memo })
    await expect(pay('€'.repeat(86))).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining('258 bytes, and 256') as string,
    })
    await nothingHappened(a)
    await pay('€'.repeat(85))
    expect(at(a.snapshot().wallet.payments, 0).memo).toBe('€'.repeat(85))
  })
})

describe("A stranger's note", () => {
  it.each([
    ['no text', Uint8Array.of(0xff, 0, 0x80), 'ff0080'],
    ['empty', new Uint8Array(), ''],
    ['every byte there is', Uint8Array.from({ length: 256 }, (_, i) => i), undefined],
    ['markup', new TextEncoder().encode('<b onclick=x>\u202e'), '<b onclick=x>\u202e'],
  ])('may be %s, and is shown as it is', async (_, memo, shown) => {
    const [one, two] = await identities(world, 2)
    if (!one || !two) throw new Error('two identities')
    const network = networkFor([one.keys])
    const invitation = encodeInvitation({ network, relays: [] })
    const b = await world.peer('b', { notes: two.notes, invitation })
    const a = await world.node('a', { network, keys: one.keys })
    await world.link(a, b)
    const [[input, { amount }]] = [at(a.node.ledger.unspentOf(one.keys.publicKey), 0)]
    const essence = { inputs: [input], outputs: [{ owner: two.keys.publicKey, amount }], memo }
    const { transaction } = await signTransaction(networkKeyOf(network.id), essence, one.keys)
    await a.node.issueTransaction(encodeTransaction(transaction), {})
    await passRounds(world, 5)
    const hex = Buffer.from(memo).toString('hex')
    expect(b.snapshot().wallet.payments).toMatchObject([{ direction: 'received', memo: shown ?? hex }])
  })
})
