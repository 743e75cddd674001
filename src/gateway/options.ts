import { parseArgs } from 'node:util'

/** How the gateway is to run. */
export interface GatewayOptions {
  /** The address or name to listen on. */
  readonly host: string
  readonly port: number
  /** True where a person chose the port: then no other will do. */
  readonly portChosen: boolean
  /** 0 for any free port. */
  readonly relayPort: number
  /** Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** What a command line asks for. `bad` says what is wrong, for people. */
export type Parsed =
  | { readonly type: 'run'; readonly options: GatewayOptions }
  | { readonly type: 'help' }
  | { readonly type: 'bad'; readonly problem: Problem; readonly message: string }

type Problem = 'unknown-flag' | 'bad-port' | 'half-tls'

const LOOPBACK = '127.0.0.1'
const PORT = 8080

export const HELP = `Serves the Weft app, and a relay through which its peers find each other.

  --port N        port of the app; ${PORT} or the next free one
  --relay-port N  port of the relay; any free one
  --host H        address or name to listen on; ${LOOPBACK}. Other devices reach the app by it, and they
                  need TLS: browsers give sensors and keys to secure pages only
  --tls-cert F    certificate, a PEM file
  --tls-key F     its private key, a PEM file
  --help          this text

Each can be set in the environment instead: WEFT_PORT, WEFT_RELAY_PORT, WEFT_HOST, WEFT_TLS_CERT, WEFT_TLS_KEY.
`

/** Reads a command line (without the program's own name): flags before the environment before the defaults. */
export function parseOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed {
  let flags
  try {
    flags = parseArgs({
      args: [...argv],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'relay-port': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    return {
      type: 'bad',
      problem: 'unknown-flag',
      message: error instanceof Error ? error.message : String(error),
    }
  }
  if (flags.help === true) return { type: 'help' }
  const portText = flags.port ?? env.WEFT_PORT
  const port = portOf(portText ?? String(PORT))
  const relayPort = portOf(flags['relay-port'] ?? env.WEFT_RELAY_PORT ?? '0')
  if (port === undefined || relayPort === undefined) {
    return { type: 'bad', problem: 'bad-port', message: 'A port is a number from 0 to 65535.' }
  }
  const host = flags.host ?? env.WEFT_HOST ?? LOOPBACK
  const cert = flags['tls-cert'] ?? env.WEFT_TLS_CERT
  const key = flags['tls-key'] ?? env.WEFT_TLS_KEY
  const common = { host, port, portChosen: portText !== undefined, relayPort }
  if (cert !== undefined && key !== undefined)
    return { type: 'run', options: { ...common, tls: { cert, key } } }
  if (cert === undefined && key === undefined) return { type: 'run', options: common }
  return { type: 'bad', problem: 'half-tls', message: 'TLS needs both a certificate and its key.' }
}

/** Whether only this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function portOf(text: string): number | undefined {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : undefined
}
