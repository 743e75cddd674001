import type { Connection, Stream } from '@libp2p/interface'
import type { Blame, PeerId } from '../ports.ts'
import type { DirectRule } from './direct.ts'
import { blameFor, framesOf, type Frames } from './exchange.ts'
import type { Libp2pNode } from './libp2p.ts'
import { REQUEST_BUFFER_BYTES_MAX, STREAMS_PER_PEER_MAX } from './limits.ts'

/** A protocol this node answers: one request on each stream. */
export interface Service {
  readonly protocol: string
  /** Bytes of the longest request. */
  readonly requestBytesMax: number
  /** The request must be read within this. */
  readonly requestMs: number
  /** The answer must be written, and acknowledged, within this, counted from the stream's beginning. */
  readonly answerMs: number
  readonly rule: DirectRule
  /** Reads the request, writes the answer and hears what ends it. What it throws ends the stream. */
  answer(frames: Frames, from: PeerId): Promise<void>
  /** The peer broke the protocol. */
  blame(peer: PeerId, reason: Blame): void
}

/** Registers `service`. Only direct connections are served: a relay's bytes are for getting off the relay. */
export async function serve(node: Libp2pNode, service: Service): Promise<void> {
  await node.handle(service.protocol, (stream, connection) => converseOnce(stream, connection, service), {
    maxInboundStreams: STREAMS_PER_PEER_MAX,
    maxOutboundStreams: STREAMS_PER_PEER_MAX,
  })
}

async function converseOnce(stream: Stream, connection: Connection, service: Service): Promise<void> {
  const from = connection.remotePeer.toString()
  const signal = AbortSignal.timeout(service.answerMs)
  try {
    if (!service.rule.isDirect(connection)) throw new Error('Only direct connections are served.')
    const frames = framesOf(stream, {
      frameBytesMax: service.requestBytesMax,
      bufferBytesMax: REQUEST_BUFFER_BYTES_MAX,
      signal,
      firstSignal: AbortSignal.timeout(service.requestMs),
    })
    await service.answer(frames, from)
    await stream.close({ signal })
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    const reason = blameFor(error)
    if (reason !== undefined) service.blame(from, reason)
  }
}
