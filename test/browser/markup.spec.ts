/**
 * What people and strangers write stays text: names, notes, units and values with markup in them, on every screen. And
 * what keeps it so if the app ever slips: the policies that its pages come with.
 */
import { API_CHANNEL } from '../../src/node/rpc.ts'
import type { Snapshot } from '../../src/node/api.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

const MARKUP = '<img src=x onerror=ran=1><b>B</b>'

/** A device that is nowhere. */
const STRANGER = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsd9fQ2'

/** Goes through the screens and opens what is folded on them; on each nothing may have become an element, or run. */
async function visitAll({ page }: Peer, things: number): Promise<void> {
  const look = async (screen: string) => {
    await page.evaluate(() =>
      document.querySelectorAll<HTMLElement>('details:not([open]) > summary').forEach((one) => one.click()),
    )
    // it is there, or nothing would be shown by this
    await expect(page.getByText(MARKUP).locator('visible=true').first(), screen).toBeVisible()
    await expect(page.locator('img, b, i, script:not([src])'), screen).toHaveCount(0)
    expect(await page.evaluate(() => 'ran' in globalThis), screen).toBe(false)
  }
  for (const screen of ['wallet', 'network', 'settings', 'things']) {
    await page.getByTestId(`nav-${screen}`).click()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByText('One moment…')).toBeHidden()
    await look(screen)
  }
  for (let i = 0; i < things; i++) {
    await page.getByTestId('nav-things').click()
    await page.getByTestId('thing-card').nth(i).getByRole('link').first().click()
    await expect(page.getByTestId('thing-state')).toBeVisible()
    await look(`thing ${i}`)
  }
}

test('what this device’s person writes stays text', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  await peer.openWallet()
  await peer.found(MARKUP, [await peer.ownKey()])
  await peer.page.evaluate(
    async ({ markup }) => {
      const { api } = weftTest
      const thing = await api.addThing({ name: markup, kind: 'simulated' })
      await api.logReadings({ thing, readings: [{ quantity: 'note', value: markup, atMs: Date.now() }] })
      await api.flush({ thing })
    },
    { markup: MARKUP },
  )
  await peer.openWallet()
  await peer.send(STRANGER, '1', MARKUP)
  await expect(peer.page.getByTestId('payment-note').first()).toHaveText(MARKUP)
  await visitAll(peer, 1)
  await peer.page.getByTestId('nav-settings').click()
  await expect(peer.page.getByTestId('settings-network')).toHaveText(MARKUP)
  await peer.goHome()
  await expect(peer.page.getByRole('heading', { name: MARKUP })).toBeVisible()

  // and where somebody else is asked into that network
  const other = await stage.peer((await stage.app()).url)
  const invitation = new URL(await peer.invitation())
  await other.page.evaluate((hash) => (location.hash = hash), invitation.hash)
  await expect(other.page.getByTestId('confirm-join')).toContainText(MARKUP)
  await expect(other.page.locator('img, b, i')).toHaveCount(0)
})

test('what a thing is called stays text in a notification', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url, {
    beforeApp: () => {
      const shown: { title: string; body: string }[] = []
      class Told {
        static readonly permission = 'granted'
        constructor(title: string, { body = '' }: NotificationOptions = {}) {
          shown.push({ title, body })
        }
        close(): void {}
      }
      Object.assign(globalThis, { Notification: Told, told: shown })
    },
  })
  const { page } = peer
  await page.evaluate(async (markup) => {
    const { api } = weftTest
    const settings = {
      shaping: {},
      saveEveryMs: 5000,
      alerts: [{ type: 'over', quantity: 'temperature', value: 20 }],
    } as const
    const thing = await api.addThing({ name: markup, kind: 'environment' })
    await api.setThing({ thing, settings })
    const reading = { quantity: 'temperature', unit: 'Cel', value: 30, atMs: Date.now() }
    await api.logReadings({ thing, readings: [reading] })
    await api.flush({ thing })
  }, MARKUP)
  await expect
    .poll(() => page.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'told'))))
    .toContain(JSON.stringify(MARKUP).slice(1, -1))
  await expect(page.locator('img, b, i')).toHaveCount(0)
})

test('what a stranger writes stays text, whatever the peer says of it', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  const { page } = peer
  await page.evaluate(
    ({ channelName, markup }) => {
      const channel = new BroadcastChannel(channelName)
      const reading = { quantity: markup, unit: markup, value: 1, atMs: 1 }
      const blocks = { total: 1, hereOnly: 0, newestHeldBy: 1, committed: 0, newestCommitted: false }
      const thing = { owner: markup, name: markup, waiting: 0, blocks, spark: [1, 2] }
      const foreign = [
        {
          ...thing,
          key: `${'1'.repeat(64)}:${'1'.repeat(64)}`,
          mine: false,
          kind: 'unknown',
          access: 'open',
        },
        {
          ...thing,
          key: `${'2'.repeat(64)}:${'2'.repeat(64)}`,
          mine: false,
          kind: 'unknown',
          access: 'sealed',
        },
      ].map((one) => ({ ...one, latest: [reading, { ...reading, quantity: 'text', value: markup }] }))
      const payment = { id: 'a', direction: 'received', amount: 1, who: [markup], memo: markup, atMs: 1 }
      channel.onmessage = ({ data }) => {
        const { type, snapshot, isMadeUp } = data as { type: string; snapshot: Snapshot; isMadeUp?: true }
        if (type !== 'snapshot' || isMadeUp) return
        const network = {
          ...snapshot.network,
          name: markup,
          peers: [{ id: markup, direct: true }],
          stranger: { type: 'other-network', network: markup, atMs: Date.now() },
        }
        const wallet = {
          ...snapshot.wallet,
          payments: [{ ...payment, state: { type: 'pending', heldBy: 1 } }],
        }
        const other = { ...snapshot, device: markup, network, wallet, things: foreign }
        channel.postMessage({ to: 'pages', type, snapshot: other, isMadeUp: true })
      }
      channel.postMessage({ to: 'peer', type: 'hello' })
    },
    { channelName: API_CHANNEL, markup: MARKUP },
  )
  await expect(page.getByRole('heading', { name: MARKUP })).toHaveCount(2)
  await visitAll(peer, 2)
})

test('the policies of the page let nothing else through', async ({ stage }) => {
  const gateway = await stage.gateway()
  const peer = await stage.peer(gateway.url)
  const response = await peer.page.request.get(gateway.url)
  const policy = response.headers()['content-security-policy'] ?? ''
  const directives = policy.split(';').map((directive) => directive.trim())
  expect(directives).toContain("script-src 'self' 'wasm-unsafe-eval'")
  expect(directives).toContain("style-src 'self'")
  expect(directives).toContain("require-trusted-types-for 'script'")
  expect(directives).toContain("object-src 'none'")
  expect(directives).toContain("base-uri 'none'")
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|unsafe-hashes|\*/)

  // and they are in force: markup out of a text is refused, whoever tries
  const refused = await peer.page.evaluate((markup) => {
    try {
      document.createElement('div').innerHTML = markup
      return 'taken'
    } catch (error) {
      return (error as Error).name
    }
  }, MARKUP)
  expect(refused).toBe('TypeError')
  expect(peer.complaints.splice(0).join()).toContain('TrustedHTML')
})
