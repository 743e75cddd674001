/** Bytes worked out by hand from docs/negentropy-protocol-v1.md of hoytech/negentropy. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { answer, begin, proceed, RECONCILE_BYTES_MAX } from '../../src/net/reconcile.ts'
import { decodeMessage } from '../../src/net/reconcile-message.ts'
import { digitsOf, fingerprintOf, ReconcileSet } from '../../src/net/reconcile-set.ts'
import { setOf, timedIds, type Item } from './reconcile-run.ts'

const hex = (bytes: ArrayLike<number>) => Buffer.from(Array.from(bytes)).toString('hex')
const bytes = (...parts: string[]) => Uint8Array.from(Buffer.from(parts.join(''), 'hex'))

/** An id that begins with these digits and goes on with zeros. */
const idHex = (start: string) => start.padEnd(64, '0')
const item = (timeMs: number, start: string): Item => [timeMs, bytes(idHex(start))]

/** Of a sum of ids, lowest byte first, and the bytes of their number. */
const digest = (sum: string, count: string) =>
  createHash('sha256').update(bytes(sum, count)).digest('hex').slice(0, 32)

const decode = (...parts: string[]) => decodeMessage(bytes(...parts))

describe('a number', () => {
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8100'],
    [16_383, 'ff7f'],
    [16_384, '818000'],
    [1_700_000_000_000, 'b1bcff95d000'],
    [2 ** 53, '9080808080808000'],
  ])('%i is written %s, highest digit first', (value, digits) => {
    expect(hex(digitsOf(value))).toBe(digits)
  })
})

describe('a fingerprint', () => {
  it('of nothing is that of zero and no items', () => {
    expect(hex(fingerprintOf(setOf([])))).toBe(digest('00'.repeat(32), '00'))
  })

  it('adds ids with the lowest byte first, and carries', () => {
    const set = setOf([item(1, 'ffffffff'), item(2, '02')])
    expect(hex(fingerprintOf(set))).toBe(digest(idHex('0100000001'), '02'))
  })

  it('forgets what is carried beyond 2^256', () => {
    const set = setOf([item(1, 'ff'.repeat(32)), item(2, '03')])
    expect(hex(fingerprintOf(set))).toBe(digest(idHex('02'), '02'))
  })

  it('counts in digits of base 128', () => {
    const set = setOf(Array.from({ length: 200 }, (_, i) => item(i, `00${hex([i])}`)))
    const sum = (199 * 200) / 2 // bytes 1 and 2, lowest first
    expect(hex(fingerprintOf(set))).toBe(digest(idHex(`00${hex([sum & 255, sum >> 8])}`), '8148'))
  })

  it('of any rows is that of a set of these rows alone', () => {
    const items = Array.from({ length: 100 }, (_, i) => item(i, hex([255 - i, 255, i, 7 * i])))
    const whole = setOf(items)
    for (const [lower, upper] of [
      [0, 1],
      [15, 16],
      [16, 32],
      [3, 90],
      [50, 50],
      [99, 100],
    ] as const)
      expect(whole.fingerprint(lower, upper)).toEqual(fingerprintOf(setOf(items.slice(lower, upper))))
  })
})

describe('a set', () => {
  it('takes only what is in order, once, at a whole number of milliseconds', () => {
    const { times, ids } = timedIds([item(1, '02'), item(2, '01'), item(2, '02')])
    const refused = (other: Partial<{ times: Float64Array; ids: Uint8Array }>) =>
      expect(() => new ReconcileSet({ times, ids, ...other })).toThrow(RangeError)
    expect(new ReconcileSet({ times, ids }).size).toBe(3)
    refused({ times: Float64Array.of(2, 1, 2) })
    refused({ times: Float64Array.of(2, 2, 2) })
    refused({ times: Float64Array.of(1, 2, 2.5) })
    refused({ times: Float64Array.of(-1, 2, 2) })
    refused({ ids: bytes(idHex('02'), idHex('02'), idHex('02')) })
    refused({ ids: ids.subarray(1) })
  })
})

describe('a conversation', () => {
  const left = setOf([item(1000, 'aa'), item(1000, 'aab0')])
  const right = setOf([item(1000, 'aab0'), item(1000, 'aac0'), item(2000, 'dd')])
  // time 1001 + 1 is 7 · 128 + 106; aa + aa is 154, of which the 1 goes to the next byte; nothing is newer, so the list
  // up to the end is empty
  const first = bytes('61', '876a', '00', '01', digest(idHex('54b1'), '02'), '00', '00', '02', '00')
  const second = bytes(
    ...['61', '876a', '00', '02', '02', idHex('aab0'), idHex('aac0')],
    ...['00', '00', '02', '01', idHex('dd')],
  )

  it('begins with a fingerprint of what there is', () => {
    expect(hex(begin(left))).toBe(hex(first))
  })

  it('goes on with a list of each range that differs', () => {
    expect(hex(answer(right, first) as Uint8Array)).toBe(hex(second))
  })

  it('ends with what each has alone', () => {
    const need = [idHex('aac0'), idHex('dd')]
    const found = proceed(left, second)
    if ('reason' in found) throw new Error(found.reason)
    expect([found.have, [...found.need.keys()], found.next]).toEqual([[idHex('aa')], need, undefined])
    expect([...found.need.values()]).toEqual([0, 1001])
  })

  it('puts bounds between ids of one time with as few bytes as tell them apart', () => {
    const ids = Array.from({ length: 16 }, (_, i) => `abce${hex([i])}`)
    const crowd = setOf([item(1000, 'abcd'), ...ids.map((id) => item(1000, id))])
    const sum = 16 * 0xab // and 16 · ce, and 0 + … + 15
    const second = 16 * 0xce + (sum >> 8)
    const third = 120 + (second >> 8)
    const message = [
      ...['61', '8769', '02', 'abce', '01', digest(idHex('abcd'), '01')],
      // 1 + 1 millisecond later
      ...['02', '00', '01', digest(idHex(hex([sum & 255, second & 255, third])), '10')],
      ...['00', '00', '02', '00'],
    ]
    expect(hex(begin(crowd))).toBe(message.join(''))
  })

  it('skips what agrees, and says nothing of what is skipped at the end', () => {
    const both = setOf([item(1, '01'), item(9, '09')])
    const one = digest(idHex('01'), '01')
    // up to time 5 they agree; from there on this side lists its one id; up to the end the other one skips
    expect(hex(answer(both, bytes('61', '060001', one, '0600', '0200', '000000')) as Uint8Array)).toBe(
      ['61', '060000', '060002', '01', idHex('09')].join(''),
    )
    expect(answer(both, bytes('61', '060001', one))).toEqual(bytes('61'))
    expect(answer(both, bytes('61'))).toEqual(bytes('61'))
  })

  it('leaves what does not fit to a fingerprint of all the rest', () => {
    const many = Array.from({ length: 20 }, (_, i) => item(1000 + i, hex([i + 1])))
    const reply = decodeMessage(answer(setOf(many), bytes('61', '00000200'), 256) as Uint8Array)
    if (reply.type !== 'ranges') throw new Error(reply.type)
    const [list, rest] = reply.ranges
    if (list?.mode !== 'ids' || rest?.mode !== 'fingerprint') throw new Error('a list and the rest')
    expect(list.ids).toEqual(many.slice(0, list.ids.length).map(([, id]) => hex(id)))
    expect(list.bound).toEqual({ timeMs: 1000 + list.ids.length, prefix: new Uint8Array() })
    expect(rest.bound.timeMs).toBe(Infinity)
    expect(rest.fingerprint).toEqual(fingerprintOf(setOf(many.slice(list.ids.length))))
  })
})

describe('another version', () => {
  it('is answered with ours alone, and is no answer', () => {
    for (const version of ['60', '62', '6f'])
      expect(answer(setOf([]), bytes(version, '1234'))).toEqual(bytes('61'))
    expect(proceed(setOf([]), bytes('62'))).toEqual({ type: 'malformed', reason: 'bad-version', value: 0x62 })
  })
})

describe('what is no message', () => {
  const id = idHex('aa')
  it.each([
    ['nothing', [''], { reason: 'truncated', index: 0 }],
    ['no version', ['5f'], { reason: 'bad-version', value: 0x5f }],
    ['no version either', ['70'], { reason: 'bad-version', value: 0x70 }],
    ['a number that breaks off', ['61', '81'], { reason: 'truncated', index: 0 }],
    ['a bound alone', ['61', '0000'], { reason: 'truncated', index: 0 }],
    ['a prefix that breaks off', ['61', '0502aa'], { reason: 'truncated', index: 0 }],
    ['half a fingerprint', ['61', '000001', 'aabb'], { reason: 'truncated', index: 0 }],
    ['a number with a digit too many', ['61', '80050000'], { reason: 'number-padded', index: 0 }],
    ['an endless number', ['61', 'ff'.repeat(100)], { reason: 'number-too-large', index: 0 }],
    ['a number above 2^53', ['61', '9080808080808001', '0000'], { reason: 'number-too-large', index: 0 }],
    [
      'times that add up to it',
      ['61', '9080808080808000', '0000', '02', '0000'],
      { reason: 'number-too-large', index: 1 },
    ],
    ['a prefix of 33 bytes', ['61', '0521', 'aa'.repeat(33), '00'], { reason: 'prefix-too-long', index: 0 }],
    ['a mode 3', ['61', '000003'], { reason: 'bad-mode', index: 0, value: 3 }],
    ['prefixes that descend', ['61', '0502aabb00', '0102aaba00'], { reason: 'descending', index: 1 }],
    ['a prefix dropped', ['61', '0502aabb00', '010000'], { reason: 'descending', index: 1 }],
    ['a range after the end', ['61', '000000', '050000'], { reason: 'past-the-end', index: 1 }],
    ['a byte too many', ['61', '000000', '00'], { reason: 'truncated', index: 1 }],
    [
      'a million ids that are not there',
      ['61', '000002', 'bd8440', id],
      { reason: 'too-many-ids', count: 1_000_000, limit: 1 },
    ],
    ['an id too few', ['61', '000002', '02', id], { reason: 'too-many-ids', count: 2, limit: 1 }],
    ['an id twice', ['61', '000002', '02', id, id], { reason: 'id-twice', index: 0, id }],
    ['an id in two ranges', ['61', '050002', '01', id, '000002', '01', id], { reason: 'id-twice', index: 1 }],
    [
      'more bytes than a message has',
      ['61', '010000'.repeat(RECONCILE_BYTES_MAX / 3)],
      { reason: 'too-long', limit: RECONCILE_BYTES_MAX },
    ],
  ])('%s', (_, parts, fault) => {
    expect(decode(...parts)).toMatchObject({ type: 'malformed', ...fault })
    expect(answer(setOf([]), bytes(...parts))).toEqual(decode(...parts))
    expect(proceed(setOf([]), bytes(...parts))).toEqual(decode(...parts))
  })

  it('is not what only seems odd: ranges of nothing, the end twice, zeros after the end', () => {
    expect(decode('61', '0502aabb00', '0102aabb00', '0103aabb0000')).toMatchObject({ type: 'ranges' })
    expect(decode('61', '00000200', '00000200')).toMatchObject({ type: 'ranges' })
    expect(decode('61', '0020', '00'.repeat(32), '0200')).toMatchObject({ type: 'ranges' })
    expect(decode('61', '9080808080808000', '0000')).toMatchObject({
      ranges: [{ bound: { timeMs: Number.MAX_SAFE_INTEGER } }],
    })
  })
})
