/**
 * The page's side: it owns the WebRTC connections and lends them to the peer worker over a port. It knows nothing of
 * libp2p and keeps nothing but the connections themselves.
 */
import {
  RTC_CONNECTIONS_MAX,
  STATE_EVENTS,
  type Call,
  type Command,
  type ConnectionState,
  type Description,
  type Outcome,
  type Report,
} from './messages.ts'

/** What `lendRtc` gives back. */
export interface Loan {
  /** Closes every connection and the port. Call it on `pagehide`, so that peers notice at once. */
  close(): void
}

/**
 * Opens WebRTC connections on behalf of whoever holds the other end of `port`, at most `RTC_CONNECTIONS_MAX` at a
 * time, and transfers their data channels there. All of them close when the port closes.
 *
 * @param open makes a connection; a test hands in its own
 */
export function lendRtc(
  port: MessagePort,
  open: (configuration: RTCConfiguration) => RTCPeerConnection = (configuration) =>
    new RTCPeerConnection(configuration),
): Loan {
  const connections = new Map<number, RTCPeerConnection>()
  const report: Send = (message, transfer = []) => port.postMessage(message, transfer)
  const closeAll = () => {
    for (const connection of connections.values()) connection.close()
    connections.clear()
  }
  port.addEventListener('message', ({ data }: MessageEvent<Command>) => obey(data, connections, report, open))
  port.addEventListener('close', closeAll)
  port.start()
  return {
    close() {
      closeAll()
      port.close()
    },
  }
}

type Send = (message: Report, transfer?: Transferable[]) => void

function obey(
  command: Command,
  connections: Map<number, RTCPeerConnection>,
  report: Send,
  open: (configuration: RTCConfiguration) => RTCPeerConnection,
): void {
  const id = command.connection
  if (command.type === 'open') {
    if (connections.size >= RTC_CONNECTIONS_MAX) {
      report({ type: 'lost', connection: id, reason: 'too many connections' })
      return
    }
    const fresh = open(command.configuration)
    connections.set(id, fresh)
    watch(id, fresh, connections, report)
    return
  }
  const connection = connections.get(id)
  if (connection === undefined) {
    // The two sides closed it at the same time; whatever waits for an answer must not wait for ever.
    if (command.type !== 'close') report({ type: 'lost', connection: id, reason: 'the connection is closed' })
    return
  }
  if (command.type === 'close') {
    connections.delete(id)
    connection.close()
  } else if (command.type === 'channel') {
    makeChannel(command, connection, report)
  } else {
    void answer(command.call, command.what, id, connection, report)
  }
}

function watch(
  id: number,
  connection: RTCPeerConnection,
  connections: Map<number, RTCPeerConnection>,
  report: Send,
): void {
  for (const event of STATE_EVENTS) {
    connection.addEventListener(event, () => {
      report({ type: 'state', connection: id, event, state: stateOf(connection) })
      if (connection.connectionState === 'closed') connections.delete(id)
    })
  }
  const noticeGoodbye = ({ target }: Event) => {
    if ((target as RTCDtlsTransport).state !== 'closed' || !connections.delete(id)) return
    connection.close()
    report({ type: 'lost', connection: id, reason: 'the peer closed it' })
  }
  connection.addEventListener('connectionstatechange', () => {
    // Chromium: where the other side closes its connection, this alone says so at once, and the rest after seconds
    connection.sctp?.transport.addEventListener('statechange', noticeGoodbye)
  })
  connection.addEventListener('icecandidate', ({ candidate }) => {
    report({ type: 'candidate', connection: id, candidate: candidate?.toJSON() ?? null })
  })
  connection.addEventListener('datachannel', ({ channel }) => {
    // Chromium transfers a data channel only in the task that made it: this event's.
    hand({ type: 'channel-arrived', connection: id, handle: channel }, connection, report)
  })
}

function makeChannel(
  { connection: id, channel, label, options }: Extract<Command, { type: 'channel' }>,
  connection: RTCPeerConnection,
  report: Send,
): void {
  try {
    const handle = connection.createDataChannel(label, options)
    hand({ type: 'channel-made', connection: id, channel, handle }, connection, report)
  } catch (error) {
    report({ type: 'lost', connection: id, reason: failure(error).message })
  }
}

/** Transfers a data channel. A browser that cannot do so loses the connection, and the peer stays with its relay. */
function hand(
  message: Extract<Report, { handle: RTCDataChannel }>,
  connection: RTCPeerConnection,
  report: Send,
): void {
  try {
    report(message, [message.handle])
  } catch (error) {
    connection.close()
    report({ type: 'lost', connection: message.connection, reason: failure(error).message })
  }
}

async function answer(
  call: number,
  what: Call,
  id: number,
  connection: RTCPeerConnection,
  report: Send,
): Promise<void> {
  let outcome: Outcome
  try {
    outcome = { ok: true, description: await perform(what, connection) }
  } catch (error) {
    outcome = { ok: false, ...failure(error) }
  }
  report({ type: 'result', connection: id, call, outcome, state: stateOf(connection) })
}

async function perform(what: Call, connection: RTCPeerConnection): Promise<Description | null> {
  switch (what.method) {
    case 'createOffer':
      return plain(await connection.createOffer())
    case 'createAnswer':
      return plain(await connection.createAnswer())
    case 'setLocalDescription':
      await connection.setLocalDescription(what.description)
      return null
    case 'setRemoteDescription':
      await connection.setRemoteDescription(what.description)
      return null
    case 'addIceCandidate':
      await connection.addIceCandidate(what.candidate)
      return null
  }
}

function stateOf(connection: RTCPeerConnection): ConnectionState {
  const { connectionState, iceConnectionState, iceGatheringState, signalingState } = connection
  return {
    connectionState,
    iceConnectionState,
    iceGatheringState,
    signalingState,
    localDescription: connection.localDescription && plain(connection.localDescription),
    remoteDescription: connection.remoteDescription && plain(connection.remoteDescription),
  }
}

function plain({ type, sdp }: RTCSessionDescriptionInit): Description {
  return sdp === undefined ? { type } : { type, sdp }
}

function failure(error: unknown): { name: string; message: string } {
  return error instanceof Error || error instanceof DOMException
    ? { name: error.name, message: error.message }
    : { name: 'OperationError', message: String(error) }
}
