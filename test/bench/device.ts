/** Devices of the production build to measure: a context each, and a network whose only validator one of them is. */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { clientScript } from '../browser/harness/client.ts'
import { decodeDidKey } from '../../src/core/codec/did-key.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { foundNetwork } from '../../src/node/networks.ts'

/** A context whose pages can call the node, and whose person knows the app already. */
export async function newDevice(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext()
  await context.addInitScript({ content: await clientScript() })
  await context.addInitScript(() => localStorage.setItem('weft.welcomed', 'yes'))
  return context
}

/** A tab of a device, once its node is known to it. */
export async function tabOf(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.evaluate(() => weftTest.snapshot(() => true))
  return page
}

/**
 * Moves a device into a network in which blocks cost no work and whose only validator it is.
 *
 * @param rounds how often it makes rounds, in milliseconds; as usual by default
 * @returns the invitation to the network
 */
export async function joinOwnNetwork(
  page: Page,
  rounds: { readonly minRoundMs?: number; readonly dataRoundMs?: number } = {},
): Promise<string> {
  const { device } = await page.evaluate(() => weftTest.snapshot(() => true))
  const key = decodeDidKey(device) as PublicKey
  const network = foundNetwork({
    name: 'bench',
    createdAtMs: Date.now() - 60_000,
    powBase: 1,
    powPerKiB: 0,
    ...rounds,
    committee: [{ key, weight: 1 }],
    outputs: [{ owner: key, amount: 1_000_000 }],
  })
  if ('type' in network) throw new Error(network.reason)
  const invitation = encodeInvitation({ network, relays: [] })
  await page.evaluate((text) => weftTest.api.join({ invitation: text }), invitation)
  return invitation
}
