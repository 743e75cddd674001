/** The peer worker: everything of a node but the page's sensors and its RTCPeerConnection, composed. */
import '../src/app/trusted.ts' // first: without it this worker may start no other
import { LazyTransport } from '../src/net/lazy.ts'
import { attachRtcPort } from '../src/net/rtc/worker.ts' // before libp2p comes: it looks for RTCPeerConnection at once
import * as v from 'valibot'
import { loadBlockHasher } from '../src/crypto/block-hash.ts'
import type { BlockHasher } from '../src/core/crypto/block-hasher.ts'
import { openKeyStore } from '../src/crypto/key-store.ts'
import { webCryptoVerifier } from '../src/crypto/verifier.ts'
import { VerifierPool, verifyWorkers } from '../src/crypto/verify-pool.ts'
import { GpuRacer, openGpu } from '../src/mining/gpu-racer.ts'
import { poolMiner, workerCount } from '../src/mining/pool.ts'
import { WorkerRacer } from '../src/mining/worker-racer.ts'
import { Relays } from '../src/node/invitation.ts'
import { Device } from '../src/node/device.ts'
import { API_CHANNEL, lastKnown, serveApi } from '../src/node/rpc.ts'
import type { Snapshot } from '../src/node/api.ts'
import type { Clock, Miner, Random, Verifier } from '../src/ports.ts'
import {
  openBlockDatabase,
  openLedgerDatabase,
  openNoteDatabase,
  openPageDatabase,
} from '../src/store/indexed-db.ts'
import { DEVICE_NOTES } from '../src/store/note-database.ts'
import {
  reopeningBlockStore,
  reopeningLedgerStore,
  reopeningNoteStore,
  reopeningPageStore,
} from '../src/store/reopening.ts'
import { DEVICE_PATH, derivePrivateKey, ENTROPY_BYTES, seedOf } from '../src/wallet/keys.ts'

declare const self: DedicatedWorkerGlobalScope

/** Resolution of everything a node does by time: batches of five seconds, retries, tips. */
const TICK_MS = 500

/** A server that takes longer to name its relay is as good as none. */
const RELAY_JSON_MS = 5000

/** The network waits for the first screen, but no longer: a tab that nobody looks at paints none. */
const FIRST_SCREEN_MS = 5000

const clock: Clock = { nowMs: () => Date.now() }
const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

const Message = v.variant('type', [
  v.object({ type: v.literal('rtc'), port: v.instance(MessagePort) }),
  v.object({ type: v.literal('start'), invitation: v.exactOptional(v.string()) }),
  v.object({ type: v.literal('shown') }),
])

/** Resolves once this tab shows what its first screen is for. */
const { promise: shown, resolve: onShown } = Promise.withResolvers<void>()

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = v.parse(Message, data)
  if (message.type === 'rtc') attachRtcPort(message.port)
  else if (message.type === 'shown') onShown()
  else lead(message.invitation).catch(reportError) // reaches the page as the worker's error event
})

/** Waits until no other tab leads, then leads until this tab goes. One peer per browser. */
async function lead(invitation: string | undefined): Promise<void> {
  const channel = new BroadcastChannel(API_CHANNEL)
  const known = lastKnown(channel)
  await navigator.locks.request('weft-peer', async () => {
    performance.mark('weft-leads')
    const opening = openDevice(invitation, (snapshot) => server.publish(snapshot))
    // Tabs hear at once who leads, with what was known last; what they ask meanwhile is answered once all is rebuilt.
    const served = { api: opening, known: known(), onWake: () => wake(), onHidden: () => hide() }
    const server = serveApi(channel, served, crypto.randomUUID())
    try {
      const device = await opening
      performance.mark('weft-opened')
      hide = () => device.hidden()
      setTimeout(onShown, FIRST_SCREEN_MS)
      setInterval(() => device.tick(), TICK_MS)
      await new Promise(() => undefined)
    } finally {
      server.close() // another tab may succeed where this one failed
    }
  })
}

/** Tells the transport of the network the device is in that the device woke up. */
let wake: () => void = () => undefined

/** Tells the device, once it is open, that nobody looks. */
let hide: () => void = () => undefined

async function openDevice(
  invitation: string | undefined,
  publish: (snapshot: Snapshot) => void,
): Promise<Device> {
  const hasher = deviceHasher()
  const notes = await reopeningNoteStore(() => openNoteDatabase(DEVICE_NOTES))
  const keys = await openKeyStore(notes, random, crypto.subtle, {
    entropyBytes: ENTROPY_BYTES,
    seedOf,
    privateKeyOf: (seed) => derivePrivateKey(seed, DEVICE_PATH),
  })
  performance.mark('weft-keys')
  return Device.open(
    {
      clock,
      random,
      notes,
      keys,
      verifier: deviceVerifier(),
      hasher: await hasher,
      miner: deviceMiner(),
      openBlocks: (network, onDamage) =>
        reopeningBlockStore(() => openBlockDatabase(`weft-${network.slice(0, 16)}`, { onDamage })),
      openLedger: (network) =>
        reopeningLedgerStore(() => openLedgerDatabase(`weft-${network.slice(0, 16)}-ledger`)),
      openPages: (network) =>
        reopeningPageStore(() => openPageDatabase(`weft-${network.slice(0, 16)}-history`)),
      createTransport: (network, relays) => {
        const fault = (error: unknown) => console.error(error)
        const load = async () => {
          const { libp2pTransport } = await import('../src/net/transport.ts')
          const findRelays = async () => [...new Set([...(await servedRelays()), ...relays])]
          return libp2pTransport({ network, signer: keys, clock, random, findRelays, fault })
        }
        const transport = new LazyTransport({ load, due: shown, fault })
        wake = () => transport.wake()
        return transport
      },
      after: (delayMs, task) => void setTimeout(task, delayMs),
      publish,
    },
    invitation,
  )
}

/** The fastest hash that is right here. */
function deviceHasher(): Promise<BlockHasher> {
  return loadBlockHasher(
    async () => {
      const response = await fetch(new URL('../src/crypto/block-hash.wasm', import.meta.url))
      if (!response.ok) throw new Error(`block-hash.wasm: HTTP status ${response.status}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    (error) => console.error(error),
  )
}

/** Checks signatures on workers of their own. */
function deviceVerifier(): Verifier {
  return new VerifierPool(
    () => new Worker(new URL('./verify.ts', import.meta.url), { type: 'module' }),
    verifyWorkers(navigator.hardwareConcurrency),
    webCryptoVerifier(crypto.subtle),
  )
}

/** All that this device can mine with. */
function deviceMiner(): Miner {
  const createPort = () => new Worker(new URL('./miner.ts', import.meta.url), { type: 'module' })
  const workers = Array.from(
    { length: workerCount(navigator.hardwareConcurrency) },
    () => new WorkerRacer(createPort),
  )
  return poolMiner([
    ...workers,
    new GpuRacer(
      () => openGpu(navigator.gpu),
      () => performance.now(),
    ),
  ])
}

/** The relays of whoever serves the app; none while offline or where it serves no relay. */
async function servedRelays(): Promise<readonly string[]> {
  try {
    const response = await fetch('/relay.json', { signal: AbortSignal.timeout(RELAY_JSON_MS) })
    const parsed = v.safeParse(v.object({ multiaddrs: Relays }), await response.json())
    return parsed.success ? parsed.output.multiaddrs : []
  } catch {
    return []
  }
}
