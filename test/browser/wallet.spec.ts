/** The wallet as a person uses it: codes before the camera, names, looking back, and what a balance is made of. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from './chromium.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test } from './harness/stage.ts'

/** Founding, joining over a relay, and payments mined at the defaults. */
const STORY_TIMEOUT_MS = 180_000

const SUPPLY = 10 ** 15

/** What the browser's camera sees: one picture again and again, read anew whenever a camera is turned on. */
const FILM = join(mkdtempSync(join(tmpdir(), 'weft-film-')), 'film.y4m')

const WIDTH = 640
const HEIGHT = 480

test.use({
  launchOptions: {
    executablePath: findChromium()?.path ?? '',
    args: [
      ...CHROMIUM_ARGS,
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${FILM}`,
    ],
  },
})

/** Holds a code before the camera: its dark modules, as they are drawn on a screen, in the middle of the picture. */
async function hold(code: Locator): Promise<void> {
  const [size = 0] = ((await code.getAttribute('viewBox')) ?? '').split(' ').slice(2).map(Number)
  const dark = new Set(((await code.locator('path').getAttribute('d')) ?? '').match(/\d+ \d+(?=h)/g))
  const scale = Math.floor(HEIGHT / size)
  const [left, top] = [(WIDTH - scale * size) >> 1, (HEIGHT - scale * size) >> 1]
  const luma = Buffer.alloc(WIDTH * HEIGHT, 235)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++)
      if (dark.has(`${Math.floor((x - left) / scale)} ${Math.floor((y - top) / scale)}`))
        luma[y * WIDTH + x] = 16
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128)
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)
  writeFileSync(FILM, Buffer.concat([header, Buffer.from('FRAME\n'), luma, chroma]))
}

/** Two browsers in one network, of which the first is the validator and has the money. */
async function two(
  stage: Parameters<Parameters<typeof test>[2]>[0]['stage'],
): Promise<readonly [Peer, Peer]> {
  const { url } = await stage.gateway()
  const ana = await stage.peer(url)
  const ben = await stage.peer(await ana.invitation())
  await expect.poll(() => ana.peers(), { timeout: 90_000 }).toBe(1)
  for (const peer of [ana, ben]) await peer.openWallet()
  return [ana, ben]
}

const dialog = (peer: Peer) => peer.page.getByRole('dialog')

async function escape(peer: Peer): Promise<void> {
  await peer.page.keyboard.press('Escape')
  await expect(dialog(peer)).toBeHidden()
}

test('somebody is paid by the code on their screen, and has a name from then on', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const [ana, ben] = await two(stage)

  await test.step('Ben asks for an amount, with a note', async () => {
    await ben.page.getByTestId('receive').click()
    await ben.page.getByTestId('receive-amount').fill('12.5')
    await ben.page.getByTestId('receive-memo').fill('Eggs & <b>milk</b>')
    await expect(ben.page.getByTestId('receive-link')).toHaveValue(/#pay=did:key:z6Mk\w+\?amount=12\.5&memo=/)
    await hold(dialog(ben).getByRole('img'))
  })

  await test.step('Ana scans it: the form is filled in, and nothing is paid yet', async () => {
    await ana.page.getByTestId('send').click()
    await ana.page.getByTestId('scan').click()
    await expect(ana.page.getByTestId('send-amount')).toHaveValue('12.5')
    await expect(ana.page.getByTestId('send-memo')).toHaveValue('Eggs & <b>milk</b>')
    expect((await ana.snapshot()).wallet.payments).toEqual([])
    await ana.page.getByTestId('send-submit').click()
    await expect(dialog(ana)).toBeHidden()
    await expect(ana.page.getByTestId('payment-state')).toHaveText('final')
    await expect(ana.page.getByTestId('payment-note')).toHaveText('Eggs & <b>milk</b>')
    await escape(ben)
    await expect(ben.page.getByTestId('payment-amount')).toHaveText('+12.5 W')
  })

  await test.step('beside the payment she names him, and the name stands in the id’s place', async () => {
    await ana.page.getByTestId('payment-name').click()
    await ana.page.getByTestId('contact-name').fill('Ben <i>B.</i>')
    await ana.page.getByTestId('contact-save').click()
    await expect(dialog(ana)).toBeHidden()
    await expect(ana.page.getByTestId('payment')).toContainText('Ben <i>B.</i>')
    await expect(ana.page.getByTestId('payment-name')).toHaveCount(0)
  })

  await test.step('she chooses him in the form', async () => {
    await ana.page.getByTestId('send').click()
    await ana.page.getByTestId('send-to').fill('ben')
    await ana.page.getByTestId('send-contact').click()
    await expect(ana.page.getByTestId('send-to')).toHaveValue(/^did:key:z6Mk/)
    await expect(dialog(ana)).toContainText('This is Ben <i>B.</i>.')
    await ana.page.getByTestId('send-amount').fill('2')
    await ana.page.getByTestId('send-submit').click()
    await expect(ana.page.getByTestId('payment')).toHaveCount(2)
  })

  await test.step('she looks for payments by name, note and amount', async () => {
    const found = ana.page.getByTestId('payment')
    const search = ana.page.getByTestId('payments-search')
    await search.fill('eggs')
    await expect(found).toHaveCount(1)
    await search.fill('BEN')
    await expect(found).toHaveCount(2)
    await search.fill('2')
    await expect(ana.page.getByTestId('payment-amount').first()).toHaveText('\u22122 W')
    await search.fill('nothing like it')
    await expect(found).toHaveCount(0)
    await search.fill('')
    await ana.page.getByTestId('payments-received').check({ force: true })
    await expect(found).toHaveCount(0)
    await ana.page.getByTestId('payments-sent').check({ force: true })
    await expect(found).toHaveCount(2)
    await expect(ana.page.getByTestId('payments-heading')).toHaveText([/\d{4}/])
  })

  await test.step('her balance is the sum of its parts', async () => {
    await expect(ana.page.getByTestId('payment-state').first()).toHaveText('final')
    await ana.page.getByTestId('balance').click()
    const parts = dialog(ana).getByTestId('explained-spendable').locator('[data-units]')
    await expect(parts.first()).toBeVisible()
    const units = await parts.evaluateAll((rows) =>
      rows.map((row) => Number((row as HTMLElement).dataset['units'])),
    )
    expect(units.reduce((sum, each) => sum + each, 0)).toBe(SUPPLY - 14_500_000)
    await expect(dialog(ana).getByTestId('explained-spendable-sum')).toHaveText(
      await ana.page.getByTestId('wallet-spendable').innerText(),
    )
    await escape(ana)
  })
})

test('a link leads to the form filled in, and pays nothing by itself', async ({ stage }) => {
  const { url } = await stage.app()
  const ana = await stage.peer(url)
  const payee = `did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsd9fQ2`
  await ana.page.goto(`${new URL('/', url).href}#pay=${payee}?amount=2.5&memo=%3Cimg%20src%3Dx%3E`)
  await expect(ana.page.getByTestId('send-to')).toHaveValue(payee)
  await expect(ana.page.getByTestId('send-amount')).toHaveValue('2.5')
  await expect(ana.page.getByTestId('send-memo')).toHaveValue('<img src=x>')
  await expect.poll(() => ana.page.evaluate(() => location.hash)).toBe('#/wallet')
  expect((await ana.snapshot()).wallet.payments).toEqual([])
  await escape(ana)

  await test.step('one for another network is not filled in', async () => {
    await ana.page.getByTestId('send').click()
    await ana.page.getByTestId('send-to').fill(`${url}#pay=${payee}?amount=9&network=${'ab'.repeat(32)}`)
    await expect(dialog(ana)).toContainText('money of another network')
    await expect(ana.page.getByTestId('send-amount')).toHaveValue('2.5')
    await escape(ana)
  })
})

test('money under a secret is looked at once more, handed over by a code, and claimed', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const [ana, ben] = await two(stage)
  await ana.page.getByTestId('send').click()
  await ana.page.getByTestId('send-to').fill(await ben.ownKey())
  await ana.page.getByTestId('send-amount').fill('3')
  await ana.page.getByText('Conditions', { exact: true }).click()
  await ana.page.getByTestId('secret-make').click()
  await ana.page.getByTestId('send-submit').click()
  const review = ana.page.getByTestId('send-review')
  await expect(review).toContainText(/You pay 3\sW to/)
  await expect(review).toContainText('It can be claimed only with the secret.')
  await expect(review).toContainText('It never comes back')
  const secret = await ana.page.getByTestId('review-secret').inputValue()
  await expect(ana.page.getByTestId('send-confirm')).toBeDisabled()
  await ana.page.getByTestId('review-kept').check()
  await ana.page.getByTestId('send-confirm').click()
  await expect(ana.page.getByTestId('payment-state')).toHaveText('final')
  await expect(ben.page.getByTestId('wallet-locked')).toHaveText(/3\sW/)

  await ben.page.getByTestId('balance').click()
  await expect(dialog(ben).getByTestId('explained-locked')).toContainText('Claim it with its secret.')
  await escape(ben)
  await ben.page.getByTestId('claim').click()
  await ben.page.getByTestId('claim-secret').fill('0'.repeat(64))
  await ben.page.getByTestId('claim-submit').click()
  await expect(dialog(ben)).toContainText('Compare the secret with who sent the money')
  await ben.page.getByTestId('claim-secret').fill(secret)
  await ben.page.getByTestId('claim-submit').click()
  await expect(ben.page.getByTestId('wallet-spendable')).toHaveText(/3\sW/)
  await expect(ben.page.getByTestId('wallet-locked')).toHaveCount(0)
})

test('of two payments of the same money one is rejected, and says why and what to do', async ({ stage }) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const { url } = await stage.gateway()
  const ana = await stage.peer(url)
  const ben = await stage.peer(url)
  for (const peer of [ana, ben]) await peer.openWallet()
  const [anasKey, bensKey] = [await ana.ownKey(), await ben.ownKey()]
  await ana.found('Both', [anasKey, bensKey])
  await ben.join(await ana.invitation())
  await expect.poll(() => ana.peers(), { timeout: 90_000 }).toBe(1)
  await ana.openWallet()
  await ben.page.close()
  await expect.poll(() => ana.peers(), { timeout: 90_000 }).toBe(0)
  await ana.send(bensKey, '100', 'First')
  await ana.sendInstead(0, anasKey, '100', 'Second')
  await ana.page.getByTestId('payments-pending').check({ force: true })
  await expect(ana.page.getByTestId('payment')).toHaveCount(2)
  await stage.tab(ben)
  await ana.page.getByTestId('payments-all').check({ force: true })
  const failed = ana.page.getByTestId('payment').filter({ hasText: 'failed: already spent' })
  await expect(failed).toHaveCount(1, { timeout: 90_000 })
  await expect(failed).toContainText('Another payment spent this money first. Nothing was paid here')
})

test('what Weft may pay by itself is nothing at first, and holds when it is set', async ({ stage }) => {
  const { url } = await stage.app()
  const ana = await stage.peer(url)
  await ana.openWallet()
  const key = await ana.ownKey()
  const pays = (amount: number) =>
    ana.page.evaluate(
      ([to, units]) =>
        weftTest.api.pay({ to, amount: units, by: 'app' }).then(
          () => 'paid',
          (error: { kind: string }) => error.kind,
        ),
      [key, amount] as const,
    )
  expect(await pays(1_000_000)).toBe('over-limit')
  await ana.page.getByTestId('allowance').click()
  await ana.page.getByTestId('allow-payment').fill('1')
  await ana.page.getByTestId('allow-day').fill('1.5')
  await ana.page.getByTestId('allow-save').click()
  await expect(dialog(ana)).toBeHidden()
  expect([await pays(1_000_001), await pays(1_000_000), await pays(1_000_000)]).toEqual([
    'over-limit',
    'paid',
    'over-limit',
  ])
  await ana.page.getByTestId('allowance').click()
  await expect(dialog(ana)).toContainText(/Weft has paid 1\sW by itself/)
})
