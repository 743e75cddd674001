/** What comes of a pairing is a peer like any other: the transports are real, the data channel is made up. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BLOCK_BYTES_MAX } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { peerIdOf } from '../../src/net/key.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import type { PeerInfo, StoredBlock, Transport, TransportHandlers } from '../../src/ports.ts'
import { fakeLan, type FakeLan } from './pairing-rtc.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner } from './support.ts'
import { unusedHandlers } from './unused-handlers.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }

/** More than fits into one message, so that it goes in pieces. */
const BLOCK: StoredBlock = { id: 'a1'.repeat(32) as BlockId, bytes: new Uint8Array(BLOCK_BYTES_MAX).fill(9) }

describe('a paired device', { timeout: 30_000 }, () => {
  const stops: (() => Promise<void>)[] = []

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })

  async function device(lan: FakeLan, seed: number, own: Partial<TransportHandlers> = {}) {
    const signer = testSigner(seed)
    const faults: unknown[] = []
    const seen: (readonly [string, PeerInfo])[] = []
    const transport = libp2pTransport({
      network: NETWORK,
      signer,
      clock: skippingClock(),
      random: testRandom,
      findRelays: async () => [],
      listen: [],
      openRtc: lan.open,
      timings: SHORT,
      fault: (error) => faults.push(error),
    })
    stops.push(() => transport.stop())
    await transport.start({
      ...unusedHandlers,
      onPeer: (peer, change) => seen.push([change, peer]),
      ...own,
    })
    return { transport, id: peerIdOf(signer.publicKey), key: signer.publicKey, seen, faults }
  }

  type TestDevice = Awaited<ReturnType<typeof device>>

  async function pair({ transport: a }: TestDevice, { transport: b }: TestDevice) {
    const offer = await a.pairing?.offer()
    const answer = await b.pairing?.answer(offer?.code ?? '')
    await a.pairing?.accept(answer?.code ?? '')
    const connected = async ({ pairing }: Pick<Transport, 'pairing'>) =>
      pairing?.connected(offer?.pairing ?? '')
    await Promise.all([connected(a), connected(b)])
  }

  it('is a direct peer whose key is proved', async () => {
    const lan = fakeLan()
    const [ana, ben] = [await device(lan, 1), await device(lan, 2)]
    await pair(ana, ben)
    await vi.waitFor(() => expect(ben.seen).toHaveLength(1), PATIENCE)
    expect(ana.transport.peers()).toMatchObject([{ id: ben.id, key: ben.key, direct: true }])
    expect(ben.transport.peers()).toMatchObject([{ id: ana.id, key: ana.key, direct: true }])
    expect(ana.seen).toMatchObject([['connected', { id: ben.id }]])
    expect(lan.opened).toHaveLength(2)
  })

  it('is asked for blocks, names its tips, and gossips both ways', async () => {
    const lan = fakeLan()
    const heard: string[] = []
    const hear = (name: string) => async (bytes: Uint8Array) => {
      heard.push(`${name} ${bytesToHex(bytes)}`)
      return 'forward' as const
    }
    const ana = await device(lan, 1, { onGossip: hear('ana') })
    const ben = await device(lan, 2, {
      onGossip: hear('ben'),
      onFetch: async () => [BLOCK],
      onTips: async (ids) => ids,
    })
    await pair(ana, ben)
    expect(await ana.transport.fetch(ben.id, [BLOCK.id])).toEqual([BLOCK.bytes])
    expect(await ana.transport.exchangeTips(ben.id, [BLOCK.id])).toEqual([BLOCK.id])
    await vi.waitFor(async () => {
      await ana.transport.publish(Uint8Array.of(1, heard.length))
      await ben.transport.publish(Uint8Array.of(2, heard.length))
      expect(heard.some((what) => what.startsWith('ana 02'))).toBe(true)
      expect(heard.some((what) => what.startsWith('ben 01'))).toBe(true)
    }, PATIENCE)
    expect([...ana.faults, ...ben.faults]).toEqual([])
  })

  it('is sent away like any other, and does not come back by another code', async () => {
    const lan = fakeLan()
    const [ana, ben] = [await device(lan, 1), await device(lan, 2)]
    await pair(ana, ben)
    ana.transport.blame(ben.id, 'malformed')
    await vi.waitFor(() => expect(ben.transport.peers()).toEqual([]), PATIENCE)
    expect(ana.transport.peers()).toEqual([])
    await expect(pair(ana, ben)).rejects.toMatchObject({ kind: 'failed' })
    await expect(pair(ben, ana)).rejects.toMatchObject({ kind: 'failed' })
    expect(ana.transport.peers()).toEqual([])
  })

  it('hears at once that the other one stops, and leaves nothing open', async () => {
    const lan = fakeLan()
    const [ana, ben] = [await device(lan, 1), await device(lan, 2)]
    await pair(ana, ben)
    const waiting = await ana.transport.pairing?.offer()
    const outcome = ana.transport.pairing?.connected(waiting?.pairing ?? '')
    const refused = expect(outcome).rejects.toMatchObject({ kind: 'cancelled' })
    await ana.transport.stop()
    await refused
    await vi.waitFor(() => expect(ben.transport.peers()).toEqual([]), PATIENCE)
    expect(ana.transport.pairing).toBeUndefined()
    expect(lan.opened.map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed', 'closed'])
  })

  it('that pairs again has one connection, the newest', async () => {
    const lan = fakeLan()
    const [ana, ben] = [await device(lan, 1), await device(lan, 2)]
    await pair(ana, ben)
    await pair(ben, ana)
    await vi.waitFor(
      () =>
        expect(lan.opened.map(({ connectionState }) => connectionState)).toEqual([
          'closed',
          'closed',
          'new',
          'new',
        ]),
      PATIENCE,
    )
    expect(ana.transport.peers()).toMatchObject([{ id: ben.id, direct: true }])
    expect(ben.seen.map(([change]) => change)).toEqual(['connected'])
  })

  it('that sends what is no bytes is cut off', async () => {
    const lan = fakeLan()
    const [ana, ben] = [await device(lan, 1), await device(lan, 2)]
    await pair(ana, ben)
    lan.opened[0]?.channel.arrive('a text')
    await vi.waitFor(() => expect(ana.transport.peers()).toEqual([]), PATIENCE)
  })

  it('cannot be paired with itself', async () => {
    const lan = fakeLan()
    const [ana, twin] = [await device(lan, 1), await device(lan, 1)]
    await expect(pair(ana, twin)).rejects.toMatchObject({ kind: 'failed' })
  })
})
