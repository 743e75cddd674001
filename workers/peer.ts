/** The peer worker: everything of a node but the page's sensors and its RTCPeerConnection, composed. */
import '../src/app/trusted.ts' // first: without it this worker may start no other
import { LazyTransport } from '../src/net/lazy.ts'
import { attachRtcPort } from '../src/net/rtc/worker.ts' // before libp2p comes: it looks for RTCPeerConnection at once
import * as v from 'valibot'
import { loadBlockHasher } from '../src/crypto/block-hash.ts'
import type { BlockHasher } from '../src/core/crypto/block-hasher.ts'
import { backupSeal } from '../src/crypto/backup-file.ts'
import { keyStoreOf } from '../src/crypto/key-store.ts'
import { openVault } from '../src/crypto/vault.ts'
import { webCryptoVerifier } from '../src/crypto/verifier.ts'
import { VerifierPool, verifyWorkers } from '../src/crypto/verify-pool.ts'
import { GpuRacer, openGpu } from '../src/mining/gpu-racer.ts'
import { poolMiner, workerCount } from '../src/mining/pool.ts'
import { WorkerRacer } from '../src/mining/worker-racer.ts'
import { Relays } from '../src/node/invitation.ts'
import { Device, type DeviceParts } from '../src/node/device.ts'
import { guardedApi } from '../src/node/guarded-api.ts'
import { Identity, type IdentityParts } from '../src/node/identity.ts'
import { API_CHANNEL, lastKnown, serveApi } from '../src/node/rpc.ts'
import type { Clock, KeyStore, Miner, Random, Verifier } from '../src/ports.ts'
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
    const loading = loadIdentity(invitation, {
      publish: (snapshot) => server.publish(snapshot),
      show: (view) => {
        if (view.state === 'locked') wake = () => undefined // the transport has the keys
        server.show(view)
      },
    })
    // Tabs hear at once who leads, with what was known last; what they ask meanwhile is answered once all is rebuilt.
    const starting = loading.then((one) => {
      identity = one
      return { api: guardedApi(one), started: one.start() }
    })
    const api = starting.then((begun) => begun.api)
    api.catch(() => undefined) // said below, and to whoever calls
    const served = {
      api,
      known: known(),
      onWake: () => wake(),
      onHidden: () => identity?.hidden(),
      onUsed: () => identity?.used(),
    }
    const server = serveApi(channel, served, crypto.randomUUID())
    try {
      const { started } = await starting
      await started
      performance.mark('weft-opened')
      setTimeout(onShown, FIRST_SCREEN_MS)
      setInterval(() => identity?.tick(), TICK_MS)
      await new Promise(() => undefined)
    } finally {
      server.close() // another tab may succeed where this one failed
    }
  })
}

/** Tells the transport of the network the device is in that the device woke up. */
let wake: () => void = () => undefined

/** Whose device it is, once that is read. */
let identity: Identity | undefined

async function loadIdentity(
  invitation: string | undefined,
  page: Pick<IdentityParts, 'publish' | 'show'>,
): Promise<Identity> {
  const hasher = deviceHasher()
  const notes = await reopeningNoteStore(() => openNoteDatabase(DEVICE_NOTES))
  const { subtle } = crypto
  const vault = await openVault({ notes, random, subtle, entropyBytes: ENTROPY_BYTES })
  const derivation = { seedOf, privateKeyOf: (seed: Uint8Array) => derivePrivateKey(seed, DEVICE_PATH) }
  const after = (delayMs: number, task: () => void) => void setTimeout(task, delayMs)
  const engines = { verifier: deviceVerifier(), miner: deviceMiner() }
  return Identity.load({
    ...page,
    clock,
    notes,
    vault,
    after,
    backups: backupSeal(random),
    keysOf: async (entropy, madeHere) => {
      const keys = await keyStoreOf(entropy, madeHere, subtle, derivation)
      performance.mark('weft-keys')
      return keys
    },
    openDevice: async (keys, parts) => {
      const time = { clock, random, after }
      const own = { ...parts, ...engines, ...time, ...storesAndPeers(keys), notes, keys }
      return Device.open({ ...own, hasher: await hasher }, invitation)
    },
  })
}

/** Where a device with these keys keeps what it has, and whom it meets. */
function storesAndPeers(
  keys: KeyStore,
): Pick<DeviceParts, 'openBlocks' | 'openLedger' | 'openPages' | 'createTransport'> {
  return {
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
  }
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
