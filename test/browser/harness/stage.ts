import { expect, test as base, type Browser, type BrowserContext } from '@playwright/test'
import { BluetoothEmulator, type AdapterState } from './ble.ts'
import { clientScript } from './client.ts'
import { giveIdentity, type GivenIdentity } from './identity.ts'
import { Lan } from './lan.ts'
import { Peer } from './peer.ts'
import {
  startAppServer,
  startGateway,
  startRelay,
  type AppServer,
  type AppServerOptions,
  type Gateway,
  type Relay,
} from './server.ts'
import { HeartRateStrap } from './strap.ts'
import { prepareForBluetooth } from './subscriptions.ts'

export interface OpenOptions {
  /** Runs in every page of the context before the app does. */
  readonly beforeApp?: () => void
  readonly colorScheme?: 'light' | 'dark'
  /** The language its browser asks pages for (BCP 47); English where it is left out. */
  readonly locale?: string
  /** Leaves the app's own first thing out, which it gives to a person who comes without an invitation. */
  readonly welcomed?: boolean
  /** The `Permissions-Policy` the page comes with on this first visit, instead of its server's. */
  readonly permissionsPolicy?: string
  /** The network its WebRTC connections go over, instead of straight to the other browser. */
  readonly lan?: Lan
  /** How many times slower its page computes, from before it is loaded. Its workers are as fast as they are. */
  readonly slowed?: number
  /** Whose device it is; a new person's where it is left out. */
  readonly identity?: GivenIdentity
}

/** What a test puts on: servers, peers and their sensors. All of it is taken away at the end, newest first. */
export class Stage {
  readonly #browser: Browser
  readonly #peers: Peer[] = []
  readonly #takeAway: (() => Promise<void>)[] = []

  constructor(browser: Browser) {
    this.#browser = browser
  }

  /** The app and a relay in one process, as `npm start` runs them. */
  async gateway(): Promise<Gateway> {
    const gateway = await startGateway()
    this.#takeAway.push(() => gateway.stop())
    return gateway
  }

  /** The app alone, under the gateway's headers. */
  async app(options: AppServerOptions = {}): Promise<AppServer> {
    const app = await startAppServer(options)
    this.#takeAway.push(() => app.stop())
    return app
  }

  /** A relay alone, at `port` where one was before, and with the key in `folder` where one is. */
  async relay(port?: number, folder?: string): Promise<Relay> {
    const relay = await startRelay(port, folder)
    this.#takeAway.push(() => relay.stop())
    return relay
  }

  /** A network for browsers that a test means to part. */
  lan(): Lan {
    const lan = new Lan()
    this.#takeAway.push(() => lan.close())
    return lan
  }

  /** Opens `url` in a context of its own, as a device that was never there, and waits until its peer is up. */
  async peer(
    url: string,
    {
      beforeApp,
      colorScheme = 'light',
      locale = 'en-US',
      welcomed = true,
      permissionsPolicy,
      lan,
      slowed,
      identity,
    }: OpenOptions = {},
  ): Promise<Peer> {
    const context = await this.#browser.newContext({ colorScheme, locale })
    this.#takeAway.push(() => context.close())
    await prepareForBluetooth(context)
    await context.addInitScript({ content: await clientScript() })
    await lan?.join(context)
    await context.addInitScript(reportViolations)
    if (welcomed && !url.includes('#join=')) await context.addInitScript(rememberWelcome)
    if (beforeApp !== undefined) await context.addInitScript(beforeApp)
    if (permissionsPolicy !== undefined) await replacePolicy(context, url, permissionsPolicy)
    if (identity !== undefined) {
      const page = await context.newPage()
      await page.goto(new URL('/icon.svg', url).href)
      await giveIdentity(page, identity)
      await page.close()
    }
    return this.#open(context, url, slowed)
  }

  /** Opens one more tab of a peer's browser on the same address: another page over the same storage. */
  tab(peer: Peer): Promise<Peer> {
    return this.#open(peer.context, peer.page.url())
  }

  /** Gives a peer's device a Bluetooth adapter. One at a time: the browser has one. */
  async bluetooth(peer: Peer, state: AdapterState = 'powered-on'): Promise<BluetoothEmulator> {
    const emulator = await BluetoothEmulator.open(this.#browser, peer.page, state)
    this.#takeAway.push(() => emulator.close())
    return emulator
  }

  /** Puts a switched-on strap within reach of a peer's device. */
  async strap(
    peer: Peer,
  ): Promise<{ readonly strap: HeartRateStrap; readonly bluetooth: BluetoothEmulator }> {
    const bluetooth = await this.bluetooth(peer)
    const strap = new HeartRateStrap(bluetooth)
    await strap.start()
    return { strap, bluetooth }
  }

  /** Takes everything away. Throws the first thing that fails, after the rest is gone. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const take of this.#takeAway.reverse()) {
      await take().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  async #open(context: BrowserContext, url: string, slowed = 1): Promise<Peer> {
    const peer = new Peer(context, await context.newPage())
    this.#peers.push(peer)
    if (slowed > 1) {
      const session = await context.newCDPSession(peer.page)
      await session.send('Emulation.setCPUThrottlingRate', { rate: slowed })
    }
    await peer.page.goto(url)
    await peer.ready()
    return peer
  }

  /** Fails unless every page was free of exceptions, console errors and policy violations. */
  expectNoComplaints(): void {
    expect(this.#peers.flatMap((peer) => peer.complaints)).toEqual([])
  }
}

/** Has the document at `url` come with another permissions policy, everything else being as it is served. */
async function replacePolicy(context: BrowserContext, url: string, policy: string): Promise<void> {
  await context.route(url, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, headers: { ...response.headers(), 'permissions-policy': policy } })
  })
}

/** Runs in the page: a violation of the content security policy or of Trusted Types is an error like any other. */
function reportViolations(): void {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
    console.error(`policy violation: ${violatedDirective} by ${blockedURI} in ${sourceFile}`)
  })
}

/** Runs in the page: what the app remembers once it has met its person. */
function rememberWelcome(): void {
  localStorage.setItem('weft.welcomed', 'yes')
}

/** Playwright's `test` with a `stage`. At its end no page may have complained. */
export const test = base.extend<{ stage: Stage }>({
  stage: async ({ browser }, use) => {
    const stage = new Stage(browser)
    try {
      await use(stage)
      stage.expectNoComplaints()
    } finally {
      await stage.close()
    }
  },
})

export { expect }
