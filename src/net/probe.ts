import type { Connection } from '@libp2p/interface'
import type { Libp2pNode } from './libp2p.ts'

/** libp2p's ping. Nothing need answer it: that a peer refuses the protocol is a sign of life too. */
const PING = '/ipfs/ping/1.0.0'

/**
 * Asks every connection for a sign of life now and aborts those that give none within `timeoutMs`. A device that slept
 * or changed its network has lost connections without a word. Never rejects.
 */
export async function probe(node: Libp2pNode, timeoutMs: number): Promise<void> {
  await Promise.all(node.getConnections().map((connection) => probeOne(connection, timeoutMs)))
}

async function probeOne(connection: Connection, timeoutMs: number): Promise<void> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const stream = await connection.newStream(PING, { signal, runOnLimitedConnection: true })
    stream.abort(new Error('The peer lives.'))
  } catch (error) {
    if (error instanceof Error && error.name === 'UnsupportedProtocolError') return
    connection.abort(new Error('The peer gives no sign of life.', { cause: error }))
  }
}
