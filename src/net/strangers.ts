import type { Connection } from '@libp2p/interface'
import type { PeerId, Stranger } from '../ports.ts'
import type { Libp2pNode } from './libp2p.ts'
import type { Names } from './names.ts'

/** `/weft/<first 16 hex of a network id>/<protocol>/<version>`: what libp2p's identify lists for any node of ours. */
const PROTOCOL = /^\/weft\/([0-9a-f]{16})\/[a-z]+\/[0-9.]+$/

/** A stranger is kept so long, so that it is told too what we are: both sides identify themselves at once. */
const STRANGER_STAY_MS = 2_000

/**
 * What a peer is whose protocols are these, if it is a stranger: it speaks Weft, and nothing that we speak. Who speaks no
 * Weft at all is none; a relay does not.
 */
export function strangerOf(protocols: readonly string[], names: Names): Stranger | undefined {
  const ours: readonly string[] = Object.values(names)
  if (protocols.some((protocol) => ours.includes(protocol))) return undefined
  const networks = protocols.map((protocol) => PROTOCOL.exec(protocol)?.[1])
  const network = networks.find((each) => each !== undefined)
  if (network === undefined) return undefined
  return names.fetch.startsWith(`/weft/${network}/`)
    ? { type: 'other-version' }
    : { type: 'other-network', network }
}

/** What keeping strangers out needs from the rest of the transport. */
export interface StrangersOptions {
  readonly node: Libp2pNode
  readonly names: Names
  readonly isDirect: (connection: Connection) => boolean
  /** A direct connection leads to one; it is cut in a moment. */
  readonly met: (stranger: Stranger, peer: PeerId) => void
  /** It is cut now; else its next announcement would lead to it again. */
  readonly parted: (peer: PeerId) => void
}

/**
 * Cuts direct connections to peers of another network or version, which would stay and say nothing. Protocols of other
 * networks have other names, so libp2p's own handshake tells; where it does not, the greeting does, and what this returns
 * is to be called. Protocol §8.
 */
export function keepStrangersOut(options: StrangersOptions): StrangersOptions['met'] {
  const { node, names, isDirect, met, parted } = options
  const part = (stranger: Stranger, peer: PeerId) => {
    met(stranger, peer)
    setTimeout(() => {
      parted(peer)
      for (const connection of node.getConnections())
        if (connection.remotePeer.toString() === peer && isDirect(connection))
          connection.abort(new Error(`A stranger: ${stranger.type}.`))
    }, STRANGER_STAY_MS)
  }
  node.addEventListener('peer:identify', ({ detail: { connection, protocols } }) => {
    const stranger = strangerOf(protocols, names)
    if (stranger !== undefined && isDirect(connection)) part(stranger, connection.remotePeer.toString())
  })
  return part
}
