/** Things, Thing, Wallet and Network against the rules of WCAG 2.2 AA that a program can check, in both colour schemes. */
import { violations } from './harness/axe.ts'
import { expect, test } from './harness/stage.ts'

/** A device that is nowhere. */
const STRANGER = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsd9fQ2'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the screens break no rule in ${colorScheme} colours`, async ({ stage }) => {
    const peer = await stage.peer((await stage.app()).url, { colorScheme })
    await peer.addThing('Simulated')
    const card = peer.page.getByTestId('thing-card').first()
    await expect(card.getByTestId('thing-value')).toHaveText(/\d/)
    expect(await violations(peer.page)).toEqual([])

    await peer.page.getByRole('button', { name: 'Add a thing' }).click()
    await expect(peer.page.getByRole('dialog')).toBeVisible()
    expect(await violations(peer.page)).toEqual([])
    await peer.page.keyboard.press('Escape')

    for (const group of ['Bluetooth', 'USB and serial', 'This phone']) {
      await peer.page.getByRole('button', { name: 'Add a thing' }).click()
      await peer.page.getByRole('button', { name: group, exact: true }).click()
      await expect(peer.page.getByRole('heading', { name: group })).toBeFocused()
      expect(await violations(peer.page), group).toEqual([])
      await peer.page.keyboard.press('Escape')
    }

    await card.getByRole('link').first().click()
    await expect(peer.page.getByTestId('thing-chart')).toBeVisible()
    expect(await violations(peer.page)).toEqual([])

    await peer.openWallet()
    await peer.send(STRANGER, '12.5', 'Eggs')
    await expect(peer.page.getByTestId('payment-state')).toHaveText('final')
    expect(await violations(peer.page)).toEqual([])

    for (const dialog of ['send', 'receive', 'claim', 'contacts', 'balance', 'allowance', 'payment-name']) {
      await peer.page.getByTestId(dialog).click()
      await expect(peer.page.getByRole('dialog')).toBeVisible()
      if (dialog === 'send') await peer.page.getByTestId('send-submit').click()
      if (dialog === 'contacts') await peer.page.getByTestId('contact-add').click()
      if (dialog === 'balance') await expect(peer.page.getByTestId('balance-part')).toBeVisible()
      expect(await violations(peer.page), dialog).toEqual([])
      await peer.page.keyboard.press('Escape')
    }

    for (const screen of ['network', 'settings']) {
      await peer.page.getByTestId(`nav-${screen}`).click()
      await expect(peer.page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await violations(peer.page), screen).toEqual([])
    }
  })

  test(`the network’s screen breaks no rule in ${colorScheme} colours`, async ({ stage }) => {
    const peer = await stage.peer((await stage.app()).url, { colorScheme })
    const { page } = peer
    await peer.openNetwork()
    expect(await violations(page), 'no block').toEqual([])
    await peer.goHome()
    await peer.addThing('Simulated')
    await expect(page.getByTestId('thing-card').getByTestId('thing-value')).toHaveText(/\d/)
    await peer.openNetwork()
    await page.getByText('List', { exact: true }).click()
    await page.getByTestId('graph-row').first().click()
    await expect(page.getByTestId('block-standing')).toBeVisible()
    expect(await violations(page), 'list and facts').toEqual([])
    await page.getByText('Graph', { exact: true }).click()
    await page.getByText('What the shapes mean').click()
    await expect(page.getByTestId('block-standing')).toBeVisible()
    expect(await violations(page), 'graph and facts').toEqual([])
    for (const dialog of ['pair', 'share', 'join', 'found']) {
      await page.getByTestId(dialog).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      expect(await violations(page), dialog).toEqual([])
      await page.keyboard.press('Escape')
    }
  })
}
