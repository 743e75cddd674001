import { readFile } from 'node:fs/promises'
import process from 'node:process'
import type { Clock } from '../ports.ts'
import { HELP, parseOptions, type GatewayOptions } from './options.ts'

/** The machine's clock. */
export const wallClock: Clock = { nowMs: () => Date.now() }

/** The options this process was started with, or `undefined` where it has said all there is to say. */
export function optionsOfProcess(): GatewayOptions | undefined {
  const parsed = parseOptions(process.argv.slice(2), process.env)
  if (parsed.type === 'run') return parsed.options
  if (parsed.type === 'help') {
    process.stdout.write(HELP)
  } else {
    process.stderr.write(`${parsed.message} --help lists what can be set.\n`)
    process.exitCode = 2
  }
  return undefined
}

/** The PEM texts of the options' files. Rejects where one cannot be read. */
export async function readTls({ tls }: GatewayOptions): Promise<{ cert: string; key: string } | undefined> {
  if (tls === undefined) return undefined
  const [cert, key] = await Promise.all([readFile(tls.cert, 'utf8'), readFile(tls.key, 'utf8')])
  return { cert, key }
}

/**
 * Runs `stop` at the first SIGINT or SIGTERM, and ends the process at once at the second. A promise that libp2p left
 * unhandled is written down and survived: one peer's broken stream must not end everyone's relay.
 */
export function untilStopped(stop: () => Promise<void>): void {
  process.on('unhandledRejection', (reason) => {
    process.stderr.write(
      `Unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`,
    )
  })
  let stopping = false
  const onSignal = () => {
    if (stopping) process.exit(1)
    stopping = true
    void stop().then(() => process.exit(0))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

/** Ends the process with one sentence about what went wrong. */
export function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}

/** The code of a system error, such as `EADDRINUSE`; `undefined` for any other. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
