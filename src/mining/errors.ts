/**
 * `busy`: too many tasks wait already. `closed`: the miner was closed. `exhausted`: no nonce there is wins.
 * `failed`: the worker crashed or could not load its kernel; the next task starts a fresh one.
 */
export type MinerErrorKind = 'busy' | 'closed' | 'exhausted' | 'failed'

/** What a miner rejects with, besides the reason of a task's own signal. */
export class MinerError extends Error {
  readonly kind: MinerErrorKind
  constructor(kind: MinerErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MinerError'
    this.kind = kind
  }
}
