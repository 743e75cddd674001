/** The screen of the network: the graph under keys and as a list, and the ways into other networks and back. */
import type { Page } from '@playwright/test'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

async function addThing(peer: Peer): Promise<void> {
  await peer.addThing('Simulated')
  await expect(peer.page.getByTestId('thing-card').first().getByTestId('thing-value')).toHaveText(/\d/)
}

/** The blocks of the list's page whose row has these words. */
function rows(page: Page, words: string) {
  return page.getByTestId('graph-row').filter({ hasText: words })
}

async function list(page: Page): Promise<void> {
  await page.getByText('List', { exact: true }).click()
  await expect(page.getByTestId('graph-list')).toBeVisible()
}

/** Lets what has come meanwhile into the list until a block with these words is there. */
async function letIn(page: Page, words: string): Promise<void> {
  const newer = page.getByTestId('graph-newer')
  await expect(async () => {
    if (await newer.isEnabled()) await newer.click({ timeout: 1000 })
    await expect(rows(page, words).first()).toBeVisible({ timeout: 500 })
  }).toPass()
}

test('a new reading’s block is seen as mine, and becomes final', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  const { page } = peer
  await peer.openNetwork()
  await expect(page.getByText('No blocks yet.')).toBeVisible()

  await peer.goHome()
  await addThing(peer)
  await peer.openNetwork()
  await list(page)
  const first = rows(page, 'Readings').last()
  await expect(first).toContainText('this device')
  await first.click()
  const facts = page.getByTestId('block-facts')
  await expect(facts.getByRole('heading')).toBeFocused()
  await expect(facts).toContainText('Of “Simulated room”, sealed.')
  await expect(facts.getByTestId('block-mine')).toHaveText('this device')
  await expect(facts.getByTestId('block-standing')).toHaveText(/^final, in commit \d+$/)
  await expect(first).toContainText('final, in commit')

  // the proposal that made it final stands on it, and leads to it
  await letIn(page, 'Proposal')
  const proposal = rows(page, 'Proposal').last()
  await proposal.click()
  await expect(facts).toContainText('Of round 1.')
  await facts.getByTestId('block-parent').first().click()
  await expect(facts).toContainText('Of “Simulated room”, sealed.')
  await expect(facts.getByRole('heading')).toBeFocused()
})

test('the graph is moved and read by keys alone', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  const { page } = peer
  await addThing(peer)
  await peer.openNetwork()
  await list(page)
  await letIn(page, 'final, in commit')
  await expect(async () => {
    await letIn(page, 'Readings')
    expect(await rows(page, 'Readings').count()).toBeGreaterThan(1)
  }).toPass()
  const shown = page.getByRole('radio', { name: 'List' })
  await shown.focus()
  await page.keyboard.press('ArrowLeft')

  const graph = page.getByTestId('graph')
  const follow = page.getByRole('button', { name: 'Follow now' })
  await graph.focus()
  await expect(follow).toHaveAttribute('aria-pressed', 'true')
  for (let i = 0; i < 10; i++) await page.keyboard.press('+')
  await page.keyboard.press('ArrowLeft')
  await expect(follow).toHaveAttribute('aria-pressed', 'false')
  await page.keyboard.press('End')
  await expect(follow).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('Home')
  await expect(follow).toHaveAttribute('aria-pressed', 'false')

  await page.keyboard.press('End')
  await page.keyboard.press('ArrowUp') // the newest
  const facts = page.getByTestId('block-facts')
  await expect(facts.getByTestId('block-standing')).toBeVisible()
  const newest = await idOf(page)
  await page.keyboard.press('ArrowUp') // the one before
  await expect.poll(() => idOf(page)).not.toBe(newest)
  await page.keyboard.press('Enter')
  await expect(facts.getByRole('heading')).toBeFocused()
  await graph.focus()
  await page.keyboard.press('Escape')
  await expect(facts).toContainText('Tap a block')
})

/** The id of the block whose facts are shown. */
function idOf(page: Page): Promise<string | null> {
  return page.getByRole('button', { name: 'Copy the block’s id' }).getAttribute('title')
}

test('others’ blocks are told from mine, and left out on request', async ({ stage }) => {
  const relay = await stage.relay()
  const app = await stage.app({ relays: [relay.multiaddr] })
  const ana = await stage.peer(app.url)
  await expect.poll(async () => (await ana.snapshot()).network.relay.type).toBe('connected')
  const ben = await stage.peer(await ana.invitation())
  await addThing(ana)
  await ana.connectedDirectly()
  const { page } = ben
  await ben.openNetwork()
  await expect(page.getByTestId('peer')).toContainText('direct')
  await list(page)
  await letIn(page, 'another device')
  await ben.goHome()
  await addThing(ben)
  await ben.openNetwork()
  await list(page)
  await letIn(page, 'this device')
  await page.getByTestId('graph-mine').click()
  await expect(rows(page, 'another device')).toHaveCount(0)
  await expect(rows(page, 'this device').first()).toBeVisible()
  await page.getByTestId('graph-mine').click()
  await expect(rows(page, 'another device').first()).toBeVisible()
})

test('a person joins by a pasted link and leaves again', async ({ stage }) => {
  const app = await stage.app()
  const ana = await stage.peer(app.url)
  const ben = await stage.peer(app.url)
  await ana.found('Valley', [(await ana.snapshot()).device])
  const invitation = await ana.invitation()
  const { page } = ben
  await addThing(ben)
  const own = await ben.network()
  await ben.openNetwork()
  await expect(page.getByTestId('leave')).toBeHidden() // a network of its own leads nowhere back

  await page.getByTestId('join').click()
  await page.getByTestId('join-link').fill('no link')
  await page.getByTestId('join-look').click()
  await expect(page.getByText('This is no invitation.')).toBeVisible()
  await page.getByTestId('join-link').fill(`Come to us! ${invitation}`)
  await page.getByTestId('join-look').click()
  await expect(page.getByRole('dialog')).toContainText('Join “Valley”?')
  await page.getByTestId('join-confirm').click()
  await expect(page.getByText('Joined. What this device saved before is kept.')).toBeVisible()
  await expect(page.getByTestId('network-name')).toHaveText('Valley')

  await page.getByTestId('leave').click()
  await expect(page.getByRole('dialog')).toContainText('Everything saved in this network is kept')
  await page.getByTestId('leave-confirm').click()
  await expect(page.getByText('This device is in a network of its own again.')).toBeVisible()
  await expect.poll(() => ben.network()).toBe(own)
  await list(page)
  await letIn(page, 'Readings')
})
