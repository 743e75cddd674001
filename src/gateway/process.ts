import { readFile } from 'node:fs/promises'
import process from 'node:process'
import type { Clock } from '../ports.ts'
import { lineOf } from './errors.ts'
import { helpOf, type Command } from './flags.ts'
import { keptKey } from './identity.ts'
import { parseOptions, type GatewayOptions } from './options.ts'
import { startRelay, type Relay } from './relay.ts'

/** The machine's clock. */
const wallClock: Clock = { nowMs: () => Date.now() }

/** The options this process was started with, or `undefined` where it has said all there is to say. */
export function optionsOfProcess(command: Command): GatewayOptions | undefined {
  const parsed = parseOptions(command, process.argv.slice(2), process.env)
  if (parsed.type === 'run') return parsed.options
  if (parsed.type === 'help') {
    process.stdout.write(helpOf(command))
  } else {
    process.stderr.write(`${parsed.message} --help lists what can be set.\n`)
    process.exitCode = 2
  }
  return undefined
}

/** PEM texts for servers that speak TLS. */
export interface TlsTexts {
  readonly cert: string
  readonly key: string
}

/** The PEM texts of the options' files. Rejects where one cannot be read. */
export async function readTls({ tls }: GatewayOptions): Promise<TlsTexts | undefined> {
  if (tls === undefined) return undefined
  const [cert, key] = await Promise.all([readFile(tls.cert, 'utf8'), readFile(tls.key, 'utf8')])
  return { cert, key }
}

/** Starts the relay the options ask for, with its kept key. Rejects where the key is damaged, or it cannot listen. */
export async function relayOf(options: GatewayOptions, tls: TlsTexts | undefined): Promise<Relay> {
  const privateKey = options.data === undefined ? undefined : await keptKey(options.data)
  return startRelay({
    ...options.relay,
    clock: wallClock,
    ...(privateKey && { privateKey }),
    ...(tls && { tls }),
  })
}

/** How long invitations that name the relay will do, for people. */
export function lastingOf({ data }: GatewayOptions): string {
  return data === undefined
    ? "The relay's key is new: invitations that name it end when it stops. --data FOLDER keeps it."
    : `The relay's key is kept in ${data}.`
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
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`It did not stop in good order: ${lineOf(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

/** Ends the process with one sentence about what went wrong. */
export function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}
