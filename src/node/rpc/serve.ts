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

/** Calls one peer works on at a time, over all tabs. Beyond it a call fails at once instead of queueing unseen. */
export const CALLS_MAX = 256

/** The peer's end. */
export interface ApiServer {
  /**
   * Sends a snapshot to every tab, once one of them has taken the one before: of what comes faster only the newest is
   * sent. A tab that says hello gets the newest.
   */
  publish(snapshot: Snapshot): void
  /** Tells every tab whose device it is, and those that say hello. Where that is locked, snapshots are forgotten. */
  show(identity: IdentityView): void
  close(): void
}

/**
 * Asks for the newest snapshot of another tab's peer and keeps it up to date, without what is true of that peer alone: a
 * tab that waits to lead shows it in the moment it does. Nothing where it takes a passphrase: that has to be typed again.
 */
export function lastKnown(channel: Channel): () => Snapshot | undefined {
  let newest: Snapshot | undefined
  let isSecret = false
  channel.addEventListener('message', ({ data }) => {
    const message = data as ToPeer | ToPages
    if (message.to !== 'pages') return
    if (message.type === 'snapshot') newest = message.snapshot
    else if (message.type === 'identity') isSecret = message.identity.passphrase
  })
  channel.postMessage({ to: 'peer', type: 'hello' } satisfies ToPeer)
  return () => (newest && !isSecret ? knownLast(newest) : undefined)
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
  /** Somebody uses the app in a tab, which says so now and then. */
  readonly onUsed: (this: void) => void
}

/**
 * Serves an api on `channel` and tells every tab that `leader` (a fresh random name) is the peer now.
 */
export function serveApi(
  channel: Channel,
  { api, known, onWake, onHidden, onUsed }: Served,
  leader: string,
): ApiServer {
  const running = new Map<string, AbortController>()
  const { send, close } = outletOf<ToPages>(channel)
  const board = new Board(send, known)

  const greet = () => {
    send({ to: 'pages', type: 'leader', leader })
    board.greet()
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
    else if (message.type === 'seen') board.taken()
    else if (message.type === 'hidden') onHidden()
    else if (message.type === 'used') onUsed()
    else if (message.type === 'call') {
      if (message.leader === leader) void answer(message)
    } else running.get(`${message.client}/${message.call}`)?.abort(cancelled())
  })
  greet()
  return {
    publish: (snapshot) => board.publish(snapshot),
    show: (identity) => board.show(identity),
    close() {
      close() // first: what is cancelled has nobody left to answer to
      for (const abort of running.values()) abort.abort(cancelled())
    },
  }
}

/** What is said to every tab, the newest of it. */
class Board {
  readonly #send: (message: ToPages) => void
  #newest: Snapshot | undefined
  #identity: IdentityView | undefined
  #isOnTheWay = false
  #isDue = false

  constructor(send: (message: ToPages) => void, known: Snapshot | undefined) {
    this.#send = send
    this.#newest = known
  }

  /** For a tab that has heard nothing yet. */
  greet(): void {
    if (this.#identity) this.#send({ to: 'pages', type: 'identity', identity: this.#identity })
    if (this.#newest) this.#post(this.#newest)
  }

  publish(snapshot: Snapshot): void {
    this.#newest = snapshot
    if (this.#isOnTheWay) this.#isDue = true
    else this.#post(snapshot)
  }

  show(identity: IdentityView): void {
    this.#identity = identity
    if (identity.state === 'locked') this.#newest = undefined
    this.#send({ to: 'pages', type: 'identity', identity })
  }

  /** A tab has taken the last snapshot. */
  taken(): void {
    this.#isOnTheWay = false
    if (this.#isDue && this.#newest) this.#post(this.#newest)
  }

  #post(snapshot: Snapshot): void {
    this.#isOnTheWay = true
    this.#isDue = false
    this.#send({ to: 'pages', type: 'snapshot', snapshot })
  }
}
