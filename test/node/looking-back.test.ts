import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PaymentsPlace, PaymentsQuery, PaymentView } from '../../src/node/api.ts'
import { wantedBy } from '../../src/node/payment-search.ts'
import { at } from '../core/make.ts'
import { HASHLOCK } from '../core/make-ledger.ts'
import { ANN, BEN, paymentWith } from '../app/views.ts'
import { devices, passRounds, STAKE } from './make-committee.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const didOf = (peer: TestPeer) => peer.snapshot().device

/** All pages of what is looked for. */
async function pages(peer: TestPeer, query: PaymentsQuery): Promise<readonly (readonly PaymentView[])[]> {
  const found: (readonly PaymentView[])[] = []
  let before: PaymentsPlace | undefined
  do {
    const page = await peer.peer.findPayments({ ...query, ...(before && { before }) })
    found.push(page.payments)
    before = page.before
  } while (before && found.length < 20)
  return found
}

async function pair() {
  const { peers } = await devices(world, 1, { others: 1 })
  return [at(peers, 0), at(peers, 1)] as const
}

describe('Looking for payments', () => {
  it('finds all there ever were, page by page, each once', async () => {
    const [a, b] = await pair()
    for (let i = 0; i < 60; i++) await a.peer.pay({ to: didOf(b), amount: 1000 + i, memo: `no. ${i}` })
    await passRounds(world, 10)
    for (const peer of [a, b]) {
      const all = await pages(peer, {})
      expect(all.map((page) => page.length).slice(0, 3)).toEqual([20, 20, 20])
      expect(all.flat().map(({ memo }) => memo)).toEqual(
        Array.from({ length: 60 }, (_, i) => `no. ${59 - i}`),
      )
    }
    // what the snapshot does not show begins where it says
    const { payments, older } = a.snapshot().wallet
    if (!older) throw new Error('there are older ones')
    const rest = await pages(a, { text: 'no. ' })
    const next = await a.peer.findPayments({ before: older })
    expect([...payments, ...next.payments].map(({ id }) => id)).toEqual(rest.flat().map(({ id }) => id))
  })

  it('goes by name, note, id, amount and direction', async () => {
    const [a, b] = await pair()
    const id = await a.peer.pay({ to: didOf(b), amount: 2000, memo: 'Eggs' })
    await passRounds(world, 5)
    await b.peer.pay({ to: didOf(a), amount: 1000, memo: 'Change' })
    await passRounds(world, 5)
    await a.peer.nameContact({ key: didOf(b), name: 'Ben' })
    const memos = async (query: PaymentsQuery) =>
      (await a.peer.findPayments(query)).payments.map(({ memo }) => memo)
    expect(await memos({})).toEqual(['Change', 'Eggs'])
    expect(await memos({ text: ' eGGs ' })).toEqual(['Eggs'])
    expect(await memos({ text: 'ben' })).toEqual(['Change', 'Eggs'])
    expect(await memos({ text: didOf(b).slice(-8).toUpperCase() })).toEqual(['Change', 'Eggs'])
    expect(await memos({ text: id.slice(0, 12) })).toEqual(['Eggs'])
    expect(await memos({ text: '0.001', amount: 1000 })).toEqual(['Change'])
    expect(await memos({ kind: 'sent' })).toEqual(['Eggs'])
    expect(await memos({ kind: 'received' })).toEqual(['Change'])
    expect(await memos({ kind: 'pending' })).toEqual([])
    expect(await memos({ text: 'milk' })).toEqual([])
  })

  it('finds those under way first, and a failed one where its time puts it', async () => {
    const { peers } = await devices(world, 4)
    const [a, b, c, d] = [at(peers, 0), at(peers, 1), at(peers, 2), at(peers, 3)]
    await a.peer.pay({ to: didOf(b), amount: 1000, memo: 'first' })
    await passRounds(world, 20)
    const [bens, cems] = [didOf(b), didOf(c)]
    for (const peer of [c, d]) await peer.peer.stop()
    const waiting = await a.peer.pay({ to: bens, amount: 2000, memo: 'waits' })
    await a.peer.pay({ to: cems, amount: 3000, memo: 'instead', instead: waiting })
    expect((await a.peer.findPayments({})).payments.map(({ memo }) => memo)).toEqual([
      'instead',
      'waits',
      'first',
    ])
    expect((await a.peer.findPayments({ kind: 'pending' })).payments).toHaveLength(2)
    await expect(a.peer.findPayments({ text: 'x'.repeat(101) })).rejects.toMatchObject({ kind: 'bad-input' })
  })

  it('takes any text for what it is', () => {
    const payment = paymentWith({ memo: '.* (a|b) [c]', who: [BEN] })
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        wantedBy({ text }, [{ key: ANN, name: '\\' }])(payment)
      }),
      { seed: 2 },
    )
    expect(wantedBy({ text: '.*' }, [])(payment)).toBe(true)
    expect(wantedBy({ text: '.+' }, [])(payment)).toBe(false)
  })
})

describe('A balance', () => {
  it('is explained by its outputs: where they come from, since when, and what they wait for', async () => {
    const { peers } = await devices(world, 4)
    const [a, b, c] = [at(peers, 0), at(peers, 1), at(peers, 2)]
    const refundAtMs = world.clock.nowMs() + 600_000
    await a.peer.pay({ to: didOf(b), amount: 7000, memo: 'Swap', hashlock: HASHLOCK, refundAtMs })
    await passRounds(world, 20)
    await c.peer.pay({ to: didOf(b), amount: 4000, memo: 'Eggs' })
    await passRounds(world, 20)
    const { parts, balance, change } = await b.peer.explainBalance()
    expect(balance).toEqual(b.snapshot().wallet.balance)
    expect(change).toBe(0)
    expect(parts.spendable.listed).toMatchObject([
      { amount: STAKE, first: true, who: [] },
      { amount: 4000, memo: 'Eggs', who: [didOf(c)] },
    ])
    expect(parts.spendable.listed.every(({ atMs }) => atMs !== undefined)).toBe(true)
    expect(parts.locked.listed).toMatchObject([
      { amount: 7000, memo: 'Swap', who: [didOf(a)], hashlocked: true, expiresAtMs: refundAtMs },
    ])
    expect((await a.peer.explainBalance()).parts.refundable.listed).toMatchObject([
      { amount: 7000, who: [didOf(b)], expiresAtMs: refundAtMs },
    ])
  })

  it('adds up while payments are under way, change and all', async () => {
    const { peers } = await devices(world, 4)
    const [a, b, c, d] = [at(peers, 0), at(peers, 1), at(peers, 2), at(peers, 3)]
    for (const peer of [c, d]) await peer.peer.stop()
    await a.peer.pay({ to: didOf(b), amount: 1000 })
    await a.peer.pay({ to: didOf(b), amount: 2000 })
    const { parts, balance, change } = await a.peer.explainBalance()
    expect(balance).toEqual({ spendable: STAKE - 3000, leaving: 3000, locked: 0, refundable: 0 })
    expect(parts.leaving.listed.map(({ amount }) => amount)).toEqual([STAKE])
    expect(change).toBe(STAKE - 3000)
    expect(parts.spendable.listed).toMatchObject([{ amount: STAKE - 3000, pending: true }])
  })

  it('of many small parts lists the largest, and sums the rest', async () => {
    const { peers } = await devices(world, 1, {
      over: ([key]) => ({
        outputs: key ? Array.from({ length: 30 }, (_, i) => ({ owner: key, amount: 2000 + i })) : [],
      }),
    })
    const { parts, balance } = await at(peers, 0).peer.explainBalance()
    const { listed, rest } = parts.spendable
    expect(listed.map(({ amount }) => amount)).toEqual(Array.from({ length: 20 }, (_, i) => 2029 - i))
    expect(rest.count).toBe(10)
    expect(listed.reduce((sum, { amount }) => sum + amount, 0) + rest.amount).toBe(balance.spendable)
  })
})
