/**
 * What the page that owns the WebRTC connections and the worker that uses them say to each other. Browsers give
 * `RTCPeerConnection` to pages only; its data channels, once made, can be transferred to a worker.
 */

/** WebRTC connections one page lends at a time: sixteen peers (`DIRECT_PEERS_MAX`) and as many attempts under way. */
export const RTC_CONNECTIONS_MAX = 32

/** A session description as it is cloned. The WebWorker library of TypeScript does not name WebRTC's types. */
export interface Description {
  readonly type: 'answer' | 'offer' | 'pranswer' | 'rollback'
  readonly sdp?: string
}

/** An ICE candidate as it is cloned. */
export interface Candidate {
  readonly candidate?: string
  readonly sdpMid?: string | null
  readonly sdpMLineIndex?: number | null
  readonly usernameFragment?: string | null
}

/** The little of a connection's configuration that Weft uses. */
export interface Configuration {
  readonly iceServers?: { readonly urls: string | string[] }[]
}

/** The options of a data channel that libp2p may pass. */
export interface ChannelOptions {
  readonly ordered?: boolean
  readonly protocol?: string
  readonly negotiated?: boolean
  readonly id?: number
}

/** The state of a connection that its stand-in in the worker shows. */
export interface ConnectionState {
  readonly connectionState: 'closed' | 'connected' | 'connecting' | 'disconnected' | 'failed' | 'new'
  readonly iceConnectionState: string
  readonly iceGatheringState: string
  readonly signalingState: string
  readonly localDescription: Description | null
  readonly remoteDescription: Description | null
}

/** Events that carry nothing but a new state. */
export const STATE_EVENTS = [
  'connectionstatechange',
  'iceconnectionstatechange',
  'icegatheringstatechange',
  'signalingstatechange',
  'negotiationneeded',
] as const

type StateEvent = (typeof STATE_EVENTS)[number]

/** A method of `RTCPeerConnection` with its argument. */
export type Call =
  | { readonly method: 'createOffer' }
  | { readonly method: 'createAnswer' }
  | { readonly method: 'setLocalDescription'; readonly description?: Description }
  | { readonly method: 'setRemoteDescription'; readonly description: Description }
  | { readonly method: 'addIceCandidate'; readonly candidate: Candidate | null }

/** Worker to page. `connection`, `channel` and `call` are numbers the worker chose. */
export type Command =
  | { readonly type: 'open'; readonly connection: number; readonly configuration: Configuration }
  | { readonly type: 'call'; readonly connection: number; readonly call: number; readonly what: Call }
  | {
      readonly type: 'channel'
      readonly connection: number
      readonly channel: number
      readonly label: string
      readonly options: ChannelOptions
    }
  | { readonly type: 'close'; readonly connection: number }

/** How a call ended: with what it returned, or with the name and message of the exception. */
export type Outcome =
  | { readonly ok: true; readonly description: Description | null }
  | { readonly ok: false; readonly name: string; readonly message: string }

/** Page to worker. */
export type Report =
  | {
      readonly type: 'state'
      readonly connection: number
      readonly event: StateEvent
      readonly state: ConnectionState
    }
  | { readonly type: 'candidate'; readonly connection: number; readonly candidate: Candidate | null }
  | {
      readonly type: 'result'
      readonly connection: number
      readonly call: number
      readonly outcome: Outcome
      readonly state: ConnectionState
    }
  | {
      readonly type: 'channel-made'
      readonly connection: number
      readonly channel: number
      readonly handle: RTCDataChannel
    }
  | { readonly type: 'channel-arrived'; readonly connection: number; readonly handle: RTCDataChannel }
  | { readonly type: 'lost'; readonly connection: number; readonly reason: string }
