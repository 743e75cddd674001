/**
 * The worker's side: gives the worker the three WebRTC constructors that browsers keep from it. libp2p reads them from
 * `globalThis` while it is being evaluated, so this module must be evaluated before it: `libp2p.ts` imports it first.
 */
import { LentCandidate, LentConnection, LentDescription, type Wire } from './connection.ts'
import type { Command, Configuration, Report } from './messages.ts'

/** The connections that one page lends, and the port to it. */
class PageWire implements Wire {
  readonly #port: MessagePort
  readonly #connections = new Map<number, LentConnection>()
  #count = 0

  constructor(port: MessagePort) {
    this.#port = port
    port.addEventListener('message', ({ data }: MessageEvent<Report>) => {
      this.#connections.get(data.connection)?.take(data)
    })
    port.addEventListener('close', () => this.end('The page that lent the connection is gone.'))
    port.start()
  }

  admit(connection: LentConnection): number {
    const id = ++this.#count
    this.#connections.set(id, connection)
    return id
  }

  send(command: Command): void {
    this.#port.postMessage(command)
  }

  forget(connection: number): void {
    this.#connections.delete(connection)
  }

  end(reason: string): void {
    for (const connection of [...this.#connections.values()]) connection.lose(reason)
    this.#port.close()
  }
}

let page: PageWire | undefined

/**
 * Takes the port whose other end a page serves with `lendRtc`. A port attached before, of a page that leads no more,
 * is closed together with all connections that page lent.
 */
export function attachRtcPort(port: MessagePort): void {
  page?.end('Another page lends the connections now.')
  page = new PageWire(port)
}

class RTCPeerConnection extends LentConnection {
  constructor(configuration?: Configuration) {
    if (page === undefined) throw new DOMException('No page lends WebRTC yet.', 'NotSupportedError')
    super(page, configuration)
  }
}

if (!('RTCPeerConnection' in globalThis)) {
  Object.assign(globalThis, {
    RTCPeerConnection,
    RTCSessionDescription: LentDescription,
    RTCIceCandidate: LentCandidate,
  })
}
