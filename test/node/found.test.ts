import { describe, expect, it } from 'vitest'
import { encodeDidKey } from '../../src/core/codec/did-key.ts'
import { DEFAULT_SUPPLY } from '../../src/core/model/params.ts'
import { testSigner } from '../net/support.ts'
import { passRounds } from './make-committee.ts'
import { eachWithWorld, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const didOf = (seed: number) => encodeDidKey(testSigner(seed).publicKey)

describe('Founding a network', () => {
  it("makes one of these validators whose money is all its founder's, and enters it", async () => {
    const a = await world.peer('a')
    const before = a.snapshot()
    const validators = [before.device, didOf(1), didOf(2), didOf(3)]
    await a.peer.found({ name: '  Our village ', validators })
    const { network, wallet } = a.snapshot()
    expect(network.id).not.toBe(before.network.id)
    expect(network).toMatchObject({
      name: 'Our village',
      order: { index: 0, validator: { type: 'proposing' } },
    })
    expect(network.order.committee.map(({ key, weight }) => [key, weight]).sort()).toEqual(
      validators.map((key) => [key, 1]).sort(),
    )
    expect(wallet).toEqual({
      balance: { spendable: DEFAULT_SUPPLY, leaving: 0, locked: 0, refundable: 0 },
      payments: [],
      allowance: { perPayment: 0, perDay: 0, spent: 0 },
    })
  })

  it('does not need its founder among the validators', async () => {
    const a = await world.peer('a')
    await a.peer.found({ name: 'Theirs', validators: [didOf(1)] })
    expect(a.snapshot().network.order.validator).toEqual({ type: 'none' })
  })

  it.each([
    ['a validator twice', [didOf(1), didOf(2), didOf(1)], 'twice'],
    ['65 validators', Array.from({ length: 65 }, (_, i) => didOf(i + 1)), 'validators'],
    ['none', [], 'validators'],
    ['somebody who is no key', [didOf(1), 'did:key:z6Mk'], 'validators.1'],
  ])('with %s is refused, and nothing changes', async (_, validators, words) => {
    const a = await world.peer('a')
    const before = a.snapshot()
    await expect(a.peer.found({ name: 'None', validators })).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringContaining(words) as string,
    })
    expect(a.snapshot()).toEqual(before)
    expect(a.transports).toHaveLength(1)
  })

  it('leaves the old one as it was: its payments are there when one comes back', async () => {
    const a = await world.peer('a')
    const old = await a.peer.invite()
    await a.peer.pay({ to: didOf(1), amount: 5000 })
    await passRounds(world, 5)
    const before = a.snapshot()
    expect(before.wallet.payments).toMatchObject([{ state: { type: 'final' } }])
    await a.peer.found({ name: 'New', validators: [before.device] })
    await a.peer.pay({ to: didOf(2), amount: 7000 })
    await passRounds(world, 5)
    expect(a.snapshot().wallet.payments).toMatchObject([{ amount: 7000, state: { type: 'final' } }])
    await a.peer.join({ invitation: old })
    expect(a.snapshot().wallet).toEqual(before.wallet)
    expect(a.snapshot().network.order).toEqual(before.network.order)
  })

  it('and inviting others: they see its money move, and its validators agree', async () => {
    const all = [await world.peer('a'), await world.peer('b'), await world.peer('c'), await world.peer('d')]
    const [a, b] = all
    if (!a || !b) throw new Error('four peers')
    await a.peer.found({ name: 'Four', validators: all.map((peer) => peer.snapshot().device) })
    // its blocks cost work that no miner here does, so that only what needs none is looked at
    const invitation = await a.peer.invite()
    for (const peer of all.slice(1)) await peer.peer.join({ invitation })
    expect(new Set(all.map((peer) => peer.snapshot().network.id)).size).toBe(1)
    expect(all.map((peer) => peer.snapshot().network.order.validator.type)).toEqual(
      Array(4).fill('proposing'),
    )
    expect(b.snapshot().wallet.balance.spendable).toBe(0)
  })
})
