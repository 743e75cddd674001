/** Everything again, by keyboard alone: nothing here is clicked, touched or filled in from outside. */
import type { Page } from '@playwright/test'
import { Keyboard } from './harness/keyboard.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

/** Several browsers, blocks mined at the defaults, syncs, and every stop of Tab looked at. */
const STORY_TIMEOUT_MS = 240_000

/** A browser finds its peers through the relay. */
const MEETING_TIMEOUT_MS = 90_000

/** A part that opens and closes. */
const part = (page: Page, title: string) => page.locator('summary').filter({ hasText: title })

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Opens "Invite others", copies the link, and is back at the button. The network's screen is open. */
async function invite(keys: Keyboard, { page }: Peer): Promise<string> {
  const opener = button(page, 'Invite others')
  const dialog = await keys.open(opener)
  const link = dialog.getByRole('textbox', { name: 'Invitation link' })
  await keys.to(link)
  await page.keyboard.press('ControlOrMeta+C')
  const text = await link.inputValue()
  await keys.escape(opener)
  return text
}

/** Pastes into the field what was copied last, wherever that was. */
async function paste(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('ControlOrMeta+V')
}

test('a first thing is met, named, looked at and shared, and a second one added', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const { page } = await stage.peer((await stage.app()).url, { welcomed: false })
  const keys = new Keyboard(page)
  const cards = page.getByTestId('thing-card')
  await expect(cards.getByTestId('thing-value')).toHaveText(/\d/)

  await test.step('its card leads to its screen', async () => {
    await keys.press(cards.getByRole('link'))
    await expect(page.getByRole('heading', { level: 1, name: 'Simulated room' })).toBeVisible()
    await expect(page.locator('main')).toBeFocused()
  })

  await test.step('it gets another name, or keeps its own', async () => {
    const rename = button(page, 'Rename')
    await keys.press(rename)
    const name = page.getByRole('textbox', { name: 'Name', exact: true })
    await expect(name).toBeFocused()
    await page.keyboard.type('Barn') // the old name is selected
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Barn' })).toBeVisible()
    await expect(rename).toBeFocused()
    await page.keyboard.press('Enter')
    await page.keyboard.type('Shed')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('heading', { level: 1, name: 'Barn' })).toBeVisible()
    await expect(rename).toBeFocused()
  })

  await test.step('its chart is chosen, zoomed and moved', async () => {
    const ranges = page.getByRole('radio')
    const hour = page.getByRole('radio', { name: '1 h' })
    const day = page.getByRole('radio', { name: '24 h' })
    await expect(hour).toBeChecked()
    await keys.choose(day, page.getByRole('group').filter({ has: day }))
    await page.keyboard.press('ArrowLeft')
    await expect(hour).toBeChecked()
    const follow = button(page, 'Follow now')
    await keys.to(page.getByTestId('thing-chart').getByRole('application'))
    await page.keyboard.press('+')
    await expect(ranges.and(page.locator(':checked'))).toHaveCount(0)
    await page.keyboard.press('ArrowLeft')
    await expect(follow).toHaveAttribute('aria-pressed', 'false')
    await page.keyboard.press('End')
    await expect(follow).toHaveAttribute('aria-pressed', 'true')
    await keys.press(button(page, 'Earlier'), 'Space')
    await expect(follow).toHaveAttribute('aria-pressed', 'false')
    await keys.press(follow, 'Space')
    await expect(follow).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('the chart is there as a table too', async () => {
    await keys.press(part(page, 'Show as a table'))
    const table = page.getByRole('table', { name: /^Least, mean and greatest value/ })
    await expect(table.getByRole('cell').filter({ hasText: /\d/ }).first()).toBeVisible()
    await page.keyboard.press('Space')
    await expect(table).toBeHidden()
  })

  await test.step('what follows is shared, and is private again', async () => {
    const share = page.getByRole('switch', { name: 'Share what follows' })
    await keys.press(share, 'Space')
    await expect(share).toBeChecked()
    await page.keyboard.press('Enter')
    await expect(share).not.toBeChecked()
    await expect(share).toBeFocused()
  })

  await test.step('a second thing is added, once a slip is taken back', async () => {
    await keys.goTo('Things')
    const opener = button(page, 'Add a thing')
    await keys.open(opener)
    await keys.escape(opener)
    await keys.open(opener)
    await keys.press(button(page, 'Bluetooth'))
    await expect(page.getByRole('heading', { name: 'Bluetooth' })).toBeFocused()
    await keys.press(button(page, 'Back'))
    await keys.press(button(page, 'Simulated'))
    await keys.isBack(opener)
    await expect(cards).toHaveCount(2)
  })
})

test('somebody is paid, and twelve words bring things and balance back on another device', async ({
  stage,
}) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const relay = await stage.relay()
  const owner = await stage.peer((await stage.app({ relays: [relay.multiaddr] })).url, { welcomed: false })
  const keys = new Keyboard(owner.page)
  await expect.poll(async () => (await owner.snapshot()).network.relay.type).toBe('connected')
  await keys.goTo('Network')
  const invitation = await invite(keys, owner)
  const friend = await stage.peer(invitation)
  const friendsKeys = new Keyboard(friend.page)
  await expect.poll(() => owner.peers(), { timeout: MEETING_TIMEOUT_MS }).toBe(1)

  await test.step('a request for money is copied on one device and pasted on the other', async () => {
    const { page } = friend
    await friendsKeys.goTo('Wallet')
    const receive = button(page, 'Receive')
    await friendsKeys.open(receive)
    await friendsKeys.type(page.getByRole('textbox', { name: /^Ask for an amount/ }), '12.5')
    await friendsKeys.type(page.getByRole('textbox', { name: 'With a note' }), 'Eggs')
    await friendsKeys.to(page.getByRole('textbox', { name: 'Link that asks for this payment' }))
    await page.keyboard.press('ControlOrMeta+C')
    await friendsKeys.escape(receive)
  })

  await test.step('it is paid, and final', async () => {
    const { page } = owner
    await keys.goTo('Wallet')
    const send = button(page, 'Send')
    const dialog = await keys.open(send)
    await keys.to(dialog.getByRole('textbox', { name: 'To' }))
    await paste(page)
    await expect(dialog.getByRole('textbox', { name: /^Amount/ })).toHaveValue('12.5')
    await expect(dialog.getByRole('textbox', { name: 'Note' })).toHaveValue('Eggs')
    await keys.press(dialog.getByRole('button', { name: 'Send' }))
    await keys.isBack(send)
    await expect(page.getByTestId('payment-state')).toHaveText('final')
    await expect(friend.page.getByTestId('payment-amount')).toHaveText('+12.5 W')
  })

  const words = await test.step('the words are shown, written down and checked', async () => {
    const { page } = owner
    await keys.press(page.getByRole('link', { name: 'Back up' }))
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
    await keys.press(part(page, 'Twelve words'))
    await keys.press(button(page, 'Show the words'))
    await keys.press(button(page, 'Make them readable'))
    const shown = await page.getByTestId('words').getByRole('listitem').allInnerTexts()
    expect(shown).toHaveLength(12)
    await keys.press(button(page, 'I have written them down'))
    for (let i = 0; i < 3; i++) {
      const field = page.getByRole('textbox', { name: /^Word \d+$/ }).nth(i)
      const label = await field.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent)
      await keys.type(field, shown[Number(/\d+/.exec(label ?? '')?.[0]) - 1] ?? '')
    }
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('backup-state')).toContainText('Backed up')
    return shown
  })

  const before = await owner.belongings()
  await expect.poll(async () => (await friend.snapshot()).things.length).toBe(1)
  await owner.context.close() // the phone is gone, and with it all that only it had

  await test.step('typed in on another device they bring it back', async () => {
    const restored = await stage.peer(invitation)
    const { page } = restored
    const others = new Keyboard(page)
    await others.goTo('Settings')
    await others.press(part(page, 'Restore another device here'))
    await others.press(page.getByRole('checkbox'), 'Space')
    for (const [place, word] of words.entries())
      await others.type(page.getByRole('combobox', { name: `Word ${place + 1}`, exact: true }), word)
    await others.press(button(page, 'Restore'))
    await expect(page.getByTestId('restoring')).toContainText('Things found: 1')
    await expect.poll(() => restored.belongings()).toEqual(before)
  })
})

test('a network is made and joined, and of two payments of the same money one says why it failed', async ({
  stage,
}) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const { url } = await stage.gateway()
  const [ana, ben] = [await stage.peer(url), await stage.peer(url)]
  const [anas, bens] = [new Keyboard(ana.page), new Keyboard(ben.page)]
  const { page } = ana
  const [{ device: anasKey }, { device: bensKey }] = [await ana.snapshot(), await ben.snapshot()]

  await test.step('she makes it, with both as its validators', async () => {
    await anas.goTo('Network')
    const found = button(page, 'Make a new one')
    const dialog = await anas.open(found)
    await anas.type(dialog.getByRole('textbox', { name: 'Name' }), 'Both')
    await anas.type(dialog.getByRole('textbox', { name: /^Validators/ }), `${anasKey}\n${bensKey}`)
    await anas.press(dialog.getByRole('button', { name: 'Make and enter' }))
    await anas.isBack(found)
    await expect(page.getByTestId('network-name')).toHaveText('Both')
    await expect.poll(async () => (await ana.snapshot()).network.relay.type).toBe('connected')
    await invite(anas, ana)
  })

  await test.step('he joins it with the link that she has copied', async () => {
    await bens.goTo('Network')
    const join = button(ben.page, 'Join another')
    const dialog = await bens.open(join)
    await bens.to(dialog.getByRole('textbox', { name: 'Invitation link' }))
    await paste(ben.page)
    await bens.press(dialog.getByRole('button', { name: 'Continue' }))
    await expect(dialog.getByText('Join “Both”?')).toBeFocused()
    await bens.press(dialog.getByRole('button', { name: 'Join', exact: true }))
    await bens.isBack(join)
    await expect(ben.page.getByTestId('network-name')).toHaveText('Both')
    await expect.poll(() => ana.peers(), { timeout: MEETING_TIMEOUT_MS }).toBe(1)
  })

  await ben.page.close()
  await expect.poll(() => ana.peers(), { timeout: MEETING_TIMEOUT_MS }).toBe(0)
  const rows = page.getByTestId('payment')

  await test.step('alone, she pays him, and then herself instead', async () => {
    await anas.goTo('Wallet')
    const send = button(page, 'Send')
    const dialog = await anas.open(send)
    await anas.type(dialog.getByRole('textbox', { name: 'To' }), bensKey)
    await anas.type(dialog.getByRole('textbox', { name: /^Amount/ }), 'much')
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('textbox', { name: /^Amount/ })).toBeFocused() // it says what is wrong
    await anas.type(dialog.getByRole('textbox', { name: /^Amount/ }), '100')
    await page.keyboard.press('Enter')
    await anas.isBack(send)

    await anas.press(button(page, 'Pay another instead…'))
    await anas.type(dialog.getByRole('textbox', { name: 'To' }), anasKey)
    await anas.press(dialog.getByRole('button', { name: 'Send' }))
    await expect(dialog).toBeHidden()
    await expect(rows).toHaveCount(2)
    await expect(page.getByTestId('payment-cancel')).toBeHidden()
  })

  await test.step('back together, one is paid, and the other says why not and what to do', async () => {
    await stage.tab(ben)
    const failed = rows.filter({ hasText: 'failed: already spent' })
    await expect(failed).toHaveCount(1, { timeout: MEETING_TIMEOUT_MS })
    await expect(failed).toContainText('Another payment spent this money first. Nothing was paid here')
    await expect(rows.filter({ hasText: 'final' })).toHaveCount(1)
  })
})

test('the graph is read as a list, and colours and language are changed', async ({ stage }) => {
  const { page } = await stage.peer((await stage.app()).url, { welcomed: false })
  const keys = new Keyboard(page)
  await expect(page.getByTestId('thing-status')).toHaveText('on this phone only')

  await test.step('a block’s facts are read in the list and left again', async () => {
    await keys.goTo('Network')
    const list = page.getByRole('radio', { name: 'List' })
    await keys.choose(list, page.getByRole('group').filter({ has: list }))
    const row = page.getByTestId('graph-row').last()
    await keys.press(row)
    const facts = page.getByTestId('block-facts')
    await expect(facts.getByRole('heading')).toBeFocused()
    await expect(facts.getByTestId('block-standing')).toHaveText(/^final, in commit \d+$/)
    await keys.press(button(page, 'Close the facts'))
    await expect(facts).toBeHidden()
    await expect(row).toBeFocused()
  })

  await test.step('light or dark', async () => {
    await keys.goTo('Settings')
    const dark = page.getByRole('radio', { name: 'Dark' })
    const before = await page.evaluate(() => getComputedStyle(document.body).color)
    await keys.choose(dark, page.getByRole('group', { name: 'Appearance' }))
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).not.toBe(before)
  })

  await test.step('another language, and back', async () => {
    await keys.choose(
      page.getByRole('radio', { name: 'Deutsch' }),
      page.getByRole('group', { name: 'Language' }),
    )
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
    await page.keyboard.press('ArrowUp')
    await expect(page.getByRole('radio', { name: 'English' })).toBeFocused()
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  })
})

test('every dialog opens, closes by Escape and gives the focus back', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const { page } = await stage.peer((await stage.app()).url)
  const keys = new Keyboard(page)
  const openers = {
    Wallet: ['Send', 'Receive', 'Claim', 'Contacts', 'What Weft may pay by itself'],
    Network: ['Connect a phone nearby', 'Invite others', 'Join another', 'Make a new one'],
  } as const
  for (const screen of ['Wallet', 'Network'] as const) {
    await keys.goTo(screen)
    for (const name of openers[screen]) {
      await keys.open(button(page, name))
      await keys.escape(button(page, name))
    }
  }
})
