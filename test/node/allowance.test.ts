import { describe, expect, it } from 'vitest'
import { at } from '../core/make.ts'
import { devices, passRounds, STAKE } from './make-committee.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

const DAY_MS = 86_400_000

async function pair(): Promise<readonly [TestPeer, string]> {
  const { peers } = await devices(world, 1, { others: 1 })
  return [at(peers, 0), at(peers, 1).snapshot().device]
}

const OVER = { name: 'ApiError', kind: 'over-limit' }

describe('What the app pays by itself', () => {
  it('is nothing before its person has allowed it; what a person pays is not counted', async () => {
    const [a, to] = await pair()
    await expect(a.peer.pay({ to, amount: 1000, by: 'app' })).rejects.toMatchObject(OVER)
    await a.peer.pay({ to, amount: 1000 })
    expect(a.snapshot().wallet.allowance).toEqual({ perPayment: 0, perDay: 0, spent: 0 })
    expect(a.snapshot().wallet.payments).toHaveLength(1)
  })

  it('stays within its limits, over a restart too, and goes on a day later', async () => {
    const [a, to] = await pair()
    await a.peer.allow({ perPayment: 3000, perDay: 5000 })
    await expect(a.peer.pay({ to, amount: 3001, by: 'app' })).rejects.toMatchObject(OVER)
    await a.peer.pay({ to, amount: 3000, by: 'app' })
    await passRounds(world, 5)
    await a.peer.stop()
    await world.openPeer(a)
    expect(a.snapshot().wallet.allowance).toEqual({ perPayment: 3000, perDay: 5000, spent: 3000 })
    await expect(a.peer.pay({ to, amount: 3000, by: 'app' })).rejects.toMatchObject({
      ...OVER,
      message: expect.stringMatching(
        /more in a day than it may.* Nothing was paid\. Pay it yourself/,
      ) as string,
    })
    await world.pass(DAY_MS + 3_600_000)
    await a.peer.pay({ to, amount: 3000, by: 'app' })
    await passRounds(world, 5)
    expect(a.snapshot().wallet.payments).toHaveLength(2)
  })

  it('asked for at the same moment is never more than that', async () => {
    const [a, to] = await pair()
    await a.peer.allow({ perPayment: 3000, perDay: 5000 })
    const asked = [1, 2, 3, 4].map(() => a.peer.pay({ to, amount: 2000, by: 'app' }))
    const done = await Promise.allSettled(asked)
    expect(done.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(2)
    expect(done.filter((each) => each.status === 'rejected').map(({ reason }) => reason as unknown)).toEqual(
      expect.arrayContaining([expect.objectContaining(OVER)]),
    )
  })

  it('counts no payment that came to nothing', async () => {
    const [a, to] = await pair()
    await a.peer.allow({ perPayment: 2 * STAKE, perDay: 2 * STAKE })
    await expect(a.peer.pay({ to, amount: STAKE + 1, by: 'app' })).rejects.toMatchObject({
      kind: 'cannot-pay',
    })
    expect((await a.peer.explainBalance()).balance.leaving).toBe(0)
    await a.peer.allow({ perPayment: 1000, perDay: 1000 })
    expect(a.snapshot().wallet.allowance.spent).toBe(0)
  })

  it.each([
    ['a part of a unit', { perPayment: 0.5, perDay: 1 }],
    ['less than nothing', { perPayment: -1, perDay: 1 }],
    ['no number', { perPayment: '1' as never, perDay: 1 }],
  ])('is not set to %s', async (_, input) => {
    const [a] = await pair()
    await expect(a.peer.allow(input)).rejects.toMatchObject({ kind: 'bad-input' })
  })
})
