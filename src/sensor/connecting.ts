/** Connecting to a Bluetooth device, which may never answer. */
import type { GattServer } from './gatt.ts'
import type { SensorTime } from './sensor.ts'
import { after } from './timers.ts'

/** Some systems wait for an absent device for ever; a present one answers within a few seconds. */
export const CONNECT_TIMEOUT_MS = 20_000

/**
 * Connects, and does `first` with the connection. Rejects as they do, and with a `DOMException`: `TimeoutError` where both
 * together take longer than `CONNECT_TIMEOUT_MS`, `AbortError` once `ended` is aborted. What the browser is trying then
 * goes on until the caller disconnects.
 */
export async function connect<T>(
  gatt: GattServer,
  time: Pick<SensorTime, 'after'>,
  ended: AbortSignal,
  first: (server: GattServer) => Promise<T>,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(new DOMException('The device did not answer in time.', 'TimeoutError'))
  const onAbort = () => reject(new DOMException('It is not wanted any more.', 'AbortError'))
  const work = async () => {
    const server = await gatt.connect()
    ended.throwIfAborted()
    return first(server)
  }
  ended.throwIfAborted()
  const cancel = after(time, CONNECT_TIMEOUT_MS, ended, giveUp)
  ended.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work(), promise])
  } finally {
    cancel()
    ended.removeEventListener('abort', onAbort)
  }
}
