/** `npm run relay`: the relay alone. */
import process from 'node:process'
import type { GatewayOptions } from './options.ts'
import { fail, optionsOfProcess, readTls, untilStopped, wallClock } from './process.ts'
import { startRelay } from './relay.ts'

async function main(options: GatewayOptions): Promise<void> {
  const tls = await readTls(options)
  const relay = await startRelay({
    host: options.host,
    port: options.relayPort,
    clock: wallClock,
    ...(tls && { tls }),
  })
  untilStopped(() => relay.stop())
  process.stdout.write(`${relay.multiaddrs.join('\n')}\n`)
}

const options = optionsOfProcess()
if (options !== undefined) {
  await main(options).catch((error: unknown) => {
    fail(`The relay did not start: ${error instanceof Error ? error.message : String(error)}`)
  })
}
