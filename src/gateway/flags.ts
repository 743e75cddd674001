/** What can be set when the gateway starts: on the command line, or else in the environment, or else by default. */
import { parseArgs, type ParseArgsConfig } from 'node:util'

/** `start` serves the app and runs a relay; `relay` is the relay alone. */
export type Command = 'start' | 'relay'

/** Why a command line was refused. */
export type Problem =
  'unknown-flag' | 'bad-port' | 'bad-address' | 'bad-number' | 'bad-folder' | 'half-tls' | 'listen-twice'

/** `message` says what is wrong, for people, on one line. */
export interface Bad {
  readonly type: 'bad'
  readonly problem: Problem
  readonly message: string
}

/** The app's port, and the relay's `/health` and `/metrics`: these, or the next free one. */
export const APP_PORT = 8080
export const STATUS_PORT = 9339

/** The relay's port where its key is kept: invitations name both. On a telephone's keys it spells WEFT. */
export const RELAY_PORT = 9338

/** Peers that can be reached through a relay at a time. libp2p's 15 are used up by one class of pupils. */
export const RESERVATIONS_DEFAULT = 512

/** What one process can serve: each reservation holds a connection open. */
export const RESERVATIONS_CEILING = 65_536

export const LOOPBACK = '127.0.0.1'

type Name =
  | 'port'
  | 'listen'
  | 'relay-port'
  | 'host'
  | 'http'
  | 'announce'
  | 'data'
  | 'max-reservations'
  | 'tls-cert'
  | 'tls-key'

interface Flag {
  /** What stands for its value in the help. */
  readonly takes: string
  readonly text: string
  /** Its default, for people. */
  readonly otherwise: string
  /** The one command that has it. */
  readonly only?: Command
  /** Can be given again; in the environment, values are separated by spaces or commas. */
  readonly many?: true
}

const FLAGS: Readonly<Record<Name, Flag>> = {
  port: { takes: 'N', text: 'port of the app', otherwise: `${APP_PORT} or the next free one`, only: 'start' },
  listen: {
    takes: 'ADDRESS',
    text: 'where the relay listens, as host:port or a multiaddr; can be repeated',
    otherwise: '--host and --relay-port',
    only: 'relay',
    many: true,
  },
  'relay-port': {
    takes: 'N',
    text: 'port of the relay',
    otherwise: `${RELAY_PORT} with --data, else any free one`,
  },
  host: {
    takes: 'HOST',
    text: 'address or name to listen on. Other devices need TLS: browsers give sensors and keys to secure pages only',
    otherwise: LOOPBACK,
  },
  http: {
    takes: 'ADDRESS',
    text: 'host:port of /health and /metrics, which have no TLS and no password',
    otherwise: `${LOOPBACK}:${STATUS_PORT} or the next free port`,
    only: 'relay',
  },
  announce: {
    takes: 'MULTIADDR',
    text: 'what clients dial, such as /dns4/relay.example/tcp/443/wss; can be repeated',
    otherwise: 'where the relay listens',
    many: true,
  },
  data: {
    takes: 'FOLDER',
    text: "keeps the relay's key, so that invitations which name it last",
    otherwise: 'none, and the key is new each time',
  },
  'max-reservations': {
    takes: 'N',
    text: 'peers that can be reached through the relay at a time',
    otherwise: String(RESERVATIONS_DEFAULT),
  },
  'tls-cert': { takes: 'FILE', text: 'certificate, in PEM', otherwise: 'none' },
  'tls-key': { takes: 'FILE', text: 'its private key, in PEM', otherwise: 'none' },
}

const ABOUT: Readonly<Record<Command, string>> = {
  start: 'Serves the Weft app, and a relay through which its peers find each other.',
  relay: 'Runs a relay, through which peers find each other. It sees no block.',
}

/** The variable that sets what a flag sets. */
function variableOf(name: string): string {
  return `WEFT_${name.toUpperCase().replaceAll('-', '_')}`
}

function flagsOf(command: Command): [Name, Flag][] {
  const all = Object.entries(FLAGS) as [Name, Flag][]
  return all.filter(([, { only }]) => only === undefined || only === command)
}

/** Everything `command` understands, with defaults and the names in the environment. */
export function helpOf(command: Command): string {
  const lines = flagsOf(command).map(
    ([name, { takes, text, otherwise }]) =>
      `  --${name} ${takes}\n      ${text}\n      environment: ${variableOf(name)}; default: ${otherwise}\n`,
  )
  return `${ABOUT[command]}\n\n${lines.join('')}  --help\n      this text\n\nA flag goes before the environment, and that before the default.\n`
}

/** Texts by the names of flags. Keeps the first thing found wrong. */
export class Settings {
  readonly #flags: Readonly<Record<string, unknown>>
  readonly #env: Readonly<Record<string, string | undefined>>
  #bad: Bad | undefined

  constructor(flags: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string | undefined>>) {
    this.#flags = flags
    this.#env = env
  }

  /** The first problem that was reported. */
  get bad(): Bad | undefined {
    return this.#bad
  }

  /** Whether the command line itself has this flag. */
  isFlag(name: Name): boolean {
    return this.#flags[name] !== undefined
  }

  /** What is set; an empty variable counts as none. */
  one(name: Name): string | undefined {
    const flag = this.#flags[name]
    return typeof flag === 'string' ? flag : this.#env[variableOf(name)] || undefined
  }

  /** All that is set of what can be repeated. */
  many(name: Name): readonly string[] {
    const flag = this.#flags[name]
    if (Array.isArray(flag)) return flag.map(String)
    return (this.#env[variableOf(name)] ?? '').split(/[\s,]+/).filter((text) => text !== '')
  }

  /** Takes note that what is set for `name` is not `wanted`, a sentence's end such as `a port`. */
  refuse(name: Name, problem: Problem, wanted: string): void {
    const from = this.isFlag(name) ? `--${name}` : variableOf(name)
    this.#bad ??= { type: 'bad', problem, message: `${from} needs ${wanted}.` }
  }
}

/** Reads a command line, without the program's own name. */
export function readFlags(
  command: Command,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings | Bad | { readonly type: 'help' } {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean' } }
  for (const [name, { many }] of flagsOf(command)) options[name] = { type: 'string', multiple: many ?? false }
  try {
    const { values } = parseArgs({ args: [...argv], options })
    return values.help === true ? { type: 'help' } : new Settings(values, env)
  } catch (error) {
    // Node explains at length; its first sentence has it all.
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\.?\n/)
    return { type: 'bad', problem: 'unknown-flag', message: `${first}.` }
  }
}
