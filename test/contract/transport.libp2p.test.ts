import { peerIdOf } from '../../src/net/key.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import type { PeerId } from '../../src/ports.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from '../net/support.ts'
import { transportContract, type TransportRig } from './transport.ts'
import { transportMineContract } from './transport-mine.ts'
import { transportSyncContract } from './transport-sync.ts'

async function open(): Promise<TransportRig> {
  const clock = skippingClock()
  const faults: unknown[] = []
  const peers = new Map<PeerId, ReturnType<typeof libp2pTransport>>()
  return {
    async peer(handlers, linkedTo, aheadMs) {
      const signer = testSigner(peers.size + 1)
      const transport = libp2pTransport({
        network: NETWORK,
        signer,
        clock: { nowMs: () => clock.nowMs() + aheadMs },
        random: testRandom,
        listen: ['/ip4/127.0.0.1/tcp/0/ws'],
        // A node holds on to its relays for ever, and so to the peers it is to be linked to.
        findRelays: async () => linkedTo.flatMap(({ id }) => peers.get(id)?.multiaddrs() ?? []),
        // nor to any other: who is announced here is not dialled
        direct: { ...websocketsCount, isDialable: () => false },
        timings: { ...SHORT, fetchMs: 1000, tipsMs: 1000, syncMs: 1000 },
        fault: (error) => faults.push(error),
      })
      const id = peerIdOf(signer.publicKey)
      peers.set(id, transport)
      await transport.start(handlers)
      return { id, key: signer.publicKey, transport }
    },
    skipMs: (ms) => clock.skipMs(ms),
    faults,
    async close() {
      await Promise.all([...peers.values()].map((transport) => transport.stop()))
    },
  }
}

transportContract('libp2p over websockets in Node', open)
transportSyncContract('libp2p over websockets in Node', open)
transportMineContract('libp2p over websockets in Node', open)
