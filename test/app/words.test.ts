import { describe, expect, it } from 'vitest'
import {
  accessSentence,
  ageWords,
  blocksWords,
  bytesWords,
  catchingUpWords,
  caughtUp,
  clip,
  durationWords,
  finalWords,
  idWords,
  mainQuantity,
  nameWords,
  newestOf,
  peersWords,
  relayWords,
  statusWords,
  storageWords,
  strangerWords,
  unitWords,
  valueWords,
} from '../../src/app/words.ts'
import { snapshotWith, thingWith } from './views.ts'

describe('what a card says of a value', () => {
  it('shows a known quantity with its own digits and unit', () => {
    expect(valueWords('heart-rate', 71.6)).toBe('72')
    expect(valueWords('temperature', 21.37)).toBe('21.4')
    expect(unitWords('heart-rate', 'beat/min')).toBe('bpm')
  })

  it('shows a truth value as yes or no, and what is no number as a dash', () => {
    expect(valueWords('skin-contact', true)).toBe('yes')
    expect(valueWords('skin-contact', false)).toBe('no')
    expect(valueWords('temperature', NaN)).toBe('–')
    expect(valueWords('temperature', -Infinity)).toBe('–')
  })

  it('never needs more than seven characters and a sign, whatever a stranger measures', () => {
    for (const size of [0.001, 1, 999.9994, 1000, 9999.9, 10_000, 999_999, 1e6, 1e21, 1e300]) {
      expect(valueWords('bananas', -size).length).toBeLessThanOrEqual(8)
    }
  })

  it('cuts the names and units of strangers, whole characters at a time', () => {
    expect(unitWords('bananas', 'x'.repeat(500))).toHaveLength(24)
    expect(clip('🐄🐄🐄🐄', 3)).toBe('🐄🐄…')
    expect(nameWords('   ')).toBe('Unnamed thing')
    expect(nameWords('\u202e\u2067\n')).toBe('Unnamed thing')
    expect(nameWords('Barn\u202e\tdoor')).toBe('Barn door')
    expect(unitWords('x', 'a\u2066b')).toBe('a b')
    expect(valueWords('x', 'two\nlines')).toBe('two lines')
    expect([...nameWords('🐄'.repeat(100_000))]).toHaveLength(60)
  })
})

describe('which readings a card shows', () => {
  const at = (quantity: string, value: number, atMs: number) => ({ quantity, value, atMs })

  it('takes the newest of each quantity from the snapshot and from the live sensor', () => {
    const stored = [at('battery', 90, 1), at('heart-rate', 60, 1)]
    const live = [at('heart-rate', 61, 2)]
    expect(newestOf('heart-rate', stored, live)).toEqual([at('heart-rate', 61, 2), at('battery', 90, 1)])
  })

  it('does not let an older snapshot hide what the sensor just said', () => {
    expect(newestOf('x', [at('x', 1, 9)], [at('x', 2, 3)])).toEqual([at('x', 1, 9)])
  })

  it('shows a stranger’s thing by whatever it measures first', () => {
    expect(mainQuantity(thingWith({ kind: 'unknown', latest: [at('bananas', 1, 1)] }))).toBe('bananas')
    expect(mainQuantity(thingWith({ kind: 'unknown' }))).toBe('')
  })
})

describe('how far blocks have got', () => {
  const blocks = { total: 130, hereOnly: 2, newestHeldBy: 3, committed: 128, newestCommitted: false }

  it('says it of the newest block', () => {
    expect(statusWords({ ...blocks, total: 0 })).toBe('nothing saved yet')
    expect(statusWords({ ...blocks, newestHeldBy: 0 })).toBe('on this phone only')
    expect(statusWords(blocks)).toBe('shared with 3')
    expect(statusWords({ ...blocks, newestCommitted: true })).toBe('final')
  })

  it('calls nothing final that would be lost with this phone', () => {
    expect(statusWords({ ...blocks, newestHeldBy: 0, newestCommitted: true })).toBe('on this phone only')
  })

  it('counts all of them', () => {
    expect(blocksWords(blocks)).toBe('128 of 130 blocks shared')
    expect(finalWords({ ...blocks, committed: 127 })).toBe('127 of 130 blocks final')
    expect(blocksWords({ ...blocks, total: 1, hereOnly: 0 })).toBe('1 of 1 block shared')
    expect(blocksWords({ ...blocks, total: 0 })).toBe('No blocks yet')
  })
})

describe('who is there', () => {
  const blocks = { total: 50, hereOnly: 42, newestHeldBy: 0, committed: 0, newestCommitted: false }

  it('is calm about being offline and counts only what is ours', () => {
    const things = [thingWith({ blocks }), thingWith({ blocks, mine: false })]
    expect(peersWords(snapshotWith({ things, relay: { type: 'none' } }))).toBe('Offline: 42 blocks waiting')
    expect(peersWords(snapshotWith({ relay: { type: 'none' } }))).toBe('Offline')
  })

  it('calls a relay that does not answer offline, after a first try', () => {
    expect(peersWords(snapshotWith({ relay: { type: 'connecting', attempt: 1 } }))).toBe('Connecting…')
    expect(peersWords(snapshotWith({ relay: { type: 'connecting', attempt: 2 } }))).toBe('Offline')
  })

  it('calls a device offline whose network code does not come, and says that it is tried again', () => {
    const [first, second] = [
      { type: 'loading', attempt: 1 },
      { type: 'loading', attempt: 2 },
    ] as const
    expect(peersWords(snapshotWith({ relay: first }))).toBe('Connecting…')
    expect(relayWords(first)).toMatch(/^Getting ready/)
    expect(peersWords(snapshotWith({ relay: second }))).toBe('Offline')
    expect(relayWords(second)).toMatch(/^No network.*tried again/)
  })

  it('counts peers, and needs no relay to do so', () => {
    const peers = [{ id: 'a', direct: true }]
    expect(peersWords(snapshotWith({ peers, relay: { type: 'none' } }))).toBe('1 peer')
    expect(peersWords(snapshotWith({ relay: { type: 'connected', multiaddrs: [] } }))).toBe('No peers yet')
  })
})

describe('catching up', () => {
  const peers = [{ id: 'a', direct: true }]

  it('tells how far it has got and how long it may take', () => {
    const view = { index: 1200, upTo: 10_000 }
    expect(catchingUpWords({ ...view, leftMs: 3400 })).toBe(
      'Catching up: 1,200 of 10,000 commits, about 4 s left.',
    )
    expect(catchingUpWords({ ...view, leftMs: 150_000 })).toMatch(/about 2 min left\.$/)
    expect(peersWords(snapshotWith({ peers, catchingUp: view }))).toBe('Catching up: 12%')
    expect(caughtUp(view)).toBe(0.12)
  })

  it('estimates nothing before there is a pace, and never less than a second', () => {
    expect(catchingUpWords({ index: 0, upTo: 1 })).toBe('Catching up: 0 of 1 commit.')
    for (const leftMs of [0, 12, -5000])
      expect(catchingUpWords({ index: 4, upTo: 5, leftMs })).toMatch(/about 1 s left/)
  })

  it('stays within bounds whatever a peer says there is, and when more comes than was said', () => {
    const boast = { index: 3, upTo: Number.MAX_SAFE_INTEGER, leftMs: 1e18 }
    expect(catchingUpWords(boast)).toMatch(/commits\.$/)
    expect(peersWords(snapshotWith({ peers, catchingUp: boast }))).toBe('Catching up: 0%')
    expect(catchingUpWords({ index: 12, upTo: 10 })).toMatch(/10 of 10 commits/)
    expect(caughtUp({ index: 12, upTo: 10 })).toBe(1)
    expect(caughtUp({ index: 0, upTo: 0 })).toBe(1)
  })

  it('is over when the snapshot says no more of it', () => {
    expect(peersWords(snapshotWith({ peers }))).toBe('1 peer')
  })
})

describe('strangers', () => {
  const elsewhere = { type: 'other-network', network: '1a2b3c4d5e6f7081', atMs: 1_000_000 } as const

  it('are told of in words that say what to do, if anything can be done', () => {
    expect(strangerWords(elsewhere, 1_000_000)).toBe('Someone nearby is in another network (1a2b3c…).')
    expect(strangerWords({ type: 'other-version', atMs: 1_000_000 }, 1_000_000)).toBe(
      'Someone nearby runs another version of Weft. Update both.',
    )
  })

  it('are forgotten after five minutes, and where a clock was put back', () => {
    expect(strangerWords(elsewhere, 1_299_999)).toBeDefined()
    expect(strangerWords(elsewhere, 1_300_000)).toBeUndefined()
    // the screen's clock is up to a second behind
    expect(strangerWords(elsewhere, 999_001)).toBeDefined()
    expect(strangerWords(elsewhere, 600_000)).toBeUndefined()
  })
})

describe('times, sizes and ids', () => {
  it('tells ages, and takes a clock that runs ahead for now', () => {
    const now = 10 * 86_400_000
    expect(ageWords(now + 9000, now)).toBe('now')
    expect(ageWords(now - 2999, now)).toBe('now')
    expect(ageWords(now - 12_000, now)).toBe('12 s ago')
    expect(ageWords(now - 61_000, now)).toBe('1 min ago')
    expect(ageWords(now - 3_600_000, now)).toBe('1 h ago')
    expect(ageWords(now - 3 * 86_400_000, now)).toBe('3 days ago')
  })

  it('tells lengths of time in their largest unit', () => {
    expect([900, 23_400, 240_000, 7_200_000, 200_000_000].map(durationWords)).toEqual([
      '0 s',
      '23 s',
      '4 min',
      '2 h',
      '2 days',
    ])
  })

  it('shortens ids to a chip and bytes to a figure', () => {
    expect(idWords('did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsd9fQ2')).toBe('z6Mk…9fQ2')
    expect(bytesWords(0)).toBe('0 kB')
    expect(bytesWords(1_234_567)).toBe('1.2 MB')
  })
})

describe('trouble', () => {
  it('says what was kept when storage is full, and nothing when all is well', () => {
    expect(storageWords('ok', 5)).toBeUndefined()
    expect(storageWords('full', 3)).toMatch(/full.*saved before is kept.*3 blocks wait/)
    expect(storageWords('failing', 0)).toMatch(/saved before is kept/)
  })

  it('explains sharing from both sides', () => {
    expect(accessSentence({ mine: true, access: 'open' })).toMatch(/what follows/)
    expect(accessSentence({ mine: false, access: 'sealed' })).toMatch(/cannot read/)
  })
})
