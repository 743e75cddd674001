import { MemoryHub } from '../../src/net/memory.ts'
import { skippingClock, testSigner } from '../net/support.ts'
import { transportContract, type TransportRig } from './transport.ts'
import { transportSyncContract } from './transport-sync.ts'

async function open(): Promise<TransportRig> {
  const clock = skippingClock()
  const faults: unknown[] = []
  const hub = new MemoryHub({
    clock,
    timings: { fetchMs: 1000, tipsMs: 1000, syncMs: 1000 },
    fault: (error) => faults.push(error),
  })
  const links: (readonly [string, string])[] = []
  const stops: (() => Promise<void>)[] = []
  const relink = () => links.forEach(([a, b]) => hub.link(a, b))
  return {
    async peer(handlers, linkedTo, aheadMs) {
      const id = `peer-${stops.length}`
      const key = testSigner(stops.length + 1).publicKey
      const transport = hub.transport(id, key, { nowMs: () => clock.nowMs() + aheadMs })
      stops.push(() => transport.stop())
      await transport.start(handlers)
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

transportContract('The memory hub', open)
transportSyncContract('The memory hub', open)
