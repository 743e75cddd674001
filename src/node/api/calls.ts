/** What all calls of the api have in common. */

export interface CallOptions {
  readonly signal?: AbortSignal
  /** 0 … 1, now and then, for calls that take long. */
  readonly onProgress?: (done: number) => void
}

export type ApiErrorKind =
  | 'bad-input'
  | 'bad-invitation'
  | 'unknown-thing'
  | 'unknown-block'
  | 'cannot-pay'
  /** More than the app may pay without its person: see `AllowanceView`. */
  | 'over-limit'
  | 'cannot-pair'
  | 'storage-full'
  | 'cancelled'
  | 'peer-moved'
  | 'locked'
  | 'wrong-secret'
  | 'wait'
  | 'bad-words'
  | 'bad-backup'
  | 'not-backed-up'
  | 'failed'

/** The only error a call rejects with. `message` is for people: what happened, what was kept, what to do. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind
  constructor(kind: ApiErrorKind, message: string) {
    super(message)
    this.name = 'ApiError'
    this.kind = kind
  }
}
