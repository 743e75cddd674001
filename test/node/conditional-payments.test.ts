import { bytesToHex } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { at } from '../core/make.ts'
import { HASHLOCK, SECRET } from '../core/make-ledger.ts'
import { devices, passRounds, STAKE } from './make-committee.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'

const SECRET_HEX = bytesToHex(SECRET)

let world: World
eachWithWorld((made) => (world = made))

const didOf = (peer: TestPeer) => peer.snapshot().device
const balanceOf = (peer: TestPeer) => peer.snapshot().wallet.balance
const paymentsOf = (peer: TestPeer) => peer.snapshot().wallet.payments

async function four() {
  const { peers } = await devices(world, 4)
  return { a: at(peers, 0), b: at(peers, 1) }
}

describe('Money under conditions', () => {
  it('locked by a secret is claimed with it', async () => {
    const { a, b } = await four()
    await a.peer.pay({ to: didOf(b), amount: 7000, hashlock: HASHLOCK })
    await passRounds(world, 20)
    expect(balanceOf(b)).toMatchObject({ spendable: STAKE, locked: 7000 })
    await expect(b.peer.claim({ secret: '00'.repeat(32) })).rejects.toMatchObject({ kind: 'cannot-pay' })
    await b.peer.claim({ secret: SECRET_HEX })
    await passRounds(world, 20)
    expect(balanceOf(b)).toMatchObject({ spendable: STAKE + 7000, locked: 0 })
    await expect(b.peer.claim({ secret: SECRET_HEX })).rejects.toMatchObject({ kind: 'cannot-pay' })
  })

  it("not claimed in time is its sender's again, and no longer the other's", async () => {
    const { a, b } = await four()
    const refundAtMs = world.clock.nowMs() + 600_000
    await a.peer.pay({ to: didOf(b), amount: 7000, hashlock: HASHLOCK, refundAtMs })
    await passRounds(world, 20)
    expect(balanceOf(a)).toEqual({ spendable: STAKE - 7000, leaving: 0, locked: 0, refundable: 7000 })
    await world.pass(600_000)
    await a.peer.addThing({ name: 'changes', kind: 'heart-rate' }) // so that something is published
    expect(balanceOf(a)).toEqual({ spendable: STAKE, leaving: 0, locked: 0, refundable: 0 })
    await expect(b.peer.claim({ secret: SECRET_HEX })).rejects.toMatchObject({ kind: 'cannot-pay' })
    await a.peer.pay({ to: didOf(a), amount: STAKE })
    await passRounds(world, 20)
    expect(balanceOf(a).spendable).toBe(STAKE)
    expect(balanceOf(b)).toEqual({ spendable: STAKE, leaving: 0, locked: 0, refundable: 0 })
    expect(paymentsOf(a).some(({ direction }) => direction === 'came-back')).toBe(true)
  })

  it('not due yet is shown, and spent when it is', async () => {
    const { a, b } = await four()
    await a.peer.pay({ to: didOf(b), amount: 7000, notBeforeMs: world.clock.nowMs() + 60_000 })
    await passRounds(world, 20)
    expect(balanceOf(b)).toMatchObject({ spendable: STAKE, locked: 7000 })
    await world.pass(60_000)
    await b.peer.pay({ to: didOf(a), amount: STAKE + 7000 })
    await passRounds(world, 20)
    expect(balanceOf(b).spendable).toBe(0)
    expect(balanceOf(a).spendable).toBe(2 * STAKE)
  })
})
