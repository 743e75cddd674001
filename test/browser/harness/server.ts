/**
 * The servers a test needs, each on a port of its own, so that a test may stop or kill it: the app's server, the relay
 * alone, and the gateway that is both in one process, as `npm start` runs it.
 */
import { join } from 'node:path'
import { answerer, readSite } from '../../../src/gateway/files.ts'
import { serveHttp } from '../../../src/gateway/serve.ts'
import { freePort, ROOT, startNode, type Running } from './process.ts'

const LOOPBACK = '127.0.0.1'

/** The built app, as `npm run build` leaves it. */
const BUILT_APP = join(ROOT, 'dist')

export interface AppServerOptions {
  /** To come back at an address a page was loaded from. A free one by default. */
  readonly port?: number
  /** The folder to serve; the built app by default. */
  readonly folder?: string
  /** What `/relay.json` names; no relay by default. */
  readonly relays?: readonly string[]
}

export interface AppServer {
  /** `http://localhost:<port>/`, a secure context. */
  readonly url: string
  readonly port: number
  /** Harmless when it has stopped already. */
  stop(): Promise<void>
}

/** Serves the built app with the gateway's own code and headers, and without a relay of its own. */
export async function startAppServer(options: AppServerOptions = {}): Promise<AppServer> {
  const site = await readSite(options.folder ?? BUILT_APP)
  const serving = await serveHttp(
    answerer(site, () => options.relays ?? []),
    { host: LOOPBACK, port: options.port ?? 0, portChosen: true },
  )
  let stopped: Promise<void> | undefined
  return {
    url: `http://localhost:${serving.port}/`,
    port: serving.port,
    stop: () => (stopped ??= serving.stop()),
  }
}

export interface Relay extends Running {
  /** Where it is reached, its peer id included. */
  readonly multiaddr: string
  readonly port: number
}

/**
 * Starts the relay alone, as `npm run relay` does, on a port that was there before or a free one. With a `folder` it
 * keeps its key there, made where there is none; the folder it is in must be there.
 */
export async function startRelay(port?: number, folder?: string): Promise<Relay> {
  const chosen = port ?? (await freePort())
  const running = await startNode(
    [
      'src/gateway/relay-main.ts',
      '--relay-port',
      String(chosen),
      ...(folder === undefined ? [] : ['--data', folder]),
    ],
    /\/(?:ip4|dns4)\/\S+\/p2p\/\w+/,
  )
  return { ...running, port: chosen, multiaddr: running.ready[0] }
}

export interface Gateway extends Running {
  readonly url: string
}

/** Starts the gateway as `npm start` does: the app and a relay in one process. */
export async function startGateway(): Promise<Gateway> {
  const port = await freePort()
  const running = await startNode(['src/gateway/main.ts', '--port', String(port)], /Weft is at \S+/)
  return { ...running, url: `http://localhost:${port}/` }
}
