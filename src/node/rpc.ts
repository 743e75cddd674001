/**
 * Both ends of page ↔ peer. One peer serves every tab of the browser over one broadcast channel, so a tab
 * that opens late or loses its leader needs nothing but the next `leader` message.
 */
import {
  ApiError,
  METHODS,
  type Method,
  type Api,
  type ApiErrorKind,
  type CallOptions,
  type Snapshot,
} from './api.ts'

/** The broadcast channel's name. */
export const API_CHANNEL = 'weft-api'

/** Calls one peer works on at a time, over all tabs. Beyond it a call fails at once instead of queueing unseen. */
export const CALLS_MAX = 256

/** What rpc needs of a `BroadcastChannel`; a `MessagePort` pair serves in tests. */
export interface Channel {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  close(): void
}

type ToPeer =
  | { to: 'peer'; type: 'hello' }
  | { to: 'peer'; type: 'wake' }
  | { to: 'peer'; type: 'hidden' }
  | { to: 'peer'; type: 'seen' }
  /** `leader`: whom the tab takes for the peer. Another one that hears it lets it be: the tab is told who leads, and asks again. */
  | {
      to: 'peer'
      type: 'call'
      leader: string
      client: string
      call: number
      method: Method
      input: unknown
      tell: boolean
    }
  | { to: 'peer'; type: 'cancel'; client: string; call: number }

type ToPages =
  | { to: 'pages'; type: 'leader'; leader: string }
  | { to: 'pages'; type: 'snapshot'; snapshot: Snapshot }
  | { to: 'pages'; type: 'progress'; client: string; call: number; done: number }
  | { to: 'pages'; type: 'result'; client: string; call: number; value: unknown }
  | { to: 'pages'; type: 'error'; client: string; call: number; kind: ApiErrorKind; message: string }

/** The peer's end. */
export interface ApiServer {
  /**
   * Sends a snapshot to every tab, once one of them has taken the one before: of what comes faster only the newest is
   * sent. A tab that says hello gets the newest.
   */
  publish(snapshot: Snapshot): void
  close(): void
}

/**
 * Asks for the newest snapshot of another tab's peer and keeps it up to date, without what is true of that peer alone: a
 * tab that waits to lead shows it in the moment it does.
 */
export function lastKnown(channel: Channel): () => Snapshot | undefined {
  let newest: Snapshot | undefined
  channel.addEventListener('message', ({ data }) => {
    const message = data as ToPeer | ToPages
    if (message.to === 'pages' && message.type === 'snapshot') newest = message.snapshot
  })
  channel.postMessage({ to: 'peer', type: 'hello' } satisfies ToPeer)
  return () => newest && knownLast(newest)
}

/** A snapshot as what was known last: without what one peer knows of others. */
export function knownLast(snapshot: Snapshot): Snapshot {
  const { id, name, order } = snapshot.network
  return { ...snapshot, network: { id, name, order, relay: { type: 'none' }, peers: [] } }
}

/** What a peer answers with. */
export interface Served {
  /** Calls wait for it, and fail with it. */
  readonly api: Promise<Api>
  /** What tabs are shown until the first snapshot of its own. */
  readonly known?: Snapshot | undefined
  /** A tab says that the device woke up or is online again; nothing bounds how often. */
  readonly onWake: (this: void) => void
  /** A tab is not looked at any more, and may be gone for good; nothing bounds how often. */
  readonly onHidden: (this: void) => void
}

/**
 * Serves an api on `channel` and tells every tab that `leader` (a fresh random name) is the peer now.
 */
export function serveApi(
  channel: Channel,
  { api, known, onWake, onHidden }: Served,
  leader: string,
): ApiServer {
  const running = new Map<string, AbortController>()
  let newest = known
  let isOnTheWay = false
  let isDue = false
  const { send, close } = outletOf<ToPages>(channel)

  const show = (snapshot: Snapshot) => {
    isOnTheWay = true
    isDue = false
    send({ to: 'pages', type: 'snapshot', snapshot })
  }

  const greet = () => {
    send({ to: 'pages', type: 'leader', leader })
    if (newest) show(newest)
  }

  const taken = () => {
    isOnTheWay = false
    if (isDue && newest) show(newest)
  }

  const answer = async ({ client, call, method, input, tell }: Extract<ToPeer, { type: 'call' }>) => {
    const name = `${client}/${call}`
    const abort = new AbortController()
    try {
      if (!Object.hasOwn(METHODS, method)) throw new ApiError('bad-input', `There is no call ${method}.`)
      if (running.size >= CALLS_MAX)
        throw new ApiError('failed', 'Weft is busy. Nothing was lost; try again.')
      running.set(name, abort)
      const onProgress = (done: number) => {
        if (tell) send({ to: 'pages', type: 'progress', client, call, done })
      }
      // the method's own check parses the input; here it is still whatever the tab sent
      const ready = (await api) as Record<Method, (input: unknown, options: CallOptions) => Promise<unknown>>
      const value = await ready[method](input, { signal: abort.signal, onProgress })
      send({ to: 'pages', type: 'result', client, call, value })
    } catch (error) {
      const { kind, message } = asApiError(error)
      send({ to: 'pages', type: 'error', client, call, kind, message })
    } finally {
      running.delete(name)
    }
  }

  channel.addEventListener('message', ({ data }) => {
    const message = data as ToPeer
    if (message.to !== 'peer') return
    if (message.type === 'hello') greet()
    else if (message.type === 'wake') onWake()
    else if (message.type === 'seen') taken()
    else if (message.type === 'hidden') onHidden()
    else if (message.type === 'call') {
      if (message.leader === leader) void answer(message)
    } else running.get(`${message.client}/${message.call}`)?.abort(cancelled())
  })
  greet()
  return {
    publish(snapshot) {
      newest = snapshot
      if (isOnTheWay) isDue = true
      else show(snapshot)
    },
    close() {
      close() // first: what is cancelled has nobody left to answer to
      for (const abort of running.values()) abort.abort(cancelled())
    },
  }
}

/** The page's end. `onSnapshot` returns a function that stops listening. */
export interface ApiClient {
  readonly api: Api
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void
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
  const listeners = new Set<(snapshot: Snapshot) => void>()
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
      return listeners.forEach((listener) => listener(message.snapshot))
    }
    if (message.client !== client) return
    if (message.type === 'progress') pending.get(message.call)?.onProgress?.(message.done)
    else if (message.type === 'result') settle(message.call)?.resolve(message.value)
    else settle(message.call)?.reject(new ApiError(message.kind, message.message))
  })
  send({ to: 'peer', type: 'hello' })

  return {
    api: apiOver(call),
    onSnapshot(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
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

/** Posts on a channel until it is closed: after that a channel throws, and there is nobody to tell. */
function outletOf<Message>(channel: Channel) {
  let open = true
  return {
    isOpen: () => open,
    send: (message: Message) => {
      if (open) channel.postMessage(message)
    },
    close: () => {
      open = false
      channel.close()
    },
  }
}

function cancelled(): ApiError {
  return new ApiError('cancelled', 'Cancelled. What was stored before is kept.')
}

function moved(): ApiError {
  return new ApiError(
    'peer-moved',
    'Another tab took over. What was stored is kept; look whether this was done before you try again.',
  )
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError('failed', error instanceof Error ? error.message : String(error))
}
