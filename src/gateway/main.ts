/** `npm start`: serves the built app and runs a relay, in one process. */
import { networkInterfaces } from 'node:os'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import encodeQR from 'qr'
import { answerer, readSite } from './files.ts'
import { isLoopback, type GatewayOptions } from './options.ts'
import { codeOf, fail, optionsOfProcess, readTls, untilStopped, wallClock } from './process.ts'
import { startRelay } from './relay.ts'
import { serveHttp } from './serve.ts'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

async function main(options: GatewayOptions): Promise<void> {
  const site = await readSite(DIST)
  const tls = await readTls(options)
  const secure = tls === undefined ? {} : { tls }
  const relay = await startRelay({
    host: options.host,
    port: options.relayPort,
    clock: wallClock,
    ...secure,
  })
  try {
    const { host, port, portChosen } = options
    const answer = answerer(site, () => relay.multiaddrs)
    const app = await serveHttp(answer, { host, port, portChosen, ...secure })
    untilStopped(async () => {
      await Promise.all([app.stop(), relay.stop()])
    })
    process.stdout.write(greeting(options, app.port))
  } catch (error) {
    await relay.stop()
    throw error
  }
}

/** What to open where. A network address and its QR code only with TLS: to a phone, nothing else is of use. */
function greeting({ host, port, tls }: GatewayOptions, bound: number): string {
  const scheme = tls === undefined ? 'http' : 'https'
  const moved = bound === port || port === 0 ? '' : `Port ${port} is taken. `
  if (isLoopback(host)) return `${moved}Weft is at ${scheme}://localhost:${bound}/\n`
  if (tls === undefined) {
    return `${moved}Weft listens on ${host}, port ${bound}, without TLS: open it on this machine, at http://localhost:${bound}/. Other devices need --tls-cert and --tls-key.\n`
  }
  const url = `https://${reachable(host)}:${bound}/`
  return `${moved}Weft is at ${url}\n${encodeQR(url, 'term')}\n`
}

/** `host`, or this machine's first address in its network where `host` means all of them. */
function reachable(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host.includes(':') ? `[${host}]` : host
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? 'localhost'
}

/** What went wrong at the start, and what to do. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (codeOf(error) === 'EADDRINUSE') return `${message}. Choose another with --port or --relay-port.`
  if (codeOf(error) === 'ENOENT' && message.includes(DIST)) return 'The app is not built yet: npm run build.'
  return `Weft did not start: ${message}`
}

const options = optionsOfProcess()
if (options !== undefined) await main(options).catch((error: unknown) => fail(explain(error)))
