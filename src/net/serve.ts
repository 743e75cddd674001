import type { Connection, Stream } from '@libp2p/interface'
import type { PeerId } from '../ports.ts'
import { framesOf, type Frames } from './frames.ts'
import type { Libp2pNode } from './libp2p.ts'
import { REQUEST_BUFFER_BYTES_MAX, STREAMS_PER_PEER_MAX } from './limits.ts'
import { roomOn } from './relayed.ts'

/** A protocol this node answers: one request on each stream. */
export interface Service {
  readonly protocol: string
  /** Bytes of the longest request. */
  readonly requestBytesMax: number
  /** The request must be read within this. */
  readonly requestMs: number
  /** How long a frame of a longer exchange may be waited for. */
  readonly idleMs?: number
  /** Bytes that may lie unread; those of a usual request where it is left out. */
  readonly bufferBytesMax?: number
  /** The answer must be written, and acknowledged, within this, counted from the stream's beginning. */
  readonly answerMs: number
  /** Whether what is asked on a connection is answered. */
  admits(connection: Connection): boolean
  /** Reads the request, writes the answer and hears what ends it. What it throws ends the stream. */
  answer(frames: Frames, from: PeerId): Promise<void>
  /** A stream ended by this error, which may be the peer's fault. */
  failed(peer: PeerId, error: unknown): void
}

/** Registers `service`, on direct connections and on relayed ones as far as they are admitted. */
export async function serve(node: Libp2pNode, service: Service): Promise<void> {
  const underWay = new Map<PeerId, number>()
  const answer = async (stream: Stream, connection: Connection) => {
    const from = connection.remotePeer.toString()
    const before = underWay.get(from) ?? 0
    // libp2p counts streams: one that is reset makes room for the next, and what was asked on it goes on
    if (before >= STREAMS_PER_PEER_MAX) return stream.abort(new Error('As much as may be is under way.'))
    underWay.set(from, before + 1)
    await converseOnce(stream, connection, service)
    const left = (underWay.get(from) ?? 0) - 1
    if (left > 0) underWay.set(from, left)
    else underWay.delete(from)
  }
  await node.handle(service.protocol, answer, {
    maxInboundStreams: STREAMS_PER_PEER_MAX,
    maxOutboundStreams: STREAMS_PER_PEER_MAX,
    runOnLimitedConnection: true,
  })
}

async function converseOnce(stream: Stream, connection: Connection, service: Service): Promise<void> {
  const from = connection.remotePeer.toString()
  const signal = AbortSignal.timeout(service.answerMs)
  try {
    if (!service.admits(connection)) throw new Error('This connection is for other things.')
    const frames = framesOf(stream, {
      frameBytesMax: service.requestBytesMax,
      bufferBytesMax: service.bufferBytesMax ?? REQUEST_BUFFER_BYTES_MAX,
      signal,
      ...(service.idleMs !== undefined && { idleMs: service.idleMs }),
      firstSignal: AbortSignal.timeout(service.requestMs),
      room: () => roomOn(connection),
    })
    await service.answer(frames, from)
    await stream.close({ signal })
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    service.failed(from, error)
  }
}
