import type { Stranger } from '../ports.ts'

/**
 * What went wrong with a request to a peer. `bad-request`: this node asked for more than a message may name.
 * `not-connected`: there is no direct connection. `lost-peer`: it went during the request. `silent`: not one whole frame
 * came in time; `timeout`: some did. `malformed`,
 * `too-much`, `not-asked-for` and `not-converging`: the peer broke the protocol, and has been blamed for it. `stranger`: it
 * is of another network or version. `stopped`: the transport is not running.
 */
export type TransportErrorKind =
  | 'bad-request'
  | 'not-connected'
  | 'lost-peer'
  | 'silent'
  | 'timeout'
  | 'malformed'
  | 'too-much'
  | 'not-asked-for'
  | 'not-converging'
  | 'stranger'
  | 'stopped'

/** The only error a transport rejects with, but for the reason of a caller's own signal. */
export class TransportError extends Error {
  readonly kind: TransportErrorKind
  constructor(kind: TransportErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TransportError'
    this.kind = kind
  }
}

/** An exchange that showed that the peer is a stranger. */
export class StrangerError extends TransportError {
  readonly stranger: Stranger
  constructor(stranger: Stranger) {
    super('stranger', `The peer is a stranger: ${stranger.type}.`)
    this.stranger = stranger
  }
}
