/** How much memory this process holds on to. Runs in Node. */
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of the heap and of all arrays outside it, with nothing left to collect. */
export async function bytesUsed(): Promise<number> {
  collect()
  await turn() // another thread lets go of what the arrays had, and what waited for the first collection ends
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
