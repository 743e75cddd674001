import type { Connection } from '@libp2p/interface'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { PeerId, Random, RelayState } from '../ports.ts'
import { backoff, jittered } from './chance.ts'
import { hasGossipStream, type Libp2pNode } from './libp2p.ts'
import { RELAYS_MAX, type Timings } from './limits.ts'

/** What keeping relays needs from the rest of the transport. */
export interface RelayKeeperOptions {
  readonly node: Libp2pNode
  /** Multiaddrs of relays, ending in `/p2p/<relay's id>`, as far as they are known now. */
  readonly findRelays: () => Promise<readonly string[]>
  /** The topic of announcements. */
  readonly topic: string
  /** Whether a relay counts only once it has reserved a place: true where others are to call us through it. */
  readonly reserve: boolean
  readonly random: Random
  readonly timings: Timings
  readonly changed: (state: RelayState) => void
}

/** A relay's address and how it goes. */
interface Relay {
  readonly address: Multiaddr
  readonly id: PeerId
  attempt: number
  /** While it is of use. */
  connection: Connection | undefined
  /** No longer kept: newer ones took its place. */
  dropped: boolean
  /** Ends its pause between attempts. */
  hurry: () => void
}

/** The id that a multiaddr ends in; `undefined` where it names none. */
function peerIn(address: Multiaddr): PeerId | undefined {
  return address.getComponents().findLast(({ name }) => name === 'p2p')?.value
}

/**
 * Relays by their multiaddrs, the first `RELAYS_MAX`; what is no multiaddr or names no peer is left out: an invitation
 * may carry anything.
 */
function relaysOf(texts: readonly string[]): Relay[] {
  const relays: Relay[] = []
  for (const text of texts) {
    try {
      const address = multiaddr(text)
      const id = peerIn(address)
      if (id !== undefined)
        relays.push({
          address,
          id,
          attempt: 0,
          connection: undefined,
          dropped: false,
          hurry: () => undefined,
        })
    } catch {
      continue
    }
  }
  return relays.slice(0, RELAYS_MAX)
}

/**
 * Keeps a connection to every relay, and a reserved place there: for ever, with growing pauses after failures. While
 * none is connected it asks again which there are, since a server that comes back may name another.
 */
export class RelayKeeper {
  readonly #options: RelayKeeperOptions
  #relays: readonly Relay[] = []
  /** What the last answer named. */
  #named: ReadonlySet<string> = new Set()
  readonly #stopping = new AbortController()
  /** Ends every pause. */
  #waking = new AbortController()
  #told = ''

  constructor(options: RelayKeeperOptions) {
    this.#options = options
  }

  /** Whether `peer` is one of them, and there is a connection to it. */
  holds(peer: PeerId): boolean {
    return (
      this.#relays.some(({ id }) => id === peer) &&
      this.#options.node
        .getConnections()
        .some(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === peer)
    )
  }

  /** Begins; the node must run. */
  start(): void {
    void this.#look()
  }

  stop(): void {
    this.#stopping.abort(new Error('The transport stops.'))
  }

  /** Tries at once whatever waits for its next attempt, and counts attempts anew. */
  wake(): void {
    for (const relay of this.#relays) relay.attempt = 0
    this.#waking.abort()
    this.#waking = new AbortController()
  }

  /**
   * Lets go of relays that fell silent or took our place away, to connect again. To be called every second or so. A
   * place is renewed long before it ends (circuit relay v2): where it is gone the relay refused, and nobody can call us.
   */
  sweep(): void {
    const { node, reserve } = this.#options
    for (const { id, connection } of this.#relays) {
      if (!connection) continue
      if (!hasGossipStream(node, connection, 'inbound'))
        connection.abort(new Error('It has no gossip stream.'))
      else if (reserve && !this.#isReserved(id))
        connection.abort(new Error('It has no place for us any more.'))
    }
  }

  async #look(): Promise<void> {
    const { findRelays, random, timings } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      if (!this.#relays.some(({ connection }) => connection)) this.#take(relaysOf(await findRelays()))
      await pause(jittered(timings.findRelaysMs, random), AbortSignal.any([signal, this.#waking.signal]))
    }
  }

  /** Begins with relays not kept yet, in place of those kept longest; hurries those that are named again. */
  #take(found: readonly Relay[]): void {
    if (this.#stopping.signal.aborted) return
    const before = this.#relays
    const added: Relay[] = []
    for (const relay of found) {
      const kept = before.find(({ address }) => address.equals(relay.address))
      if (kept === undefined) added.push(relay)
      else if (!this.#named.has(relay.address.toString())) kept.hurry()
    }
    this.#named = new Set(found.map(({ address }) => address.toString()))
    this.#relays = [...added, ...before].slice(0, RELAYS_MAX)
    for (const relay of before.filter((old) => !this.#relays.includes(old))) {
      relay.dropped = true
      relay.hurry()
    }
    for (const relay of added) void this.#keep(relay)
    this.#tell()
  }

  async #keep(relay: Relay): Promise<void> {
    const { random, timings } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted && !relay.dropped) {
      relay.attempt++
      this.#tell()
      try {
        await this.#hold(relay)
      } catch {
        // Unreachable, full or gone: it is tried again, for as long as the node runs.
      }
      relay.connection = undefined
      if (signal.aborted) return
      this.#tell()
      const pauseMs = backoff(Math.max(1, relay.attempt), timings.backoffMinMs, timings.backoffMaxMs, random)
      const hurried = new AbortController()
      relay.hurry = () => hurried.abort()
      await pause(pauseMs, AbortSignal.any([signal, hurried.signal, this.#waking.signal]))
    }
  }

  /** Connects and stays until the connection or the reservation is lost. */
  async #hold(relay: Relay): Promise<void> {
    const { node, timings } = this.#options
    const { signal } = this.#stopping
    const dialled = AbortSignal.any([signal, AbortSignal.timeout(timings.dialMs)])
    const connection = await node.dial(relay.address, { signal: dialled })
    const gone = closed(connection)
    if (!(await this.#isOfUse(relay.id, gone))) {
      connection.abort(new Error('The relay has no place for us, or passes no announcements on.'))
      return
    }
    relay.connection = connection
    relay.attempt = 0
    this.#tell()
    await gone
  }

  /**
   * Resolves true once others can call us through the relay and it passes announcements on to us; false when time is
   * out or the connection is `gone`. A relay that still holds our last connection may have no gossip stream for this
   * one: gossipsub opens one a peer, and not again.
   */
  #isOfUse(relay: PeerId, gone: Promise<void>): Promise<boolean> {
    const { node, topic, reserve, timings } = this.#options
    const { pubsub } = node.services
    const isHeard = () => pubsub.getSubscribers(topic).some((peer) => peer.toString() === relay)
    return new Promise((resolve) => {
      const settle = (answer: boolean) => {
        clearTimeout(timer)
        node.removeEventListener('transport:listening', check)
        pubsub.removeEventListener('subscription-change', check)
        resolve(answer)
      }
      const check = () => {
        if ((!reserve || this.#isReserved(relay)) && isHeard()) settle(true)
      }
      const timer = setTimeout(() => settle(false), timings.reservationMs)
      node.addEventListener('transport:listening', check)
      pubsub.addEventListener('subscription-change', check)
      void gone.then(() => settle(false))
      check()
    })
  }

  /** Whether others can call us through the relay. */
  #isReserved(relay: PeerId): boolean {
    const marker = `/p2p/${relay}/p2p-circuit`
    return this.#options.node.getMultiaddrs().some((address) => address.toString().includes(marker))
  }

  /** Says how it goes, if that is news. */
  #tell(): void {
    const state = this.#state()
    const news = JSON.stringify(state)
    if (news === this.#told || this.#stopping.signal.aborted) return
    this.#told = news
    this.#options.changed(state)
  }

  #state(): RelayState {
    const connected = this.#relays.filter(({ connection }) => connection)
    if (connected.length > 0) {
      return { type: 'connected', multiaddrs: connected.map(({ address }) => address.toString()) }
    }
    if (this.#relays.length === 0) return { type: 'none' }
    return { type: 'connecting', attempt: Math.max(1, ...this.#relays.map(({ attempt }) => attempt)) }
  }
}

/** Resolves when the connection is closed, at once if it is already. */
function closed(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    if (connection.status === 'open') connection.addEventListener('close', () => resolve(), { once: true })
    else resolve()
  })
}

/** Resolves after `ms`, or at once when `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
