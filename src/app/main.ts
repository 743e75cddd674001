import './trusted.ts'
import { mount } from 'svelte'
import { Workbox } from 'workbox-window'
import { lendRtc } from '../net/rtc/page.ts'
import { loadLastKnown } from '../node/last-known.ts'
import { API_CHANNEL, connectApi, type ApiClient } from '../node/rpc.ts'
import { capabilities } from '../sensor/capabilities.ts'
import { motionSensor } from '../sensor/phone.ts'
import { SimulatedSensor } from '../sensor/simulated.ts'
import { DEVICE_NOTES, openNoteDatabase } from '../store/note-database.ts'
import App from './App.svelte'
import { lateParts } from './late-parts.ts'
import { pageTime, rememberWelcome, wasWelcomed } from './platform.ts'
import { followLaunches, type Shared } from './share.ts'
import Insecure from './screens/Insecure.svelte'
import type { AppState } from './state/app.ts'
import { ClockState } from './state/clock.svelte.ts'
import { FaultsState } from './state/faults.ts'
import { IdentityState } from './state/identity.svelte.ts'
import { InstallState } from './state/install.svelte.ts'
import { JoiningState } from './state/joining.svelte.ts'
import { LanguageState } from './state/language.svelte.ts'
import { NoticesState } from './state/notices.svelte.ts'
import { PeerState } from './state/peer.svelte.ts'
import { payHref, RouterState } from './state/router.svelte.ts'
import { startsAlone, type MakeSensor } from './state/feed.ts'
import { SensorsState } from './state/sensors.ts'
import { ThemeState } from './state/theme.svelte.ts'
import { reloadOnTakeover, UpdateState } from './state/update.svelte.ts'
import { WakeState } from './state/wake.svelte.ts'
import { WalletState } from './state/wallet.svelte.ts'
import { frameText } from './texts/frame/text.ts'
import { tellUse } from './use.ts'
import { nextSnapshot, paid, saveWaiting, welcome } from './welcome.ts'

const now = () => Date.now()

/** How long the first words of a language are waited for: English is better than nothing, and they take its place later. */
const WORDS_WAIT_MS = 3_000

/** Those of the first visit are there from the start. */
const makeSensor: MakeSensor = async (wanted, handlers) => {
  if (wanted.kind === 'motion') return startsAlone(motionSensor(window, pageTime, handlers), wanted.source)
  if (wanted.kind === 'simulated') {
    const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
    return startsAlone(new SimulatedSensor(random, pageTime, handlers), wanted.source)
  }
  const { makeLateSensor } = await import('./late-sensors.ts')
  return makeLateSensor(wanted, handlers)
}

/**
 * Starts this tab's peer worker. It serves the browser if it gets the lock, and otherwise waits for its turn. Returns
 * what tells it that the first screen is shown.
 */
function startPeer(invitation: string | undefined, onFailure: (what: string) => void): () => void {
  const worker = new Worker(new URL('../../workers/peer.ts', import.meta.url), {
    type: 'module',
    name: 'weft-peer',
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    // a script that did not come says nothing of why
    onFailure(event instanceof ErrorEvent ? event.message : '')
  })
  const { port1, port2 } = new MessageChannel()
  const loan = lendRtc(port1)
  // peers, the relay and the tab that is next notice at once instead of after a timeout
  addEventListener('pagehide', () => {
    loan.close()
    worker.terminate()
  })
  addEventListener('pageshow', (event) => event.persisted && location.reload())
  worker.postMessage({ type: 'rtc', port: port2 }, [port2])
  worker.postMessage(invitation === undefined ? { type: 'start' } : { type: 'start', invitation })
  return () => worker.postMessage({ type: 'shown' })
}

/**
 * Has the peer look at its connections when the device may have slept or is online again, for no event tells of dead ones,
 * and keep what is known when this tab may have been seen for the last time.
 */
function wakeWhenBack(client: ApiClient): void {
  addEventListener('online', () => client.wake())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') client.wake()
    else client.hidden()
  })
}

/**
 * Shows what was known when the device was last open, until its peer says how things are. Read here and not by the peer,
 * whose script, keys and blocks take longer than a screen may.
 */
async function showLastKnown(peer: PeerState): Promise<void> {
  const notes = await openNoteDatabase(DEVICE_NOTES)
  try {
    const known = await loadLastKnown(notes)
    if (known !== undefined) peer.showKnown(known)
  } finally {
    await notes.close()
  }
}

/** Goes on with what another app has shared: a person is asked before anything is done. */
function takeShared({ joining, notices }: AppState, shared: Shared): void {
  if (shared.type === 'join') void joining.consider(shared.invitation, false)
  else if (shared.type === 'pay') location.hash = payHref(shared.payee)
  else notices.add('info', frameText().nothingShared)
}

function startUpdates(client: ApiClient, peer: PeerState, wallet: WalletState): UpdateState | undefined {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return undefined
  const workbox = new Workbox(`${import.meta.env.BASE_URL}service-worker.js`)
  const isPaying = () =>
    peer.failure === undefined &&
    (wallet.busy || (peer.snapshot?.wallet.payments.some(({ state }) => state.type === 'working') ?? false))
  const update = new UpdateState(workbox, {
    save: () => saveWaiting(client.api, peer.snapshot?.things ?? []),
    isPaying,
    paid: () => paid(isPaying),
    after: (delayMs, task) => void setTimeout(task, delayMs),
  })
  reloadOnTakeover(navigator.serviceWorker, () => location.reload())
  // without it everything works but starting offline
  workbox.register().catch(() => undefined)
  document.addEventListener('visibilitychange', () => {
    // offline there is nothing to look for, and that is no error
    if (document.visibilityState === 'visible') workbox.update().catch(() => undefined)
  })
  return update
}

function start(target: HTMLElement): void {
  const router = new RouterState(window)
  const invitation = router.takeInvitation()
  const first = !wasWelcomed()
  const client = connectApi(new BroadcastChannel(API_CHANNEL), crypto.randomUUID())
  const { api } = client
  const peer = new PeerState(client, afterFrame)
  // what is wrong with the storage the peer says
  if (!first) showLastKnown(peer).catch(() => undefined)
  const identity = new IdentityState()
  client.onIdentity((view) => {
    identity.view = view
    if (identity.isLocked) peer.hide()
  })
  tellUse(document, now, () => client.used())
  const notices = new NoticesState()
  const joining = new JoiningState(api, notices)
  const wallet = new WalletState(api, notices, () => peer.snapshot?.wallet.payments ?? [])
  const sensors = new SensorsState({ api, notices, make: makeSensor, locks: navigator.locks })
  const clock = new ClockState(now)
  const late = lateParts()
  const update = startUpdates(client, peer, wallet)
  const theme = new ThemeState(document)
  const language = new LanguageState(document, () => navigator.languages)
  const spoken = Promise.race([language.ready, pause(WORDS_WAIT_MS)])
  const wake = new WakeState(navigator.wakeLock, document)
  const install = new InstallState(window)
  const faults = new FaultsState(window, now)
  const app: AppState = {
    ...{ peer, sensors, router, notices, joining, wallet, clock, late, update },
    ...{ identity, theme, language, wake, install, faults, now },
  }

  const tellShown = startPeer(first ? invitation : undefined, (what) => {
    peer.failure = what
  })
  wakeWhenBack(client)
  router.follow((link) => void joining.consider(link, false))
  const shared = router.takeShared()
  if (shared) takeShared(app, shared)
  followLaunches(window, (launched) => takeShared(app, launched))
  const welcomed = first && invitation === undefined ? welcome(client, sensors, spoken) : Promise.resolve()
  if (invitation !== undefined) void joining.consider(invitation, first)
  if (first) void welcomed.then(rememberWelcome)
  afterFrame(() => {
    void spoken.then(() => {
      language.mark() // what could not be waited for is not spoken yet
      target.replaceChildren() // what index.html has painted, which is to be seen before this takes its time
      mount(App, { target, props: { app, can: capabilities(window) } })
    })
  })

  // what the first screen does without is loaded once it is there
  void welcomed
    .then(() => nextSnapshot(client))
    .then(() =>
      // it is put in place after the frame that comes, and seen in the one after
      afterFrame(() =>
        requestAnimationFrame(() =>
          afterFrame(() => {
            tellShown()
            for (const part of Object.values(late)) void part.load()
            attend(client, app)
            import('./late-sensors.ts').catch(() => undefined) // it is asked for again when it is needed
          }),
        ),
      ),
    )
}

/** Starts what asks for attention; where its script does not come, it is asked for again once there is a network. */
function attend(client: ApiClient, app: AppState): void {
  import('./attention.ts').then(
    ({ startAttention }) => startAttention(client, app),
    () => addEventListener('online', () => attend(client, app), { once: true }),
  )
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Runs `task` right after the next frame. */
function afterFrame(task: () => void): void {
  requestAnimationFrame(() => setTimeout(task))
}

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element with the id "app".')
if (isSecureContext) {
  start(target)
} else {
  const language = new LanguageState(document, () => navigator.languages)
  void Promise.race([language.ready, pause(WORDS_WAIT_MS)]).then(() => {
    language.mark()
    target.replaceChildren()
    mount(Insecure, { target, props: { address: location.origin } })
  })
}
