import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test'
import type { NetworkId } from '../../../src/core/model/id.ts'
import type { PaymentView, Snapshot, StreamKey } from '../../../src/node/api.ts'
import { parseAmount } from '../../../src/app/amount.ts'
import type { HeartRateStrap } from './strap.ts'

/** What a page may say on its console or throw without a test failing: none of it is of Weft's doing. */
const HARMLESS = [
  // A server that is gone is part of several tests.
  /net::ERR_(?:CONNECTION_REFUSED|INTERNET_DISCONNECTED|CONNECTION_RESET)/,
  /WebSocket connection to .* failed/,
  // Chromium says so of every page whose policy a test has made to refuse Bluetooth.
  /^Permissions policy violation: bluetooth is not allowed in this document/,
]

/** A payment as the wallet's list shows it. */
export interface ShownPayment {
  readonly direction: PaymentView['direction']
  /** Units. */
  readonly amount: number
  /** In words: `sent to 1 peer`, `final`, `failed: already spent`. */
  readonly state: string
  /** Empty where there is none. */
  readonly note: string
}

/** A browser context on the app: one person's device. */
/** What the dialog asks for first. */
type AddGroup = 'Bluetooth' | 'USB and serial' | 'This phone'

export class Peer {
  readonly context: BrowserContext
  readonly page: Page
  /** Exceptions, console errors and policy violations so far. A test that ends well has none. */
  readonly complaints: string[] = []

  constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.#complain(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complain(message.text())
    })
  }

  /** Resolves once the app shows what its peer says of itself. */
  async ready(): Promise<void> {
    await expect(this.page.getByTestId('peers-chip')).toBeVisible()
    await this.snapshot()
  }

  /** The peer's present snapshot. */
  snapshot(): Promise<Snapshot> {
    return this.page.evaluate(() => weftTest.snapshot(() => true))
  }

  async network(): Promise<NetworkId> {
    return (await this.snapshot()).network.id
  }

  /** What is this device's own: whose it is, its things and what it can spend. */
  async belongings(): Promise<{
    readonly device: string
    readonly things: readonly StreamKey[]
    readonly spendable: number
  }> {
    const { device, things, wallet } = await this.snapshot()
    return {
      device,
      things: things.filter(({ mine }) => mine).map(({ key }) => key),
      spendable: wallet.balance.spendable,
    }
  }

  /** The card of the thing with this name. */
  card(name: string): Locator {
    return this.page
      .getByRole('listitem')
      .filter({ has: this.page.getByRole('heading', { name, exact: true }) })
  }

  value(name: string): Locator {
    return this.card(name).getByTestId('thing-value')
  }

  notice(): Locator {
    return this.page.getByTestId('notice')
  }

  /** Opens the dialog and presses what is named, one after the other: a group, and what is in it. */
  async addThing(...names: readonly ['Simulated'] | readonly [group: AddGroup, kind: string]): Promise<void> {
    await this.page.getByRole('button', { name: 'Add a thing' }).click()
    for (const name of names)
      await this.page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  }

  /** Adds a strap through the browser's chooser and waits until its card is there. */
  async pair(strap: HeartRateStrap): Promise<void> {
    const chosen = strap.chosen()
    await this.addThing('Bluetooth', 'Heart rate')
    await chosen
    await expect(this.card(strap.name)).toBeVisible()
  }

  /** Opens the screen of a thing from its card, and waits until readings out of its blocks are drawn. */
  async openThing(name: string): Promise<void> {
    await this.card(name).getByRole('link').first().click()
    await expect(this.page.getByTestId('thing-chart')).toBeVisible()
  }

  /** Opens the table beside the chart and reads the least and the greatest value in it. A thing's screen is open. */
  async tableExtremes(): Promise<{ readonly least: number; readonly greatest: number }> {
    await this.page.getByText('Show as a table', { exact: true }).click()
    const table = this.page.getByRole('table', { name: /^Least, mean and greatest value/ })
    await expect(table).toBeVisible()
    const column = async (number: number): Promise<readonly number[]> =>
      (await table.locator(`tbody td:nth-of-type(${number})`).allTextContents())
        .map(Number)
        .filter(Number.isFinite)
    return { least: Math.min(...(await column(1))), greatest: Math.max(...(await column(3))) }
  }

  async goHome(): Promise<void> {
    await this.page.evaluate(() => {
      location.hash = '#/'
    })
    await expect(this.page.getByRole('button', { name: 'Add a thing' })).toBeVisible()
  }

  /**
   * Presses "Save now" until a thing's newest reading of `quantity` is `value` and all it has taken is stored. The
   * thing's screen is open. The button can be pressed only while something waits, and a batch that is old enough goes
   * by itself.
   */
  async save(name: string, quantity: string, value: number): Promise<void> {
    const button = this.page.getByRole('button', { name: 'Save now' })
    await expect(async () => {
      if ((await button.count()) > 0 && (await button.isEnabled())) await button.click({ timeout: 1000 })
      const { storage, things } = await this.snapshot()
      const thing = things.find((one) => one.name === name)
      const newest = thing?.latest.find((reading) => reading.quantity === quantity)
      expect({ newest: newest?.value, waiting: thing?.waiting, blocks: storage.waitingBlocks }).toEqual({
        newest: value,
        waiting: 0,
        blocks: 0,
      })
    }).toPass()
  }

  /** Opens or closes what follows. The thing's screen is open. */
  async share(open: boolean): Promise<void> {
    await this.page.getByRole('switch', { name: 'Share what follows' }).setChecked(open)
  }

  async openWallet(): Promise<void> {
    await this.page.getByTestId('nav-wallet').click()
    await expect(this.page.getByTestId('wallet-spendable')).toBeVisible()
  }

  /** What the wallet says can be spent now, in units. The wallet is open. */
  async balance(): Promise<number> {
    const amount = parseAmount(await this.page.getByTestId('wallet-spendable').innerText())
    // nothing to spend is no amount to pay
    return typeof amount === 'number' ? amount : 0
  }

  /** This device's did:key, as "Receive" shows it. The wallet is open. */
  async ownKey(): Promise<string> {
    await this.page.getByTestId('receive').click()
    const key = await this.page.getByTestId('own-key').inputValue()
    await this.#closeDialog()
    return key
  }

  /**
   * Pays through the form and waits until a block with the payment is stored. The wallet is open.
   *
   * @param amount as a person types it: `12.5`
   */
  async send(to: string, amount: string, memo = ''): Promise<void> {
    await this.page.getByTestId('send').click()
    await this.#pay(to, amount, memo)
  }

  /** The wallet's list, as it is ordered there; its first 20. The wallet is open. */
  payments(): Promise<readonly ShownPayment[]> {
    return this.page.getByTestId('payment').evaluateAll((rows) =>
      rows.map((row) => {
        const text = (id: string) => row.querySelector(`[data-testid="${id}"]`)?.textContent ?? ''
        const { direction, units } = (row as HTMLElement).dataset
        return {
          direction: direction as PaymentView['direction'],
          amount: Number(units),
          state: text('payment-state'),
          note: text('payment-note'),
        }
      }),
    )
  }

  /** Takes back the payment at `index` of the list, and waits until a block says so. The wallet is open. */
  async takeBack(index: number): Promise<void> {
    await this.#row(index).getByTestId('payment-take-back').click()
    await this.#making(() => this.page.getByTestId('take-back-confirm').click())
  }

  /** Pays somebody else instead of the payment at `index` of the list, as `send` does. The wallet is open. */
  async sendInstead(index: number, to: string, amount: string, memo = ''): Promise<void> {
    await this.#row(index).getByTestId('payment-replace').click()
    await this.#pay(to, amount, memo)
  }

  /** Makes a network with these validators, did:keys, and waits until this device is in it. */
  async found(name: string, validators: readonly string[]): Promise<void> {
    await this.openNetwork()
    await this.page.getByTestId('found').click()
    await this.page.getByTestId('found-name').fill(name)
    await this.page.getByTestId('found-validators').fill(validators.join('\n'))
    await this.page.getByTestId('found-submit').click()
    await expect(this.page.getByTestId('network-name')).toHaveText(name)
    await this.page.goBack()
  }

  /** The link that invites to this peer's network. */
  async invitation(): Promise<string> {
    await this.openNetwork()
    await this.page.getByTestId('share').click()
    const text = await this.page.getByTestId('invite-link').inputValue()
    await this.#closeDialog()
    await this.page.goBack()
    return text
  }

  /** Follows a link into another network, as its person agrees to. */
  async join(invitation: string): Promise<void> {
    const before = await this.network()
    await this.page.goto(invitation)
    await this.page.getByRole('button', { name: 'Join', exact: true }).click()
    await expect.poll(() => this.network()).not.toBe(before)
  }

  async openNetwork(): Promise<void> {
    await this.page.getByTestId('peers-chip').click()
    await expect(this.page.getByTestId('network-name')).toBeVisible()
  }

  /** Opens "Connect a phone nearby". */
  async openPairing(): Promise<void> {
    await this.openNetwork()
    await this.page.getByTestId('pair').click()
  }

  /** Shows a code to connect by, and reads it. "Connect a phone nearby" is open. */
  async showCode(): Promise<string> {
    await this.page.getByTestId('pair-show').click()
    return this.page.getByTestId('pair-code').inputValue()
  }

  /** Enters the code another device shows. "Connect a phone nearby" is open. */
  async enterCode(code: string): Promise<void> {
    const field = this.page.getByTestId('pair-offer')
    if (!(await field.isVisible())) await this.page.getByTestId('pair-enter').click()
    await field.fill(code)
    await this.page.getByTestId('pair-answer-it').click()
  }

  /** Enters the answer to the code that is shown. */
  async enterAnswer(answer: string): Promise<void> {
    await this.page.getByTestId('pair-answer').fill(answer)
    await this.page.getByTestId('pair-connect').click()
  }

  /** Carries the codes between this peer and another one until both say that they are connected. */
  async pairWith(other: Peer): Promise<void> {
    for (const peer of [this, other]) await peer.openPairing()
    await other.enterCode(await this.showCode())
    await this.enterAnswer(await other.page.getByTestId('pair-reply').inputValue())
    for (const peer of [this, other]) {
      await expect(peer.page.getByText('The two devices are connected, without a server.')).toBeVisible()
      await expect(peer.page.getByRole('dialog')).toBeHidden()
    }
  }

  /** Has the page say what a browser says when a device wakes up or is online again. */
  wakeUp(): Promise<void> {
    return this.page.evaluate(() => {
      document.dispatchEvent(new Event('visibilitychange'))
      window.dispatchEvent(new Event('online'))
    })
  }

  /** How many peers it is connected to directly. */
  async peers(): Promise<number> {
    return (await this.snapshot()).network.peers.filter(({ direct }) => direct).length
  }

  /** Waits until every peer this one is connected to, at least one, is connected directly. */
  async connectedDirectly(): Promise<void> {
    await expect
      .poll(async () => {
        const { relay, peers } = (await this.snapshot()).network
        return { relay: relay.type, direct: peers.map(({ direct }) => direct) }
      })
      .toEqual({ relay: 'connected', direct: [true] })
  }

  /** Ends the tab's process, worker and all, as the system does when memory is short: nobody hears a goodbye. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash')
    const session = await this.context.newCDPSession(this.page)
    // a process that is gone does not answer
    session.send('Page.crash').catch(() => undefined)
    await crashed
  }

  /** Resolves once the app works without its server: the service worker has everything and controls the page. */
  async worksOffline(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
    await this.page.reload()
    await this.ready()
    await expect.poll(() => this.page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
  }

  #row(index: number): Locator {
    return this.page.getByTestId('payment').nth(index)
  }

  async #pay(to: string, amount: string, memo: string): Promise<void> {
    await this.page.getByTestId('send-to').fill(to)
    await this.page.getByTestId('send-amount').fill(amount)
    await this.page.getByTestId('send-memo').fill(memo)
    await this.#making(() => this.page.getByTestId('send-submit').click())
  }

  /** Does what makes a payment, and waits until the form is gone and the new payment is in a block. */
  async #making(confirm: () => Promise<void>): Promise<void> {
    const before = (await this.snapshot()).wallet.payments.map(({ id }) => id)
    await confirm()
    await expect(this.page.getByRole('dialog')).toBeHidden()
    await this.page.evaluate(
      (known) =>
        weftTest.snapshot(({ wallet }) =>
          wallet.payments.some(
            ({ id, direction, state }) =>
              !known.includes(id) && direction !== 'received' && state.type !== 'working',
          ),
        ),
      before,
    )
    await expect(this.page.getByTestId('payment-cancel')).toBeHidden()
  }

  async #closeDialog(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await expect(this.page.getByRole('dialog')).toBeHidden()
  }

  #complain(text: string): void {
    if (!HARMLESS.some((pattern) => pattern.test(text))) this.complaints.push(text)
  }
}
