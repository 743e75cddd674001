import {
  ApiError,
  METHODS,
  type Api,
  type CallOptions,
  type IdentityView,
  type Method,
  type Snapshot,
} from '../api.ts'
import { asApiError, cancelled, outletOf, type Channel, type ToPages, type ToPeer } from './channel.ts'

/** The page's end. `onSnapshot` returns a function that stops listening. */
export interface ApiClient {
  readonly api: Api
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void
  /** The same for whose device it is. */
  onIdentity(listener: (identity: IdentityView) => void): () => void
  /** Tells the peer that somebody uses the app here. */
  used(): void
  /** Tells the peer, in whichever tab it is, that the device woke up or is online again. */
  wake(): void
  /** Tells the peer that this tab is not looked at any more, and may not come back. */
  hidden(): void
  close(): void
}

interface Pending {
  readonly message: Omit<Extract<ToPeer, { type: 'call' }>, 'leader'>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: ApiError) => void
  readonly onProgress: CallOptions['onProgress']
  /** Stops listening for a cancel. */
  readonly release: () => void
}

/**
 * Connects a tab to whichever worker is the peer. Calls made before a peer is there wait for it; calls under way
 * when the peer moves to another tab reject with `peer-moved`.
 *
 * @param client a name no other tab has, such as a random UUID
 */
export function connectApi(channel: Channel, client: string): ApiClient {
  const pending = new Map<number, Pending>()
  const snapshots = new Listeners<Snapshot>()
  const identities = new Listeners<IdentityView>()
  const { send, close, isOpen } = outletOf<ToPeer>(channel)
  let leader: string | undefined
  let calls = 0

  const settle = (call: number): Pending | undefined => {
    const found = pending.get(call)
    pending.delete(call)
    found?.release()
    return found
  }

  const dispatch = (message: Pending['message'], to: string) => {
    try {
      send({ ...message, leader: to })
    } catch (error) {
      settle(message.call)?.reject(asApiError(error)) // an input that cannot be cloned
    }
  }

  const onLeader = (name: string) => {
    if (name === leader) return
    const first = leader === undefined
    leader = name
    for (const [call, { message }] of [...pending])
      if (first) dispatch(message, name)
      else settle(call)?.reject(moved())
  }

  const call = (method: Method, input: unknown, { signal, onProgress }: CallOptions = {}) =>
    new Promise<unknown>((resolve, reject) => {
      if (!isOpen() || signal?.aborted) return reject(cancelled())
      const tell = onProgress !== undefined
      const message = { to: 'peer', type: 'call', client, call: ++calls, method, input, tell } as const
      const cancel = () => {
        send({ to: 'peer', type: 'cancel', client, call: message.call })
        settle(message.call)?.reject(cancelled())
      }
      signal?.addEventListener('abort', cancel)
      const release = () => signal?.removeEventListener('abort', cancel)
      pending.set(message.call, { message, resolve, reject, onProgress, release })
      if (leader !== undefined) dispatch(message, leader)
    })

  channel.addEventListener('message', ({ data }) => {
    const message = data as ToPages
    if (message.to !== 'pages') return
    if (message.type === 'leader') return onLeader(message.leader)
    if (message.type === 'snapshot') {
      send({ to: 'peer', type: 'seen' })
      return snapshots.tell(message.snapshot)
    }
    if (message.type === 'identity') return identities.tell(message.identity)
    if (message.client !== client) return
    if (message.type === 'progress') pending.get(message.call)?.onProgress?.(message.done)
    else if (message.type === 'result') settle(message.call)?.resolve(message.value)
    else settle(message.call)?.reject(new ApiError(message.kind, message.message))
  })
  send({ to: 'peer', type: 'hello' })

  return {
    api: apiOver(call),
    onSnapshot: (listener) => snapshots.add(listener),
    onIdentity: (listener) => identities.add(listener),
    used: () => send({ to: 'peer', type: 'used' }),
    wake: () => send({ to: 'peer', type: 'wake' }),
    hidden: () => send({ to: 'peer', type: 'hidden' }),
    close() {
      close()
      for (const waiting of [...pending.keys()]) settle(waiting)?.reject(cancelled())
    },
  }
}

type Call = (method: Method, input: unknown, options?: CallOptions) => Promise<unknown>

function apiOver(call: Call): Api {
  const methods = Object.keys(METHODS) as Method[]
  return Object.fromEntries(
    methods.map((method) => [
      method,
      (input: unknown, options?: CallOptions) => call(method, input, options),
    ]),
  ) as unknown as Api // METHODS names every method of Api, so the object has them all
}

/** Who wants to hear of something. */
class Listeners<Told> {
  readonly #listeners = new Set<(told: Told) => void>()

  /** Returns a function that stops it listening. */
  add(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(told: Told): void {
    for (const listener of this.#listeners) listener(told)
  }
}

function moved(): ApiError {
  return new ApiError(
    'peer-moved',
    'Another tab took over. What was stored is kept; look whether this was done before you try again.',
  )
}
