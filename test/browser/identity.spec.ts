/** Whose device it is: words written down and checked, a lock by passphrase and passkey, and the way to another device. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { violations } from './harness/axe.ts'
import { expect, test } from './harness/stage.ts'

/** Three browsers, blocks mined at the defaults, syncs, and a dozen keys worked out of passphrases. */
const STORY_TIMEOUT_MS = 240_000

const PASSPHRASE = 'correct horse battery staple'
const FILE_PASSPHRASE = 'a passphrase for the file'

/** Opens a part of "You" in the settings. */
async function openPart(page: Page, title: string): Promise<void> {
  await page.getByTestId('nav-settings').click()
  await page.locator('summary').getByText(title, { exact: true }).click()
}

/** Shows the words, reads them off the screen, and proves that they are written down. */
async function backUp(page: Page): Promise<readonly string[]> {
  await openPart(page, 'Twelve words')
  await page.getByTestId('show-words').click()
  const items = page.getByTestId('words').getByRole('listitem')
  await expect(items).toHaveText(Array.from({ length: 12 }, () => '••••••'))
  await page.getByRole('button', { name: 'Make them readable' }).click()
  const words = await items.allInnerTexts()
  expect(new Set(words).size).toBeGreaterThan(6)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'I have written them down' }).click()
  await answer(page, () => 'zebra')
  await expect(page.getByTestId('notice')).toContainText('not what the words are')
  await answer(page, (place) => words[place] ?? '')
  await expect(page.getByTestId('backup-state')).toContainText('Backed up')
  return words
}

async function answer(page: Page, wordAt: (place: number) => string): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const field = page.getByTestId(`verify-${i}`)
    const label = await field.evaluate((input) => (input as HTMLInputElement).labels?.[0]?.textContent ?? '')
    await field.fill(wordAt(Number(/\d+/.exec(label)?.[0]) - 1))
  }
  await page.getByRole('button', { name: 'Check' }).click()
}

async function setPassphrase(page: Page): Promise<void> {
  await openPart(page, 'Lock')
  await page.getByTestId('new-passphrase').fill(PASSPHRASE)
  await page.getByTestId('new-passphrase-again').fill(PASSPHRASE)
  await page.getByTestId('set-passphrase').click()
  await expect(page.getByTestId('lock-now')).toBeVisible()
}

async function unlock(page: Page, passphrase: string): Promise<void> {
  await page.getByTestId('unlock-passphrase').fill(passphrase)
  await page.getByTestId('unlock').click()
}

const isLocked = (page: Page) => expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible()

test('words, checked, bring back things and the exact balance on another device, and so does a file', async ({
  stage,
}) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const relay = await stage.relay()
  const app = await stage.app({ relays: [relay.multiaddr] })
  const owner = await stage.peer(app.url)
  const { page } = owner
  await owner.addThing('Simulated')
  await expect.poll(async () => (await owner.snapshot()).things[0]?.blocks.total ?? 0).toBeGreaterThan(0)
  const invitation = await owner.invitation()
  const friend = await stage.peer(invitation)
  await owner.openWallet()
  await friend.openWallet()
  await owner.send(await friend.ownKey(), '12.5')
  await expect(page.getByTestId('payment-state')).toHaveText('final')
  await expect(page.getByTestId('backup-reminder')).toBeVisible()
  const words = await backUp(page)
  await page.getByTestId('nav-things').click()
  await expect(page.getByTestId('backup-reminder')).toBeHidden()

  await openPart(page, 'Backup file')
  await page.getByTestId('file-passphrase').fill(FILE_PASSPHRASE)
  await page.getByTestId('file-passphrase-again').fill(FILE_PASSPHRASE)
  const downloading = page.waitForEvent('download')
  await page.getByTestId('export-backup').click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^weft-backup-.*\.weft$/)
  const file = await readFile(await download.path())
  const before = await owner.belongings()
  await expect.poll(async () => (await friend.snapshot()).things.length).toBe(1)
  await owner.context.close() // the phone is gone, and with it all that only it had

  const restored = await stage.peer(invitation)
  await openPart(restored.page, 'Restore another device here')
  expect(await violations(restored.page)).toEqual([])
  await restored.page.getByTestId('word-0').focus()
  await restored.page.evaluate((text) => {
    const data = new DataTransfer()
    data.setData('text', text)
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    )
  }, words.join(' '))
  await restored.page.getByTestId('word-3').fill('weftt')
  await restored.page.getByTestId('word-4').focus()
  await expect(restored.page.getByText('“weftt” is none of the words there are')).toBeVisible()
  await expect(restored.page.getByTestId('restore')).toBeDisabled()
  await restored.page.getByTestId('word-3').fill(words[3] ?? '')
  await restored.page.getByTestId('gives-up').check()
  await restored.page.getByTestId('restore').click()
  await expect(restored.page.getByTestId('restoring')).toBeVisible()
  await expect.poll(() => restored.belongings()).toEqual(before)
  await expect(restored.page.getByTestId('restoring')).toContainText('Things found: 1')

  await restored.context.close()
  const third = await stage.peer(app.url)
  await openPart(third.page, 'Restore another device here')
  const choosing = third.page.waitForEvent('filechooser')
  await third.page.getByTestId('choose-backup').click()
  await (await choosing).setFiles({ name: 'weft.weft', mimeType: 'application/octet-stream', buffer: file })
  await third.page.getByTestId('gives-up').check()
  await third.page.getByTestId('import-passphrase').fill('another passphrase')
  await third.page.getByTestId('import-backup').click()
  await expect(third.notice().first()).toContainText('does not open')
  await third.page.getByTestId('import-passphrase').fill(FILE_PASSPHRASE)
  await third.page.getByTestId('import-backup').click()
  await expect(third.page.getByTestId('restoring')).toBeVisible()
  await expect.poll(() => third.belongings()).toEqual(before)
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`a passphrase locks every tab at once and at each start, in ${colorScheme} colours`, async ({
    stage,
  }) => {
    test.setTimeout(STORY_TIMEOUT_MS)
    const peer = await stage.peer((await stage.app()).url, { colorScheme })
    const { page } = peer
    await peer.addThing('Simulated')
    await expect(peer.value('Simulated room').or(page.getByTestId('thing-value').first())).toHaveText(/\d/)
    const before = await peer.belongings()
    await setPassphrase(page)
    expect(await violations(page)).toEqual([])
    const other = await stage.tab(peer)

    await page.getByTestId('lock-now').click()
    for (const tab of [page, other.page]) await isLocked(tab)
    await expect(page.getByTestId('thing-card')).toHaveCount(0)
    expect(await violations(page)).toEqual([])
    await unlock(other.page, PASSPHRASE)
    for (const tab of [page, other.page]) await expect(tab.getByTestId('peers-chip')).toBeVisible()
    expect(await peer.belongings()).toEqual(before)
    await other.page.close()

    await page.reload()
    await isLocked(page)
    await unlock(page, 'not the passphrase')
    await expect(peer.notice()).toContainText('That is not the passphrase')
    await unlock(page, PASSPHRASE)
    await expect(page.getByTestId('peers-chip')).toBeVisible()
    expect(await peer.belongings()).toEqual(before)
  })

test('a passkey unlocks too', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const peer = await stage.peer((await stage.app()).url)
  const { page, context } = peer
  const session = await context.newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await setPassphrase(page)
  await page.getByTestId('passphrase').first().fill(PASSPHRASE)
  await page.getByTestId('add-passkey').click()
  await expect(page.getByRole('button', { name: 'Remove the passkey' })).toBeVisible()
  await page.getByTestId('lock-now').click()
  await isLocked(page)
  await page.getByTestId('unlock-passkey').click()
  await expect(page.getByTestId('peers-chip')).toBeVisible()
})
