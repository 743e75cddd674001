/** The code of a system error, such as `EADDRINUSE`; `undefined` for any other. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Why listening failed, in the system's words: its code and the address; `undefined` for any other error. */
export interface ListenFailure {
  readonly code: string
  /** As in `address already in use 127.0.0.1:8080`. */
  readonly what: string
}

/** Finds the reason in what Node or libp2p rejects with; libp2p has it in the middle of a long message. */
export function listenFailureOf(error: unknown): ListenFailure | undefined {
  const message = error instanceof Error ? error.message : ''
  const [, code, what] = /\blisten (E[A-Z]+): ([^\n]+)/.exec(message) ?? []
  return code === undefined || what === undefined ? undefined : { code, what }
}

/** What an error says, on one line. */
export function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.trim().replaceAll(/\s*\n\s*/g, ' ')
}
