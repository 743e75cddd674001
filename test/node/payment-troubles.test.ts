import { expect, it } from 'vitest'
import type { Miner } from '../../src/ports.ts'
import { at } from '../core/make.ts'
import { devices, passRounds } from './make-committee.ts'
import { eachWithWorld, idleMiner, type TestPeer, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const statesOf = (peer: TestPeer) =>
  peer.snapshot().wallet.payments.map(({ amount, state }) => [amount, state.type])

it('A payment whose work fails after it was signed is kept, and made once', async () => {
  let isBroken = false
  const miner: Miner = {
    mine: async (...args) => {
      if (isBroken) throw new Error('The miner crashed.')
      return idleMiner.mine(...args)
    },
    close: () => undefined,
  }
  const { peers } = await devices(world, 1, { miner, others: 1 })
  const [a, b] = [at(peers, 0), at(peers, 1)]
  isBroken = true
  await a.peer.pay({ to: b.snapshot().device, amount: 1000 })
  expect(statesOf(a)).toEqual([[1000, 'working']])
  isBroken = false
  await world.pass(6000)
  await passRounds(world, 40)
  expect(statesOf(a)).toEqual([[1000, 'final']])
})

it('A payment built on one that failed is failed too, though the power went before that was noted', async () => {
  const { peers } = await devices(world, 4)
  const [a, b, ...away] = [at(peers, 0), at(peers, 1), at(peers, 2), at(peers, 3)]
  for (const { peer } of away) await peer.stop()
  const to = b.snapshot().device
  for (const amount of [1000, 2000]) await a.peer.pay({ to, amount })
  await a.peer.stop()
  const notes = await a.notes.list('payment/')
  expect(notes).toHaveLength(2)
  const failed = { input: '00'.repeat(34), reason: 'already-spent' }
  for (const [key, note] of notes) {
    const { amount } = note as { readonly amount: number }
    await a.notes.put([[key, { ...(note as object), blocks: [], ...(amount === 1000 && { failed }) }]])
  }
  await world.openPeer(a)
  await world.pass(20_000)
  expect(a.snapshot().wallet.payments.map(({ amount, state }) => [amount, state])).toEqual(
    expect.arrayContaining([
      [1000, { type: 'failed', reason: 'already-spent' }],
      [2000, { type: 'failed', reason: 'built-on-failed' }],
    ]),
  )
})
