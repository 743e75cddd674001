import type { Logger, MultiaddrConnection, Upgrader } from '@libp2p/interface'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NetworkId } from '../../src/core/model/id.ts'
import { PairingDesk, PAIRING_MS, PAIRINGS_OPEN_MAX } from '../../src/net/pairing/desk.ts'
import { PairingError, type PairingFault } from '../../src/ports.ts'
import { fakeLan, type FakeLan } from './pairing-rtc.ts'
import { NETWORK, testRandom } from './support.ts'

const CONNECT_MS = 20_000

/** Takes every connection for proved, or for one that proves nothing. */
function fakeUpgrader(accepts: boolean) {
  const upgraded: { readonly direction: string; readonly connection: MultiaddrConnection }[] = []
  const upgrade = (direction: string) => async (connection: MultiaddrConnection) => {
    if (!accepts) throw new Error('the handshake failed')
    upgraded.push({ direction, connection })
  }
  const upgrader = { upgradeInbound: upgrade('inbound'), upgradeOutbound: upgrade('outbound') }
  return { upgraded, upgrader: upgrader as unknown as Upgrader } // a desk uses no more of it
}

const quiet: Logger = Object.assign(() => undefined, {
  enabled: false,
  error: () => undefined,
  trace: () => undefined,
  newScope: () => quiet,
})

const logger = { forComponent: () => quiet }

function device(
  lan: FakeLan,
  {
    network = NETWORK,
    accepts = true,
    isFull = () => false,
    aheadMs = 0,
  }: {
    network?: NetworkId
    accepts?: boolean
    isFull?: () => boolean
    aheadMs?: number
  } = {},
) {
  const { upgrader, upgraded } = fakeUpgrader(accepts)
  const clock = { nowMs: () => Date.now() + aheadMs }
  const options = { network, clock, random: testRandom, connectMs: CONNECT_MS, isFull, openRtc: lan.open }
  return { desk: new PairingDesk(options, { upgrader, logger }), upgraded }
}

/** How a call went. */
async function went(call: Promise<unknown>): Promise<PairingFault | 'well'> {
  try {
    await call
    return 'well'
  } catch (error) {
    if (error instanceof PairingError) return error.kind
    throw error
  }
}

describe('two devices that pair by codes', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }))
  afterEach(() => void vi.useRealTimers())

  it('are connected, the one who offered as the caller', async () => {
    const lan = fakeLan()
    const [ana, ben] = [device(lan), device(lan)]
    const offer = await ana.desk.offer()
    const answer = await ben.desk.answer(offer.code)
    expect(answer.pairing).toBe(offer.pairing)
    expect(answer.expiresAtMs).toBe(offer.expiresAtMs)
    const both = Promise.all([ana.desk.connected(offer.pairing), ben.desk.connected(answer.pairing)])
    await ana.desk.accept(answer.code)
    await vi.runAllTimersAsync()
    await both
    expect([ana, ben].map(({ upgraded }) => upgraded.map(({ direction }) => direction))).toEqual([
      ['outbound'],
      ['inbound'],
    ])
  })

  it('are connected by an answer that is taken in the last second', async () => {
    const lan = fakeLan()
    const [ana, ben] = [device(lan), device(lan)]
    const offer = await ana.desk.offer()
    const answer = await ben.desk.answer(offer.code)
    await vi.advanceTimersByTimeAsync(PAIRING_MS - 1001)
    lan.opened[1]?.change('connectionState', 'failed')
    await ana.desk.accept(answer.code)
    await vi.runAllTimersAsync()
    expect(await went(ben.desk.connected(answer.pairing))).toBe('well')
  })

  it('use an offer once, and an answer once', async () => {
    const lan = fakeLan()
    const [ana, ben] = [device(lan), device(lan)]
    const offer = await ana.desk.offer()
    const answer = await ben.desk.answer(offer.code)
    expect(await went(ben.desk.answer(offer.code))).toBe('used')
    const accepted = ana.desk.accept(answer.code)
    expect(await went(ana.desk.accept(answer.code))).toBe('used')
    await accepted
    await vi.runAllTimersAsync()
    expect(await went(ana.desk.accept(answer.code))).toBe('used')
    expect(await went(ben.desk.answer(offer.code))).toBe('used')
  })

  it('are told which code belongs where', async () => {
    const lan = fakeLan()
    const [ana, ben, cem] = [device(lan), device(lan), device(lan)]
    const offer = await ana.desk.offer()
    const answer = await ben.desk.answer(offer.code)
    expect(await went(cem.desk.answer(answer.code))).toBe('not-an-offer')
    expect(await went(cem.desk.accept(offer.code))).toBe('not-an-answer')
    expect(await went(ana.desk.answer(offer.code))).toBe('own-code')
    expect(await went(ana.desk.accept(offer.code))).toBe('own-code')
    expect(await went(ben.desk.accept(answer.code))).toBe('own-code')
    expect(await went(ben.desk.answer(answer.code))).toBe('own-code')
    expect(await went(cem.desk.accept(answer.code))).toBe('other-offer')
  })

  it('are told of codes that are cut short, mistyped, or of another network', async () => {
    const lan = fakeLan()
    const { code } = await device(lan).desk.offer()
    const ben = device(lan)
    expect(await went(ben.desk.answer(code.slice(0, -1)))).toBe('truncated')
    expect(await went(ben.desk.answer(`${code.slice(0, -1)}!`))).toBe('mistyped')
    const stranger = device(lan, { network: 'cd'.repeat(32) as NetworkId })
    expect(await went(stranger.desk.answer(code))).toBe('other-network')
    expect(lan.opened).toHaveLength(1)
  })

  it('are told of codes that have expired, by either clock', async () => {
    const lan = fakeLan()
    const [ana, ben] = [device(lan), device(lan)]
    const offer = await ana.desk.offer()
    const answer = await ben.desk.answer(offer.code)
    const ahead = device(lan, { aheadMs: PAIRING_MS })
    const farBehind = device(lan, { aheadMs: -PAIRING_MS * 4 })
    expect(await went(ahead.desk.answer(offer.code))).toBe('expired')
    expect(await went(farBehind.desk.answer(offer.code))).toBe('expired')
    await vi.advanceTimersByTimeAsync(PAIRING_MS)
    expect(await went(ana.desk.connected(offer.pairing))).toBe('no-answer')
    expect(await went(ana.desk.accept(answer.code))).toBe('expired')
    expect(await went(device(lan).desk.answer(offer.code))).toBe('expired')
    await vi.advanceTimersByTimeAsync(CONNECT_MS)
    expect(await went(ben.desk.connected(answer.pairing))).toBe('no-answer')
    expect(lan.opened.map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed'])
  })

  it('hear that they do not reach each other, and the codes are spent', async () => {
    const lan = fakeLan({ reachable: false })
    const [ana, ben] = [device(lan), device(lan)]
    const offer = await ana.desk.offer()
    const answer = await ben.desk.answer(offer.code)
    await ana.desk.accept(answer.code)
    const both = Promise.all([
      went(ana.desk.connected(offer.pairing)),
      went(ben.desk.connected(offer.pairing)),
    ])
    await vi.advanceTimersByTimeAsync(PAIRING_MS + CONNECT_MS)
    expect(await both).toEqual(['failed', 'no-answer'])
    expect(lan.opened.map(({ connectionState }) => connectionState)).toEqual(['closed', 'closed'])
  })

  it('are not connected where the other side proves no key', async () => {
    const lan = fakeLan()
    const [ana, ben] = [device(lan, { accepts: false }), device(lan)]
    const offer = await ana.desk.offer()
    await ana.desk.accept((await ben.desk.answer(offer.code)).code)
    await vi.runAllTimersAsync()
    expect(await went(ana.desk.connected(offer.pairing))).toBe('failed')
    expect(lan.opened[0]?.connectionState).toBe('closed')
  })

  it('may give up at any time, and the other side waits in vain', async () => {
    const lan = fakeLan()
    const [ana, ben] = [device(lan), device(lan)]
    const offer = await ana.desk.offer()
    const answer = await ben.desk.answer(offer.code)
    ana.desk.cancel(offer.pairing)
    expect(await went(ana.desk.connected(offer.pairing))).toBe('cancelled')
    expect(await went(ana.desk.accept(answer.code))).toBe('other-offer')
    expect(lan.opened[0]?.connectionState).toBe('closed')
    await vi.runAllTimersAsync()
    expect(await went(ben.desk.connected(answer.pairing))).toBe('no-answer')
    expect(await went(ana.desk.connected('000000'))).toBe('no-answer')
  })

  it('give up while their addresses are still collected', async () => {
    const lan = fakeLan()
    const ana = device({
      ...lan,
      open: () => Object.assign(lan.open(), { setLocalDescription: async () => undefined }),
    })
    const offer = went(ana.desk.offer())
    ana.desk.stop()
    expect(await offer).toBe('cancelled')
    expect(await went(device(lan).desk.offer())).toBe('well')
  })

  it('open a few pairings at a time, and any number one after the other', async () => {
    const lan = fakeLan()
    const { desk } = device(lan)
    const offers = await Promise.all(Array.from({ length: PAIRINGS_OPEN_MAX }, () => desk.offer()))
    expect(await went(desk.offer())).toBe('too-many')
    const { code } = await device(lan).desk.offer()
    expect(await went(desk.answer(code))).toBe('too-many')
    for (const { pairing } of offers) desk.cancel(pairing)
    expect(await went(desk.answer(code))).toBe('well')
    for (let i = 0; i < 200; i++) desk.cancel((await desk.offer()).pairing)
    expect(lan.opened.filter(({ connectionState }) => connectionState !== 'closed')).toHaveLength(2)
  })

  it('say so where there is no network, no WebRTC, or no room', async () => {
    expect(await went(device(fakeLan({ addresses: [] })).desk.offer())).toBe('no-network')
    const unable = () => {
      throw new DOMException('no page', 'NotSupportedError')
    }
    expect(await went(device({ opened: [], open: unable }).desk.offer())).toBe('unsupported')
    const lan = fakeLan()
    let full = false
    const [ana, ben] = [device(lan, { isFull: () => full }), device(lan)]
    const answer = await ben.desk.answer((await ana.desk.offer()).code)
    full = true
    expect(await went(ana.desk.offer())).toBe('full')
    expect(await went(ana.desk.accept(answer.code))).toBe('full')
    full = false
    expect(await went(ana.desk.accept(answer.code))).toBe('well')
  })
})
