/** `npm start`: serves the built app and runs a relay, in one process. */
import { networkInterfaces } from 'node:os'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import encodeQR from 'qr'
import { isLoopback } from './endpoint.ts'
import { codeOf, lineOf, listenFailureOf } from './errors.ts'
import { answerer, readSite } from './files.ts'
import type { GatewayOptions } from './options.ts'
import { fail, lastingOf, optionsOfProcess, readTls, relayOf, untilStopped } from './process.ts'
import { serveHttp } from './serve.ts'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

async function main(options: GatewayOptions): Promise<void> {
  const site = await readSite(DIST)
  const tls = await readTls(options)
  const relay = await relayOf(options, tls)
  try {
    const answer = answerer(site, () => relay.multiaddrs)
    const app = await serveHttp(answer, { ...options.http, ...(tls && { tls }) })
    untilStopped(async () => {
      await Promise.all([app.stop(), relay.drain()])
    })
    process.stdout.write(`${welcome(options, app.port)}${lastingOf(options)}\n`)
  } catch (error) {
    await relay.stop()
    throw error
  }
}

/** What to open where. A network address and its QR code only with TLS: to a phone, nothing else is of use. */
function welcome({ http: { host, port }, tls }: GatewayOptions, bound: number): string {
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
  const failure = listenFailureOf(error)
  if (failure?.code === 'EADDRINUSE') {
    return `Weft did not start: ${failure.what}. Choose another port with --port or --relay-port.`
  }
  if (codeOf(error) === 'ENOENT' && lineOf(error).includes(DIST))
    return 'The app is not built yet: npm run build.'
  return `Weft did not start: ${failure?.what ?? lineOf(error)}`
}

const options = optionsOfProcess('start')
if (options !== undefined) await main(options).catch((error: unknown) => fail(explain(error)))
