/**
 * What went wrong with a request to a peer. `bad-request`: this node asked for more than a message may name.
 * `not-connected`: there is no direct connection. `lost-peer`: it went during the request. `malformed` and `too-much`:
 * the peer broke the protocol, and has been blamed for it. `stopped`: the transport is not running.
 */
export type TransportErrorKind =
  'bad-request' | 'not-connected' | 'lost-peer' | 'timeout' | 'malformed' | 'too-much' | 'stopped'

/** The only error a transport rejects with, but for the reason of a caller's own signal. */
export class TransportError extends Error {
  readonly kind: TransportErrorKind
  constructor(kind: TransportErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TransportError'
    this.kind = kind
  }
}
