/**
 * Money between people: three browsers are one network's validators. What one pays is final for all of them alike, and of
 * two payments of the same money one is paid, the same everywhere.
 */
import type { Peer, ShownPayment } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

/** Founding, joining over a relay, and payments mined at the defaults. */
const STORY_TIMEOUT_MS = 240_000

/** A browser that comes back finds its peers again through the relay. */
const RETURN_TIMEOUT_MS = 90_000

const SUPPLY = 10 ** 15

/** Waits until the newest payments a peer shows are these. Its wallet is open. */
async function shows(
  peer: Peer,
  expected: readonly Partial<ShownPayment>[],
  timeout = 30_000,
): Promise<void> {
  await expect
    .poll(async () => (await peer.payments()).slice(0, expected.length), { timeout })
    .toMatchObject(expected as ShownPayment[])
}

async function balanceIs(peer: Peer, units: number): Promise<void> {
  await expect.poll(() => peer.balance(), { timeout: 30_000 }).toBe(units)
}

test('three browsers pay each other, and a double spend ends alike everywhere', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const { url } = await stage.gateway()
  const ana = await stage.peer(url)
  const ben = await stage.peer(url)
  const cem = await stage.peer(url)
  for (const peer of [ana, ben, cem]) await peer.openWallet()
  const [anasKey, bensKey, cemsKey] = [await ana.ownKey(), await ben.ownKey(), await cem.ownKey()]

  await test.step('they are in one network, all three its validators', async () => {
    await ana.found('Valley', [anasKey, bensKey, cemsKey])
    const invitation = await ana.invitation()
    for (const peer of [ben, cem]) await peer.join(invitation)
    await expect.poll(() => ana.peers(), { timeout: RETURN_TIMEOUT_MS }).toBe(2)
    await expect.poll(() => ben.peers(), { timeout: RETURN_TIMEOUT_MS }).toBe(2)
    for (const peer of [ana, ben, cem]) await peer.openWallet()
    await balanceIs(ana, SUPPLY)
  })

  await test.step('a payment is final for both, with the same balances', async () => {
    await ana.send(bensKey, '12.5', 'Eggs')
    await shows(ana, [{ direction: 'sent', amount: 12_500_000, state: 'final', note: 'Eggs' }])
    await shows(ben, [{ direction: 'received', amount: 12_500_000, state: 'final', note: 'Eggs' }])
    await balanceIs(ana, SUPPLY - 12_500_000)
    await balanceIs(ben, 12_500_000)
    await ben.send(cemsKey, '2', 'Thanks')
    await shows(cem, [{ direction: 'received', amount: 2_000_000, state: 'final', note: 'Thanks' }])
    await balanceIs(ben, 10_500_000)
  })

  await test.step('alone, one of them pays two people with the same money', async () => {
    await ben.page.close()
    await cem.page.close()
    await expect.poll(() => ana.peers(), { timeout: RETURN_TIMEOUT_MS }).toBe(0)
    await ana.send(bensKey, '100', 'First')
    await ana.sendInstead(0, cemsKey, '100', 'Second')
    const states = (await ana.payments()).slice(0, 2)
    expect(states.map(({ note }) => note).sort()).toEqual(['First', 'Second'])
    expect(states.filter(({ state }) => state === 'final')).toEqual([])
  })

  await test.step('back together, one of the two is paid, the same for everybody', async () => {
    const [benBack, cemBack] = [await stage.tab(ben), await stage.tab(cem)]
    for (const peer of [benBack, cemBack]) await peer.openWallet()
    await expect
      .poll(async () => (await ana.payments()).slice(0, 2).map(({ state }) => state), {
        timeout: RETURN_TIMEOUT_MS,
      })
      .toEqual(expect.arrayContaining(['final', expect.stringContaining('already spent')]))
    const outcomes = (await ana.payments()).slice(0, 2)
    const paid = outcomes.find(({ state }) => state === 'final')
    const isBens = paid?.note === 'First'
    await balanceIs(ana, SUPPLY - 112_500_000)
    await balanceIs(benBack, 10_500_000 + (isBens ? 100_000_000 : 0))
    await balanceIs(cemBack, 2_000_000 + (isBens ? 0 : 100_000_000))
    const [payee, other] = isBens ? [benBack, cemBack] : [cemBack, benBack]
    await shows(payee, [
      { direction: 'received', amount: 100_000_000, state: 'final', note: paid?.note ?? '' },
    ])
    expect((await other.payments()).map(({ note }) => note)).not.toContain(isBens ? 'Second' : 'First')
    const orders = await Promise.all([ana, benBack, cemBack].map((peer) => peer.snapshot()))
    const money = orders.map(({ wallet }) => wallet.balance.spendable).reduce((sum, each) => sum + each, 0)
    expect(money).toBe(SUPPLY)
  })
})
