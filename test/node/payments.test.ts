import { describe, expect, it } from 'vitest'
import type { PaymentView } from '../../src/node/api.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { at } from '../core/make.ts'
import { devices, linkAll, passRounds, STAKE } from './make-committee.ts'
import { eachWithWorld, HeldMiner, until, type TestPeer, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const didOf = (peer: TestPeer) => peer.snapshot().device
const balanceOf = (peer: TestPeer) => peer.snapshot().wallet.balance
const paymentsOf = (peer: TestPeer) => peer.snapshot().wallet.payments
const statesOf = (peer: TestPeer) => paymentsOf(peer).map(({ state: { type } }) => type)

function paymentIn(peer: TestPeer, id: string): PaymentView {
  const found = paymentsOf(peer).find((each) => each.id === id)
  if (found === undefined) throw new Error('no such payment in the snapshot')
  return found
}

async function four(options: Parameters<typeof devices>[2] = {}) {
  const { peers, network } = await devices(world, 4, options)
  return { network, peers, a: at(peers, 0), b: at(peers, 1), c: at(peers, 2), d: at(peers, 3) }
}

describe('A payment', () => {
  it('is worked on, pending, and final, on both sides', async () => {
    const miner = new HeldMiner()
    const { a, b, c } = await four({ miner })
    const paying = a.peer.pay({ to: didOf(b), amount: 5000, memo: 'for tea ☕' })
    await until(() => miner.tasks === 1)
    miner.progress(1)
    expect(paymentsOf(a)).toMatchObject([
      { direction: 'sent', amount: 5000, memo: 'for tea ☕', who: [didOf(b)] },
    ])
    expect(at(paymentsOf(a), 0).state).toEqual({ type: 'working', done: 1 - Math.exp(-1), leftMs: 1000 })
    expect(balanceOf(a)).toEqual({ spendable: 0, leaving: STAKE, locked: 0, refundable: 0 })

    miner.finish()
    const id = await paying
    expect(paymentIn(a, id).state).toEqual({ type: 'pending', heldBy: 0 })
    expect(balanceOf(a)).toEqual({ spendable: STAKE - 5000, leaving: 5000, locked: 0, refundable: 0 })
    await world.quiet()
    expect(balanceOf(b).spendable).toBe(STAKE) // not before it is final
    for (let i = 0; i < 20; i++) {
      await passRounds(world, 1)
      miner.finish()
    }
    for (const peer of [a, b]) expect(paymentIn(peer, id).state).toEqual({ type: 'final', commit: 1 })
    expect(paymentIn(b, id)).toMatchObject({
      direction: 'received',
      amount: 5000,
      memo: 'for tea ☕',
      who: [didOf(a)],
    })
    expect([a, b, c].map((peer) => balanceOf(peer).spendable)).toEqual([STAKE - 5000, STAKE + 5000, STAKE])
    expect(await a.notes.list('payment/')).toEqual([])
    const { order } = c.snapshot().network
    expect(order).toMatchObject({ index: 1, validator: { type: 'proposing' } })
    expect(order.committee.map(({ key, weight }) => [key, weight])).toEqual(
      expect.arrayContaining([
        [didOf(a), 1],
        [didOf(b), 1],
      ]),
    )
  })

  it('is pending while too few validators are there, and spends its change above itself meanwhile', async () => {
    const { a, b, c, d } = await four()
    await c.peer.stop()
    await d.peer.stop()
    const first = await a.peer.pay({ to: didOf(b), amount: 1000 })
    const second = await a.peer.pay({ to: didOf(b), amount: 2000 })
    await passRounds(world, 20)
    expect(statesOf(a)).toEqual(['pending', 'pending'])
    expect(balanceOf(a)).toMatchObject({ spendable: STAKE - 3000, leaving: 3000 })
    expect(paymentIn(a, second).state).toEqual({ type: 'pending', heldBy: 1 })
    await world.openPeer(c)
    await linkAll(world, [a, b, c])
    await passRounds(world, 30)
    for (const id of [first, second]) expect(paymentIn(a, id).state.type).toBe('final')
    expect(balanceOf(b).spendable).toBe(STAKE + 3000)
  })

  it('that is cancelled during its work leaves nothing', async () => {
    const miner = new HeldMiner()
    const { a, b } = await four({ miner })
    const stop = new AbortController()
    const paying = a.peer.pay({ to: didOf(b), amount: 1000 }, { signal: stop.signal })
    paying.catch(() => undefined)
    await until(() => miner.tasks === 1)
    await passRounds(world, 5)
    stop.abort()
    await expect(paying).rejects.toMatchObject({ name: 'ApiError', kind: 'cancelled' })
    await passRounds(world, 50)
    expect(miner.tasks).toBe(1)
    expect(paymentsOf(a)).toEqual([])
    expect(balanceOf(a).spendable).toBe(STAKE)
    expect(await a.notes.list('payment/')).toEqual([])
  })

  it('at the same moment as another spends another coin, or is refused', async () => {
    const over = ([key]: readonly PublicKey[]) => ({
      outputs: key ? [1, 2, 3].map((i) => ({ owner: key, amount: i * 100_000 })) : [],
    })
    const { a, b } = await four({ over })
    const five = Array.from({ length: 5 }, () => a.peer.pay({ to: didOf(b), amount: 100_000 }))
    const done = await Promise.allSettled(five)
    await passRounds(world, 30)
    const paid = done.filter(({ status }) => status === 'fulfilled').length
    expect(paid).toBeGreaterThanOrEqual(3)
    expect(statesOf(a)).toEqual(Array(paid).fill('final'))
    expect(balanceOf(b).spendable).toBe(paid * 100_000)
    for (const each of done)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ kind: 'cannot-pay' })
  })
})

describe('A payment and a restart', () => {
  it('while it is worked on: it is attached as it was signed', async () => {
    const miner = new HeldMiner()
    const { a, b, peers } = await four({ miner })
    const paying = a.peer.pay({ to: didOf(b), amount: 1000 })
    paying.catch(() => undefined)
    await until(() => miner.tasks === 1)
    await a.peer.stop()
    miner.finish()
    await expect(paying).rejects.toThrow()
    await world.openPeer(a)
    await linkAll(world, peers)
    await passRounds(world, 40)
    expect(statesOf(a)).toEqual(['final'])
    expect(balanceOf(b).spendable).toBe(STAKE + 1000)
  })

  it('while it is pending: it stays so, and becomes final', async () => {
    const { a, b, c, d } = await four()
    await c.peer.stop()
    await d.peer.stop()
    const id = await a.peer.pay({ to: didOf(b), amount: 1000 })
    await passRounds(world, 10)
    await a.peer.stop()
    await world.openPeer(a)
    expect(paymentIn(a, id).state.type).toBe('pending')
    expect(balanceOf(a)).toMatchObject({ spendable: STAKE - 1000, leaving: 1000 })
    await world.openPeer(c)
    await linkAll(world, [a, b, c])
    await passRounds(world, 40)
    expect(paymentIn(a, id).state.type).toBe('final')
    expect(balanceOf(b).spendable).toBe(STAKE + 1000)
    expect((await at([...a.disks.values()], 0).all()).length).toBeGreaterThan(0)
  })

  it.each(['pending', 'working'] as const)(
    'when it was committed and noted as %s: it is final, and not paid again',
    async (noted) => {
      const { a, b, peers } = await four()
      const paying = a.peer.pay({ to: didOf(b), amount: 1000 })
      await until(() => (a.snapshot().wallet.payments[0]?.state.type ?? 'working') === 'pending')
      const id = await paying
      const [note] = await a.notes.list('payment/')
      if (!note) throw new Error('a note')
      await passRounds(world, 20)
      expect(paymentIn(a, id).state.type).toBe('final')
      await a.peer.stop()
      const [key, value] = note
      await a.notes.put([[key, { ...(value as object), ...(noted === 'working' && { blocks: [] }) }]])
      await world.openPeer(a)
      await linkAll(world, peers)
      await passRounds(world, 40)
      expect(paymentsOf(a).map((each) => [each.id, each.state.type])).toEqual([[id, 'final']])
      expect(balanceOf(b).spendable).toBe(STAKE + 1000)
      expect(await a.notes.list('payment/')).toEqual([])
    },
  )

  it('keeps the history as it was, without doubles', async () => {
    const { peers } = await devices(world, 1, { others: 1 })
    const [a, b] = [at(peers, 0), at(peers, 1)]
    for (let i = 0; i < 60; i++) await a.peer.pay({ to: didOf(b), amount: 1000 + i, memo: `no. ${i}` })
    await passRounds(world, 10)
    for (const peer of [a, b]) {
      const before = paymentsOf(peer)
      expect(before.map(({ memo }) => memo)).toEqual(Array.from({ length: 50 }, (_, i) => `no. ${59 - i}`))
      await peer.peer.stop()
      await world.openPeer(peer)
      expect(paymentsOf(peer)).toEqual(before)
    }
    await linkAll(world, peers)
    await a.peer.pay({ to: didOf(b), amount: 1000, memo: 'once more' })
    await passRounds(world, 10)
    expect(
      paymentsOf(b)
        .slice(0, 2)
        .map(({ memo }) => memo),
    ).toEqual(['once more', 'no. 59'])
  })
})

describe('Two payments of which one can be', () => {
  it('are one everywhere, and the other failed for its sender', async () => {
    const { a, b, c, d, peers } = await four()
    for (const peer of [b, c, d]) await world.unlink(a, peer)
    const first = await a.peer.pay({ to: didOf(b), amount: 1000 })
    const second = await a.peer.pay({ to: didOf(c), amount: 2000, instead: first })
    await passRounds(world, 10)
    expect(statesOf(a)).toEqual(['pending', 'pending'])
    expect(balanceOf(a).spendable).toBe(0) // which change there will be is not known
    await linkAll(world, peers)
    await passRounds(world, 40)
    const [won, lost] = paymentIn(a, first).state.type === 'final' ? [first, second] : [second, first]
    expect(paymentIn(a, won).state.type).toBe('final')
    expect(paymentIn(a, lost).state).toEqual({ type: 'failed', reason: 'already-spent' })
    expect([b, c].map((peer) => balanceOf(peer).spendable - STAKE)).toEqual(
      won === first ? [1000, 0] : [0, 2000],
    )
    await expect(a.peer.takeBack({ payment: lost as never })).rejects.toMatchObject({ kind: 'cannot-pay' })
    await expect(a.peer.takeBack({ payment: won as never })).rejects.toMatchObject({ kind: 'cannot-pay' })
    await a.peer.stop()
    await world.openPeer(a)
    expect(paymentIn(a, lost).state).toEqual({ type: 'failed', reason: 'already-spent' })
  })

  it('where one is taken back before any block has it, it never is paid', async () => {
    const miner = new HeldMiner()
    const { a, b } = await four({ miner })
    const paying = a.peer.pay({ to: didOf(b), amount: 1000 })
    await until(() => miner.tasks === 1)
    const { id } = at(paymentsOf(a), 0)
    const taking = a.peer.takeBack({ payment: id })
    await until(() => miner.tasks === 2)
    miner.finish()
    await Promise.all([paying, taking])
    for (let i = 0; i < 40; i++) {
      await passRounds(world, 1)
      miner.finish()
    }
    expect(statesOf(a).sort()).toEqual(['failed', 'final'])
    expect(balanceOf(a).spendable + balanceOf(b).spendable).toBe(2 * STAKE)
  })
})
