/**
 * The network between the browsers of one machine, in a test's hand. Every candidate that a page is told for a WebRTC
 * connection is exchanged for one of a socket here, which passes datagrams on as a router does, so that none goes
 * straight from browser to browser. Where the network is parted they vanish without a word, as in air.
 *
 * What differs from real air: only WebRTC goes this way. The websocket to a relay does not, and a test that parts the
 * network has to take the relay away itself.
 */
import type { BrowserContext } from '@playwright/test'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'

const LOOPBACK = '127.0.0.1'

declare global {
  /** Exchanges a candidate for one that leads there over the `Lan`; `undefined` where it does not go over it. */
  var candidateOverLan: (candidate: string) => Promise<string | undefined>
  /** Says that a candidate is of this page. */
  var candidateOfPage: (candidate: string) => Promise<void>
}

/** An address and a port, as one text. */
type Place = string

type Endpoint = Pick<RemoteInfo, 'address' | 'port'>

const placeOf = ({ address, port }: Endpoint): Place => `${address}:${port}`

/** RFC 8839 §5.1: `candidate:<foundation> <component> <transport> <priority> <address> <port> …` */
function parsed(candidate: string): Endpoint & { readonly transport: string } {
  const [, , transport = '', , address = '', port] = candidate.split(' ')
  return { transport: transport.toLowerCase(), address, port: Number(port) }
}

/** The network. A context joins before its first page opens. */
export class Lan {
  readonly #sockets: Socket[] = []
  /** Whose candidate a place is. */
  readonly #owners = new Map<Place, BrowserContext>()
  /** Which side of the cut a context is on; no cut while it is empty. */
  #sides = new Map<BrowserContext, number>()

  /** Has every WebRTC connection of a context's pages go over this network. */
  async join(context: BrowserContext): Promise<void> {
    await context.exposeFunction('candidateOverLan', (candidate: string) =>
      this.#exchange(context, candidate),
    )
    await context.exposeFunction('candidateOfPage', (candidate: string) => {
      this.#owners.set(placeOf(parsed(candidate)), context)
    })
    await context.addInitScript(useLan)
  }

  /** Cuts the network: between these parts, and to contexts in none of them, nothing passes until `heal`. */
  part(...parts: readonly (readonly BrowserContext[])[]): void {
    this.#sides = new Map(parts.flatMap((part, side) => part.map((context) => [context, side])))
  }

  heal(): void {
    this.#sides.clear()
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((closed) => socket.close(closed))))
  }

  async #exchange(context: BrowserContext, candidate: string): Promise<string | undefined> {
    const { transport, address, port } = parsed(candidate)
    // one way is enough, and what is not exchanged must not be used: it would go past the cut
    if (transport !== 'udp' || address.includes(':')) return undefined
    const entry = await this.#entryOf(context, { address, port })
    const fields = candidate.split(' ')
    return [...fields.slice(0, 4), entry.address, entry.port, ...fields.slice(6)].join(' ')
  }

  /**
   * Opens a socket that stands for `target` towards `context`. What comes there goes on by another socket, one for each
   * place it came from, and what is answered to that one goes back.
   */
  async #entryOf(context: BrowserContext, target: Endpoint): Promise<Endpoint> {
    const entry = await this.#open()
    const exits = new Map<Place, Promise<Socket>>()
    const passes = () => this.#passes(context, this.#owners.get(placeOf(target)))
    const exitFor = async (from: RemoteInfo): Promise<Socket> => {
      const exit = await this.#open()
      exit.on('message', (datagram) => passes() && entry.send(datagram, from.port, from.address))
      return exit
    }
    entry.on('message', (datagram, from) => {
      const place = placeOf(from)
      const exit = exits.get(place) ?? exitFor(from)
      exits.set(place, exit)
      void exit.then((socket) => passes() && socket.send(datagram, target.port, target.address))
    })
    return entry.address()
  }

  #passes(a: BrowserContext, b: BrowserContext | undefined): boolean {
    return this.#sides.size === 0 || (b !== undefined && this.#sides.get(a) === this.#sides.get(b))
  }

  async #open(): Promise<Socket> {
    const socket = createSocket('udp4')
    this.#sockets.push(socket)
    // a browser that is gone refuses its datagrams, which is no more than a loss
    socket.on('error', () => undefined)
    socket.bind(0, LOOPBACK)
    await once(socket, 'listening')
    return socket
  }
}

/** Runs in the page: hands every remote candidate in for exchange, those within a description included. */
function useLan(): void {
  const exchanged = async (sdp: string): Promise<string> => {
    const lines = sdp.split('\r\n').map(async (line) => {
      if (!line.startsWith('a=candidate:')) return [line]
      const candidate = await globalThis.candidateOverLan(line.slice(2))
      return candidate === undefined ? [] : [`a=${candidate}`]
    })
    return (await Promise.all(lines)).flat().join('\r\n')
  }
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    /** One after the other, in the order they came: the end of candidates comes last. */
    #last: Promise<unknown> = Promise.resolve()

    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.candidate) void globalThis.candidateOfPage(candidate.candidate)
      })
    }

    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      return this.#next(async () => {
        const { type, sdp = '' } = description
        await super.setRemoteDescription({ type, sdp: await exchanged(sdp) })
      })
    }

    override addIceCandidate(init?: RTCIceCandidateInit | null): Promise<void> {
      return this.#next(async () => {
        if (!init?.candidate) {
          await super.addIceCandidate(init)
          return
        }
        const candidate = await globalThis.candidateOverLan(init.candidate)
        if (candidate !== undefined) await super.addIceCandidate({ ...init, candidate })
      })
    }

    #next(step: () => Promise<void>): Promise<void> {
      const done = this.#last.then(step)
      this.#last = done.catch(() => undefined)
      return done
    }
  }
}
