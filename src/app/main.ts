import './trusted.ts'
import './theme.css'
import { mount } from 'svelte'
import { Workbox } from 'workbox-window'
import { lendRtc } from '../net/rtc/page.ts'
import { API_CHANNEL, connectApi, type ApiClient } from '../node/rpc.ts'
import { HeartRateSensor } from '../sensor/bluetooth.ts'
import { capabilities } from '../sensor/capabilities.ts'
import { PhoneSensor } from '../sensor/phone.ts'
import { SimulatedSensor } from '../sensor/simulated.ts'
import type { SensorTime } from '../sensor/sensor.ts'
import App from './App.svelte'
import { rememberWelcome, wasWelcomed } from './platform.ts'
import Insecure from './screens/Insecure.svelte'
import type { AppState } from './state/app.ts'
import { ClockState } from './state/clock.svelte.ts'
import { JoiningState } from './state/joining.svelte.ts'
import { NoticesState } from './state/notices.svelte.ts'
import { PeerState } from './state/peer.svelte.ts'
import { RouterState } from './state/router.svelte.ts'
import { SensorsState, type MakeSensor } from './state/sensors.ts'
import { reloadOnTakeover, UpdateState } from './state/update.svelte.ts'
import { WalletState } from './state/wallet.svelte.ts'
import { saveWaiting, welcome } from './welcome.ts'

const now = () => Date.now()

const time: SensorTime = {
  nowMs: now,
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

const makeSensor: MakeSensor = (kind, handlers) => {
  if (kind === 'simulated') {
    const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
    return new SimulatedSensor(random, time, handlers)
  }
  if (kind === 'motion') return new PhoneSensor(window, time, handlers)
  return new HeartRateSensor({ bluetooth: navigator.bluetooth, isSecureContext, time }, handlers)
}

/** Starts this tab's peer worker. It serves the browser if it gets the lock, and otherwise waits for its turn. */
function startPeer(invitation: string | undefined, onFailure: (what: string) => void): void {
  const worker = new Worker(new URL('../../workers/peer.ts', import.meta.url), {
    type: 'module',
    name: 'weft-peer',
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    onFailure(event.message)
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
}

/** Has the peer look at its connections when the device may have slept or is online again: no event tells of dead ones. */
function wakeWhenBack(client: ApiClient): void {
  addEventListener('online', () => client.wake())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') client.wake()
  })
}

function startUpdates(client: ApiClient, peer: PeerState): UpdateState | undefined {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return undefined
  const workbox = new Workbox(`${import.meta.env.BASE_URL}service-worker.js`)
  const update = new UpdateState(workbox, () => saveWaiting(client.api, peer.snapshot?.things ?? []))
  reloadOnTakeover(navigator.serviceWorker, () => location.reload())
  void workbox.register()
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
  const peer = new PeerState(client, requestAnimationFrame)
  const notices = new NoticesState()
  const joining = new JoiningState(api, notices)
  const wallet = new WalletState(api, notices, () => peer.snapshot?.wallet.payments ?? [])
  const sensors = new SensorsState({ api, notices, make: makeSensor, locks: navigator.locks })
  const clock = new ClockState(now)
  const update = startUpdates(client, peer)
  const app: AppState = { peer, sensors, router, notices, joining, wallet, clock, update, now }

  startPeer(first ? invitation : undefined, (what) => {
    peer.failure = `Weft's peer stopped: ${what}. What was saved is kept. Load this page again.`
  })
  wakeWhenBack(client)
  router.follow((link) => void joining.consider(link, false))
  if (invitation !== undefined) {
    if (first) rememberWelcome()
    void joining.consider(invitation, first)
  } else if (first) {
    void welcome(client, sensors).then(rememberWelcome)
  }
  mount(App, { target, props: { app, can: capabilities(window) } })
}

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no element with the id "app".')
if (isSecureContext) start(target)
else mount(Insecure, { target, props: { address: location.origin } })
