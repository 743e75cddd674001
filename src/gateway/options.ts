import { endpointOf, isAnnounceable, listenOf, portOf, type Endpoint } from './endpoint.ts'
import {
  APP_PORT,
  LOOPBACK,
  readFlags,
  RELAY_PORT,
  RESERVATIONS_CEILING,
  RESERVATIONS_DEFAULT,
  Settings,
  STATUS_PORT,
  type Bad,
  type Command,
} from './flags.ts'

/** How the gateway is to run. */
export interface GatewayOptions {
  /** Where HTTP is served: the app, or a relay's health and figures. */
  readonly http: Endpoint & {
    /** True where a person chose the port: then no other will do. */
    readonly portChosen: boolean
  }
  readonly relay: {
    /** At least one. */
    readonly listen: readonly Endpoint[]
    /** Multiaddrs without an id, told to clients in place of where the relay listens; empty for the latter. */
    readonly announce: readonly string[]
    readonly maxReservations: number
  }
  /** The folder of the relay's key. Without it, the key is new each time. */
  readonly data?: string
  /** Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** What a command line asks for. */
export type Parsed =
  { readonly type: 'run'; readonly options: GatewayOptions } | { readonly type: 'help' } | Bad

/** Reads a command line (without the program's own name): flags before the environment before the defaults. */
export function parseOptions(
  command: Command,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed {
  const settings = readFlags(command, argv, env)
  if (!(settings instanceof Settings)) return settings
  const cert = settings.one('tls-cert')
  const key = settings.one('tls-key')
  if ((cert === undefined) !== (key === undefined)) {
    return { type: 'bad', problem: 'half-tls', message: 'TLS needs both a certificate and its key.' }
  }
  const data = settings.one('data')
  if (data === '') settings.refuse('data', 'bad-folder', 'the path of a folder')
  const options: GatewayOptions = {
    http: command === 'start' ? appAt(settings) : statusAt(settings),
    relay: {
      listen: command === 'start' ? [relayAt(settings)] : listensAt(settings, cert !== undefined),
      announce: announced(settings),
      maxReservations: reservations(settings),
    },
    ...(data !== undefined && { data }),
    ...(cert !== undefined && key !== undefined && { tls: { cert, key } }),
  }
  return settings.bad ?? { type: 'run', options }
}

function hostOf(settings: Settings): string {
  const host = settings.one('host') ?? LOOPBACK
  if (host === '') settings.refuse('host', 'bad-address', 'an address or a name')
  return host
}

function portAt(settings: Settings, name: 'port' | 'relay-port', otherwise: number): number {
  const text = settings.one(name)
  if (text === undefined) return otherwise
  const port = portOf(text)
  if (port === undefined) settings.refuse(name, 'bad-port', 'a port, a number from 0 to 65535')
  return port ?? otherwise
}

function appAt(settings: Settings): GatewayOptions['http'] {
  const portChosen = settings.one('port') !== undefined
  return { host: hostOf(settings), port: portAt(settings, 'port', APP_PORT), portChosen }
}

function statusAt(settings: Settings): GatewayOptions['http'] {
  const text = settings.one('http')
  const endpoint = text === undefined ? { host: LOOPBACK, port: STATUS_PORT } : endpointOf(text)
  if (endpoint === undefined) settings.refuse('http', 'bad-address', 'host:port')
  return { ...(endpoint ?? { host: LOOPBACK, port: 0 }), portChosen: text !== undefined }
}

function relayAt(settings: Settings): Endpoint {
  // Who keeps the key wants the same address again.
  const otherwise = settings.one('data') === undefined ? 0 : RELAY_PORT
  return { host: hostOf(settings), port: portAt(settings, 'relay-port', otherwise) }
}

function listensAt(settings: Settings, secure: boolean): readonly Endpoint[] {
  const isPlaced = settings.isFlag('host') || settings.isFlag('relay-port')
  if (isPlaced && settings.isFlag('listen')) {
    settings.refuse('listen', 'listen-twice', 'no --host and no --relay-port beside it')
  }
  const texts = isPlaced ? [] : settings.many('listen')
  if (texts.length === 0) return [relayAt(settings)]
  const wanted = `host:port, or a multiaddr such as /ip4/0.0.0.0/tcp/${RELAY_PORT}/${secure ? 'tls/ws' : 'ws'}`
  return texts.flatMap((text) => {
    const endpoint = listenOf(text, secure)
    if (endpoint === undefined) settings.refuse('listen', 'bad-address', wanted)
    return endpoint ?? []
  })
}

function announced(settings: Settings): readonly string[] {
  const texts = settings.many('announce')
  if (!texts.every(isAnnounceable)) {
    const wanted = 'a multiaddr that ends in /ws or /wss: the relay adds its own id'
    settings.refuse('announce', 'bad-address', wanted)
  }
  return texts
}

function reservations(settings: Settings): number {
  const text = settings.one('max-reservations')
  if (text === undefined) return RESERVATIONS_DEFAULT
  const count = Number(text)
  if (!/^\d+$/.test(text) || count < 1 || count > RESERVATIONS_CEILING) {
    settings.refuse('max-reservations', 'bad-number', `a number from 1 to ${RESERVATIONS_CEILING}`)
  }
  return count
}
