import { LazyTransport } from '../../src/net/lazy.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import type { Transport } from '../../src/ports.ts'
import { skippingClock, testSigner } from '../net/support.ts'
import { transportContract, type TransportRig } from './transport.ts'
import { transportMineContract } from './transport-mine.ts'
import { transportSyncContract } from './transport-sync.ts'

/** @param dress puts another transport around one of the hub's; it reports what is thrown to `fault` */
async function open(
  dress: (inner: Transport, fault: (error: unknown) => void) => Transport = (inner) => inner,
): Promise<TransportRig> {
  const clock = skippingClock()
  const faults: unknown[] = []
  const fault = (error: unknown) => void faults.push(error)
  const hub = new MemoryHub({
    clock,
    timings: { fetchMs: 1000, tipsMs: 1000, syncMs: 1000 },
    fault,
  })
  const links: (readonly [string, string])[] = []
  const stops: (() => Promise<void>)[] = []
  const relink = () => links.forEach(([a, b]) => hub.link(a, b))
  return {
    async peer(handlers, linkedTo, aheadMs) {
      const id = `peer-${stops.length}`
      const key = testSigner(stops.length + 1).publicKey
      const transport = dress(hub.transport(id, key, { nowMs: () => clock.nowMs() + aheadMs }), fault)
      stops.push(() => transport.stop())
      await transport.start(handlers)
      await new Promise((resolve) => setImmediate(resolve)) // one that is loaded late starts in its own time
      for (const other of linkedTo) links.push([id, other.id])
      relink()
      return { id, key, transport }
    },
    skipMs(ms) {
      clock.skipMs(ms)
      relink()
    },
    faults,
    async close() {
      for (const stop of stops) await stop()
    },
  }
}

/** The same behind a transport that is loaded late. */
function openLazy(): Promise<TransportRig> {
  return open((inner, fault) => {
    const load = async () => Object.assign(inner, { wake: () => undefined })
    return new LazyTransport({ load, due: Promise.resolve(), fault })
  })
}

for (const [name, rig] of [
  ['The memory hub', () => open()],
  ['A transport that is loaded late', openLazy],
] as const) {
  transportContract(name, rig)
  transportSyncContract(name, rig)
  transportMineContract(name, rig)
}
