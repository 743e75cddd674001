import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { Announcer } from '../../src/net/announce.ts'
import { Dialler } from '../../src/net/dial.ts'
import { webRtcOnly, type DirectRule } from '../../src/net/direct.ts'
import { peerIdOf } from '../../src/net/key.ts'
import type { Libp2pNode } from '../../src/net/libp2p.ts'
import { TIMINGS } from '../../src/net/limits.ts'
import { namesOf } from '../../src/net/names.ts'
import type { PeerBook } from '../../src/net/peers.ts'
import { RelayKeeper } from '../../src/net/relays.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from './support.ts'

/** A fake has what dialling and announcing use of a libp2p node, which is a small part of one. */
const asNode = (fake: object) => fake as unknown as Libp2pNode

const [SMALL, PEER] = [peerIdOf(testSigner(8).publicKey), peerIdOf(testSigner(9).publicKey)].sort()
const RELAY = peerIdOf(testSigner(7).publicKey)
const STRANGE_RELAY = peerIdOf(testSigner(6).publicKey)

const circuit = (host: string, relay: string) =>
  `/ip4/${host}/tcp/80/ws/p2p/${relay}/p2p-circuit/webrtc/p2p/${PEER ?? ''}`

const empty = { isDirect: () => false, directCount: 0 } as Partial<PeerBook> as PeerBook

/** As much of a node as dialling and keeping relays use: it connects to whatever it dials. */
function fakeNode() {
  const dialled: string[] = []
  const connected = new Map<string, { readonly streams: object[]; readonly aborted: boolean }>()
  const protocol = '/gossip'
  const node = Object.assign(new EventTarget(), {
    services: {
      pubsub: Object.assign(new EventTarget(), {
        protocols: [protocol],
        getSubscribers: () => [...connected.keys()].map((id) => peerIdFromString(id)),
      }),
    },
    getMultiaddrs: () => [],
    peerId: peerIdFromString(SMALL ?? ''),
    async dial(target: Multiaddr | Multiaddr[]) {
      const addresses = [target].flat()
      dialled.push(...addresses.map(String))
      const id = addresses[0]?.getComponents().findLast(({ name }) => name === 'p2p')?.value ?? ''
      const connection = Object.assign(new EventTarget(), {
        remotePeer: id,
        status: 'open',
        streams: [{ protocol, direction: 'inbound' }],
        aborted: false,
        abort() {
          connection.aborted = true
          connection.dispatchEvent(new Event('close'))
        },
      })
      connected.set(id, connection)
      return connection
    },
    getConnections: () => [...connected.values()],
  })
  return { node: asNode(node), dialled, connected }
}

function diallerOf(node: Libp2pNode, rule: DirectRule, isOurRelay: (peer: string) => boolean): Dialler {
  return new Dialler({
    node,
    book: empty,
    rule,
    clock: skippingClock(),
    random: testRandom,
    timings: TIMINGS,
    isBanned: () => false,
    isOurRelay,
    yielded: () => undefined,
  })
}

function announcing(...addresses: string[]) {
  return { peer: peerIdFromString(PEER ?? ''), addresses: addresses.map((address) => multiaddr(address)) }
}

describe('an announced peer', () => {
  it('is dialled through relays we are connected to, and no host of a stranger’s choice is', async () => {
    const { node, dialled, connected } = fakeNode()
    const connecting = Promise.withResolvers<void>()
    const keeper = new RelayKeeper({
      node,
      topic: namesOf(NETWORK).peers,
      findRelays: async () => [`/ip4/127.0.0.1/tcp/9/ws/p2p/${RELAY}`],
      reserve: false,
      random: testRandom,
      timings: { ...TIMINGS, backoffMinMs: 60_000 },
      changed: ({ type }) => {
        if (type === 'connected') connecting.resolve()
      },
    })
    const dialler = diallerOf(node, webRtcOnly, (peer) => keeper.holds(peer))
    await dialler.consider(announcing(circuit('127.0.0.1', RELAY)))
    expect(dialled).toEqual([])

    keeper.start()
    await connecting.promise
    dialled.length = 0
    await dialler.consider(announcing(circuit('192.168.1.1', STRANGE_RELAY)))
    expect(dialled).toEqual([])
    await dialler.consider(announcing(circuit('192.168.1.1', STRANGE_RELAY), circuit('127.0.0.1', RELAY)))
    expect(dialled).toEqual([circuit('127.0.0.1', RELAY)])

    connected.delete(RELAY)
    dialled.length = 0
    await dialler.consider(announcing(circuit('192.168.1.1', RELAY)))
    expect(dialled).toEqual([])
    keeper.stop()
  })

  it('is not waited for at a relay that has fallen silent: the connection is made anew', async () => {
    const { node, dialled, connected } = fakeNode()
    const relay = `/ip4/127.0.0.1/tcp/9/ws/p2p/${RELAY}`
    const again = Promise.withResolvers<void>()
    const connecting = Promise.withResolvers<void>()
    const keeper = new RelayKeeper({
      node,
      topic: namesOf(NETWORK).peers,
      findRelays: async () => [relay],
      reserve: false,
      random: testRandom,
      timings: { ...TIMINGS, ...SHORT },
      changed: ({ type }) => {
        if (type === 'connected') (dialled.length > 1 ? again : connecting).resolve()
      },
    })
    keeper.start()
    await connecting.promise
    keeper.sweep()
    expect(connected.get(RELAY)?.aborted).toBe(false)
    connected.get(RELAY)?.streams.splice(0)
    keeper.sweep()
    await again.promise
    expect(dialled).toEqual([relay, relay])
    expect(connected.get(RELAY)?.aborted).toBe(false)
    keeper.stop()
  })

  it('is dialled without a relay where the rule of what is direct says so', async () => {
    const { node, dialled } = fakeNode()
    const address = `/ip4/127.0.0.1/tcp/80/ws/p2p/${PEER ?? ''}`
    await diallerOf(node, websocketsCount, () => false).consider(announcing(address))
    expect(dialled).toEqual([address])
  })
})

describe('announcing', () => {
  function announcer() {
    const publishing = Promise.withResolvers<PromiseWithResolvers<never>>()
    const faults: unknown[] = []
    const pubsub = Object.assign(new EventTarget(), {
      subscribe: () => undefined,
      publish() {
        const answer = Promise.withResolvers<never>()
        publishing.resolve(answer)
        return answer.promise
      },
    })
    const node = Object.assign(new EventTarget(), {
      peerId: SMALL,
      services: { pubsub },
      getMultiaddrs: () => [multiaddr(circuit('127.0.0.1', RELAY))],
    })
    const made = new Announcer({
      node: asNode(node),
      names: namesOf(NETWORK),
      rule: webRtcOnly,
      random: testRandom,
      timings: { ...TIMINGS, ...SHORT },
      fault: (error) => faults.push(error),
    })
    made.start()
    made.soon()
    return { made, faults, publishing: publishing.promise }
  }

  const settled = () => new Promise((resolve) => setImmediate(resolve))

  it('ends quietly when gossip stops under it', async () => {
    const { made, faults, publishing } = announcer()
    const answer = await publishing
    made.stop()
    answer.reject(new Error('Gossip has stopped.'))
    await settled()
    expect(faults).toEqual([])
  })

  it('reports what fails for any other reason', async () => {
    const { made, faults, publishing } = announcer()
    const answer = await publishing
    answer.reject(new Error('A fault.'))
    await settled()
    expect(faults.map(String)).toEqual(['Error: A fault.'])
    made.stop()
  })
})
