import { describe, expect, it } from 'vitest'
import { Bans, Silences } from '../../src/net/blame.ts'
import { BlockGossip } from '../../src/net/gossip.ts'
import type { Gossip } from '../../src/net/libp2p.ts'
import {
  BAN_MS,
  GOSSIP_BLOCKS_PER_SECOND_MAX,
  SILENCE_WINDOW_MS,
  SILENCES_APART_MS,
  SILENCES_MAX,
  SILENT_BAN_MS,
  SILENT_PEERS_MAX,
  VALIDATIONS_PER_PEER_MAX,
} from '../../src/net/limits.ts'
import { namesOf } from '../../src/net/names.ts'
import { Pace } from '../../src/net/pace.ts'
import type { GossipVerdict, PeerId } from '../../src/ports.ts'
import { NETWORK } from './support.ts'

class HandClock {
  #nowMs = 1_700_000_000_000

  nowMs(): number {
    return this.#nowMs
  }

  skipMs(ms: number): void {
    this.#nowMs += ms
  }
}

describe('A ban', () => {
  it('is short for who said nothing, and long for who said what is false', () => {
    const clock = new HandClock()
    const bans = new Bans(clock)
    bans.add('silent', 'silent')
    bans.add('forging', 'bad-signature')
    clock.skipMs(SILENT_BAN_MS)
    expect([bans.has('silent'), bans.has('forging')]).toEqual([false, true])
    clock.skipMs(BAN_MS - SILENT_BAN_MS)
    expect(bans.has('forging')).toBe(false)
  })
})

describe('Silence', () => {
  it('is too much when it comes often within a while', () => {
    const clock = new HandClock()
    const silences = new Silences(clock)
    const verdicts: boolean[] = []
    for (let i = 0; i < SILENCES_MAX; i++) {
      verdicts.push(silences.add('a'))
      clock.skipMs(SILENCES_APART_MS)
    }
    expect(verdicts).toEqual([...verdicts.slice(1).map(() => false), true])
    expect(silences.add('a')).toBe(false)
  })

  it('now and then is held against nobody', () => {
    const clock = new HandClock()
    const silences = new Silences(clock)
    for (let i = 0; i < 100; i++) {
      expect(silences.add('a')).toBe(false)
      clock.skipMs(SILENCE_WINDOW_MS / (SILENCES_MAX - 1))
    }
  })

  it('of many requests at once counts as one', () => {
    const clock = new HandClock()
    const silences = new Silences(clock)
    for (let i = 0; i < 100; i++) expect(silences.add('a')).toBe(false)
  })

  it('that a clock put back has left ahead is forgotten', () => {
    const clock = new HandClock()
    const silences = new Silences(clock)
    for (let i = 1; i < SILENCES_MAX; i++) {
      silences.add('a')
      clock.skipMs(SILENCES_APART_MS)
    }
    clock.skipMs(-3_600_000)
    expect(silences.add('a')).toBe(false)
    clock.skipMs(SILENCES_APART_MS)
    expect(silences.add('a')).toBe(false)
  })

  it('is remembered of so many peers only: the one longest ago is forgotten', () => {
    const clock = new HandClock()
    const silences = new Silences(clock)
    const addAll = (peers: readonly PeerId[]) => peers.map((peer) => silences.add(peer))
    for (let i = 1; i < SILENCES_MAX; i++) {
      addAll(['first', 'second'])
      clock.skipMs(SILENCES_APART_MS)
    }
    addAll(Array.from({ length: SILENT_PEERS_MAX - 1 }, (_, i) => `peer ${i}`))
    expect(addAll(['second', 'first'])).toEqual([true, false])
  })
})

describe('Gossip of blocks', () => {
  function listening(judge: (from: PeerId) => Promise<GossipVerdict>) {
    const clock = new HandClock()
    const events = new EventTarget()
    const verdicts: string[] = []
    const blamed: string[] = []
    const pubsub = Object.assign(events, {
      reportMessageValidationResult: (_id: string, _from: string, verdict: string) => verdicts.push(verdict),
    })
    const names = namesOf(NETWORK)
    const gossip = new BlockGossip({
      pubsub: pubsub as unknown as Gossip, // all that receiving uses of it
      names,
      clock,
      isDirect: () => true,
      judge: (_, from) => judge(from),
      blame: (peer, reason) => blamed.push(`${peer} ${reason}`),
      heard: () => undefined,
      fault: (error) => {
        throw error
      },
    })
    const send = async (from: PeerId, bytes = 400) => {
      const msg = { topic: names.blocks, data: new Uint8Array(bytes) }
      const detail = { msgId: '', msg, propagationSource: { toString: () => from } }
      events.dispatchEvent(new CustomEvent('gossipsub:message', { detail }))
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { gossip, clock, send, verdicts, blamed }
  }

  it('is taken from each neighbour at a rate, beyond which it is ignored and nobody blamed', async () => {
    const taken: PeerId[] = []
    const { gossip, clock, send, verdicts, blamed } = listening(async (from) => {
      taken.push(from)
      return 'forward'
    })
    for (let i = 0; i < GOSSIP_BLOCKS_PER_SECOND_MAX + 5; i++) await send('loud')
    await send('quiet')
    expect(taken).toHaveLength(GOSSIP_BLOCKS_PER_SECOND_MAX + 1)
    expect(verdicts.filter((verdict) => verdict === 'ignore')).toHaveLength(5)
    clock.skipMs(1000)
    await send('loud')
    expect(verdicts.at(-1)).toBe('accept')
    gossip.forget('loud')
    expect(blamed).toEqual([])
  })

  it('waits for its verdict in bounded numbers', async () => {
    let waiting = 0
    const { send, verdicts } = listening(() => {
      waiting++
      return new Promise(() => undefined)
    })
    for (let i = 0; i < VALIDATIONS_PER_PEER_MAX + 3; i++) await send('stalling')
    await send('friend')
    expect(waiting).toBe(VALIDATIONS_PER_PEER_MAX + 1)
    expect(verdicts).toEqual(['ignore', 'ignore', 'ignore'])
  })

  it('longer than any block is blamed', async () => {
    const { send, blamed, verdicts } = listening(async () => 'forward')
    await send('huge', 100_000)
    expect([blamed, verdicts]).toEqual([['huge too-much'], ['reject']])
  })
})

describe('A pace', () => {
  it('lets so much through at once, then so much a second, for each peer apart', () => {
    const clock = new HandClock()
    const pace = new Pace(clock, { burst: 1000, perSecond: 100 })
    expect([pace.delayMs('a', 400), pace.delayMs('a', 600)]).toEqual([0, 0])
    expect([pace.delayMs('a', 100), pace.delayMs('a', 100)]).toEqual([1000, 2000])
    expect(pace.delayMs('b', 1000)).toBe(0)
    clock.skipMs(3000)
    expect(pace.delayMs('a', 100)).toBe(0)
    expect(pace.delayMs('a', 100)).toBe(1000)
    clock.skipMs(60_000)
    expect(pace.delayMs('a', 1000)).toBe(0)
  })
})
