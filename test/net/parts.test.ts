import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnnouncementGate, decodeAnnouncement, encodeAnnouncement } from '../../src/net/announce.ts'
import { Bans } from '../../src/net/blame.ts'
import { backoff, Budget, fraction } from '../../src/net/chance.ts'
import { leadsThrough, webRtcOnly } from '../../src/net/direct.ts'
import { decodeIds, encodeIds } from '../../src/net/exchange.ts'
import { peerIdOf } from '../../src/net/key.ts'
import { ANNOUNCEMENTS_PER_SECOND_MAX, BAN_MS, BANS_MAX } from '../../src/net/limits.ts'
import { isPeersTopic, messageId, namesOf } from '../../src/net/names.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { Connection } from '@libp2p/interface'
import type { Random } from '../../src/ports.ts'
import { NETWORK, testSigner } from './support.ts'

const SEED = 20_261_123
const PEER = peerIdOf(testSigner(9).publicKey)
const RELAYED = `/ip4/127.0.0.1/tcp/9/ws/p2p/${peerIdOf(testSigner(8).publicKey)}/p2p-circuit/webrtc/p2p/${PEER}`

function handClock() {
  let nowMs = 1_000_000
  return { nowMs: () => nowMs, skipMs: (ms: number) => void (nowMs += ms) }
}

function countingRandom(): Random {
  let next = 0
  return { bytes: (length) => new Uint8Array(length).map(() => next++) }
}

describe('names', () => {
  it('start with the first 16 digits of the network id', () => {
    expect(namesOf(NETWORK)).toEqual({
      blocks: '/weft/abababababababab/blocks/1',
      peers: '/weft/abababababababab/peers/1',
      fetch: '/weft/abababababababab/fetch/1.0.0',
      tips: '/weft/abababababababab/tips/1.0.0',
      sync: '/weft/abababababababab/sync/1.0.0',
      mine: '/weft/abababababababab/mine/1.0.0',
    })
  })

  it('let a relay know the peers topic of any network, and nothing else', () => {
    expect(isPeersTopic(namesOf(NETWORK).peers)).toBe(true)
    for (const other of [namesOf(NETWORK).blocks, '/weft/ab/peers/1', `x${namesOf(NETWORK).peers}`, '']) {
      expect(isPeersTopic(other)).toBe(false)
    }
  })

  it('give a message an id over its topic and every byte of it', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 })
    const id = (topic: string, data: Uint8Array) => Buffer.from(messageId({ topic, data })).toString('hex')
    fc.assert(
      fc.property(bytes, fc.nat(63), (data, at) => {
        const changed = data.slice()
        changed[at % data.length]! ^= 1
        expect(id('t', changed)).not.toBe(id('t', data))
        expect(id('u', data)).not.toBe(id('t', data))
        expect(id('t', data)).toBe(id('t', data.slice()))
      }),
      { seed: SEED, numRuns: 200 },
    )
  })
})

describe('ids on the wire', () => {
  it('come back as they went', () => {
    const id = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex') as BlockId)
    fc.assert(
      fc.property(fc.array(id, { maxLength: 20 }), (ids) => {
        expect(decodeIds(encodeIds(ids))).toEqual(ids)
      }),
      { seed: SEED },
    )
  })

  it('are refused where they are not whole', () => {
    expect(() => decodeIds(new Uint8Array(63))).toThrow(expect.objectContaining({ kind: 'malformed' }))
  })
})

describe('announcements', () => {
  it('come back as they went, and are never the same twice', () => {
    const random = countingRandom()
    const [first, second] = [1, 2].map(() => encodeAnnouncement(PEER, [multiaddr(RELAYED)], random))
    const heard = decodeAnnouncement(first ?? new Uint8Array())
    expect(heard?.peer.toString()).toBe(PEER)
    expect(heard?.addresses.map(String)).toEqual([RELAYED])
    expect(first).not.toEqual(second)
  })

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeAnnouncement(bytes)).toBeUndefined()
      }),
      { seed: SEED, numRuns: 2000 },
    )
    fc.assert(
      fc.property(
        fc.record({ peer: fc.string(), addresses: fc.array(fc.string()), salt: fc.string() }),
        (wire) => {
          expect(decodeAnnouncement(new TextEncoder().encode(JSON.stringify(wire)))).toBeUndefined()
        },
      ),
      { seed: SEED, numRuns: 2000 },
    )
  })

  it('are passed on up to a number a second from each neighbour', () => {
    const clock = handClock()
    const gate = new AnnouncementGate(clock)
    const data = encodeAnnouncement(PEER, [multiaddr(RELAYED)], countingRandom())
    for (let sent = 0; sent < ANNOUNCEMENTS_PER_SECOND_MAX; sent++)
      expect(gate.judge(data, 'a').verdict).toBe('forward')
    expect(gate.judge(data, 'a')).toEqual({ verdict: 'ignore' })
    expect(gate.judge(data, 'b').verdict).toBe('forward')
    clock.skipMs(1000)
    expect(gate.judge(data, 'a').verdict).toBe('forward')
    expect(gate.judge(new Uint8Array(10), 'a')).toEqual({ verdict: 'reject' })
  })
})

describe('bans', () => {
  it('end by themselves, and begin again with new blame', () => {
    const clock = handClock()
    const bans = new Bans(clock)
    bans.add('a')
    clock.skipMs(BAN_MS - 1)
    expect([bans.has('a'), bans.has('b')]).toEqual([true, false])
    bans.add('a')
    clock.skipMs(1)
    expect(bans.has('a')).toBe(true)
    clock.skipMs(BAN_MS)
    expect(bans.has('a')).toBe(false)
  })

  it('are bounded: the oldest is forgotten first', () => {
    const bans = new Bans(handClock())
    for (let index = 0; index <= BANS_MAX; index++) bans.add(`peer ${index}`)
    expect([bans.has('peer 0'), bans.has('peer 1'), bans.has(`peer ${BANS_MAX}`)]).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('pauses and budgets', () => {
  it('double up to a limit, give or take a half', () => {
    const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }
    for (let failures = 1; failures < 80; failures++) {
      const middle = Math.min(1000, 10 * 2 ** (failures - 1))
      const pause = backoff(failures, 10, 1000, random)
      expect(pause).toBeGreaterThanOrEqual(middle / 2)
      expect(pause).toBeLessThan(middle * 1.5)
    }
    expect(fraction({ bytes: (length) => new Uint8Array(length).fill(255) })).toBeLessThan(1)
  })

  it('start anew with each window, and when the clock is set back', () => {
    const clock = handClock()
    const budget = new Budget(clock, 2, 1000)
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
    clock.skipMs(1000)
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false])
    clock.skipMs(-60_000)
    expect(budget.take()).toBe(true)
  })
})

describe('a direct connection', () => {
  const connection = (multiplexer: string, limits?: Connection['limits']) =>
    ({ multiplexer, limits, remotePeer: peerIdFromString(PEER) }) as Connection

  it('is WebRTC without limits, and nothing else', () => {
    expect(webRtcOnly.isDirect(connection('/webrtc'))).toBe(true)
    expect(webRtcOnly.isDirect(connection('/webrtc', { seconds: 120 }))).toBe(false)
    expect(webRtcOnly.isDirect(connection('/yamux/1.0.0'))).toBe(false)
    expect(webRtcOnly.isDialable(multiaddr(RELAYED))).toBe(true)
    expect(webRtcOnly.isDialable(multiaddr(RELAYED.replace('/webrtc', '')))).toBe(false)
    expect(webRtcOnly.isDialable(multiaddr(RELAYED.replace('/p2p-circuit', '')))).toBe(false)
  })
})

describe('the way to a peer', () => {
  const ours = peerIdOf(testSigner(8).publicKey)
  const theirs = peerIdOf(testSigner(7).publicKey)
  const isOurs = (relay: string) => relay === ours

  it('leads through our relays only, at any address of theirs, or through none', () => {
    const through = (address: string) => leadsThrough(multiaddr(address), isOurs)
    expect(through(RELAYED)).toBe(true)
    expect(through(RELAYED.replace('127.0.0.1', '10.0.0.1'))).toBe(true)
    expect(through(`/ip4/127.0.0.1/tcp/9/ws/p2p/${PEER}`)).toBe(true)
    expect(through(RELAYED.replace(ours, theirs))).toBe(false)
    expect(through(`/p2p/${theirs}/p2p-circuit${RELAYED}`)).toBe(false)
    expect(through(`${RELAYED}/p2p-circuit/webrtc`)).toBe(false)
    expect(through(`/ip4/127.0.0.1/tcp/9/ws/p2p-circuit/webrtc/p2p/${PEER}`)).toBe(false)
  })
})
