/** `npm run relay`: the relay alone, with its health and figures. */
import process from 'node:process'
import encodeQR from 'qr'
import { isLoopback } from './endpoint.ts'
import { lineOf, listenFailureOf } from './errors.ts'
import type { GatewayOptions } from './options.ts'
import { fail, lastingOf, optionsOfProcess, readTls, relayOf, untilStopped } from './process.ts'
import type { Relay } from './relay.ts'
import { serveHttp, type Serving } from './serve.ts'
import { statusAnswerer } from './status.ts'

async function main(options: GatewayOptions): Promise<void> {
  const relay = await relayOf(options, await readTls(options))
  try {
    const status = await serveHttp(statusAnswerer(relay), options.http)
    untilStopped(async () => {
      process.stdout.write('The relay stops: nobody new is let in. A second signal ends it at once.\n')
      await relay.drain()
      await status.stop()
    })
    process.stdout.write(greeting(options, relay, status))
  } catch (error) {
    await relay.stop()
    throw error
  }
}

/** The relay's addresses with a QR code of the first, those of use to other devices before the others. */
function greeting(options: GatewayOptions, { multiaddrs }: Relay, { port }: Serving): string {
  const isFar = (address: string) => !isLoopback(address.split('/', 3)[2] ?? '')
  const sorted = [...multiaddrs].sort((a, b) => Number(isFar(b)) - Number(isFar(a)))
  const { host } = options.http
  const status = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return [
    ...sorted,
    encodeQR(sorted[0] ?? '', 'term'),
    `Health and figures: ${status}/health and ${status}/metrics`,
    lastingOf(options),
    '',
  ].join('\n')
}

/** What went wrong at the start, and what to do. */
function explain(error: unknown): string {
  const failure = listenFailureOf(error)
  if (failure?.code !== 'EADDRINUSE') return `The relay did not start: ${failure?.what ?? lineOf(error)}`
  return `The relay did not start: ${failure.what}. Choose another port with --listen, --relay-port or --http.`
}

const options = optionsOfProcess('relay')
if (options !== undefined) await main(options).catch((error: unknown) => fail(explain(error)))
