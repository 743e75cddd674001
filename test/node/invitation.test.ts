import { base64urlnopad } from '@scure/base'
import { decode, encode } from 'cborg'
import fc from 'fast-check'
import { encodeQR } from 'qr'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import type { Genesis, Network } from '../../src/core/model/genesis.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { DEFAULT_PARAMS, POW_TOTAL_MAX, WEIGHT_MAX } from '../../src/core/model/params.ts'
import { ApiError } from '../../src/node/api.ts'
import { decodeInvitation, encodeInvitation, type Invitation } from '../../src/node/invitation.ts'
import { networkOfOne } from '../../src/node/networks.ts'
import { ALICE, BOB, CREATED_AT_MS } from '../core/make.ts'

const PEER = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
const RELAY = `/dns4/localhost/tcp/8080/ws/p2p/${PEER}`
const ONE: Invitation = { network: networkOfOne(ALICE, CREATED_AT_MS), relays: [RELAY] }

const key = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex') as PublicKey)

/** Often the default, so that both ways of writing a parameter are met. */
const param = (name: keyof typeof DEFAULT_PARAMS, least: number, most = Number.MAX_SAFE_INTEGER) =>
  fc.oneof(fc.constant(DEFAULT_PARAMS[name]), fc.integer({ min: least, max: most }))

const genesis: fc.Arbitrary<Genesis> = fc
  .record({
    name: fc.string({ unit: 'binary', minLength: 1, maxLength: 32 }),
    createdAtMs: fc.maxSafeNat(),
    powBase: param('powBase', 1, POW_TOTAL_MAX / 2),
    powPerKiB: param('powPerKiB', 0, POW_TOTAL_MAX / 32),
    dust: param('dust', 1),
    minRoundMs: param('minRoundMs', 1),
    dataRoundMs: param('dataRoundMs', 1),
    leaderTimeoutMs: param('leaderTimeoutMs', 1),
    committee: fc.uniqueArray(
      fc.record({ key, weight: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: WEIGHT_MAX })) }),
      { minLength: 1, maxLength: 6, selector: (member) => member.key },
    ),
  })
  .chain((rest) =>
    fc
      .array(
        fc.record({
          owner: fc.oneof(key, fc.constantFrom(...rest.committee.map((member) => member.key))),
          amount: fc.integer({ min: 1, max: 2 ** 50 }),
        }),
        { maxLength: 5 },
      )
      .map((outputs) => ({ ...rest, outputs })),
  )

/** Addresses, and texts that only look like them. */
const relay = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/p2p/',
        PEER,
        `/p2p/${PEER}`,
        '/p2p-circuit',
        '/dns4/relay.example/tcp/443/wss',
        // as long as a peer id, and not one
        `/p2p/12D3KooW${'z'.repeat(44)}`,
        `/p2p/12D3KooW${'1'.repeat(44)}`,
      ),
      fc.string({ unit: 'binary', maxLength: 9 }),
    ),
    { maxLength: 5 },
  )
  .map((parts) => `/${parts.join('')}`)
  .filter((address) => address.length <= 256)

describe('An invitation', () => {
  it('says the same network and the same relays at the other end', () => {
    fc.assert(
      fc.property(genesis, fc.array(relay, { maxLength: 8 }), (founded, relays) => {
        const invitation = { network: networkOf(founded), relays }
        expect(decodeInvitation(encodeInvitation(invitation))).toEqual(invitation)
      }),
      { seed: 31, numRuns: 1000 },
    )
  })

  it('keeps its form: the text of one, pinned', () => {
    expect(encodeInvitation(ONE)).toBe(
      'iAJqTXkgbmV0d29yaxsAAAGLz-VoAKBYINdamAGCsQq31Uv-08lkBzoO4XLz2qYjJa8CGmj3B1EagIGCABsAA41-pMaA' +
        'AIGCeBsvZG5zNC9sb2NhbGhvc3QvdGNwLzgwODAvd3NYIIqI4910CfGV_VLbLTy6XXLKZwm_HZQSG_N0iAG0D29c',
    )
  })

  it('of a network of one is short enough for a code of 53 modules', () => {
    const text = encodeInvitation(ONE)
    expect(text.length).toBeLessThan(200)
    const code = encodeQR(`https://example.org/#join=${text}`, 'raw', { ecc: 'low', border: 4 })
    expect(code.length - 2 * 4).toBeLessThanOrEqual(53)
  })

  it('names at most eight relays', () => {
    const relays = Array.from({ length: 9 }, (_, i) => `/dns4/relay${i}.example/tcp/443/wss`)
    expect(decodeInvitation(encodeInvitation({ ...ONE, relays })).relays).toEqual(relays.slice(0, 8))
  })
})

describe('An invitation that is none', () => {
  const refused = (text: string) => {
    const error = (() => {
      try {
        return decodeInvitation(text)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toHaveProperty('kind', 'bad-invitation')
  }

  /** The parts of an invitation, one of them replaced, as text. */
  const withPart = (place: number, part: unknown, { network, relays }: Invitation = ONE) => {
    const parts = decode(base64urlnopad.decode(encodeInvitation({ network, relays })), {
      useMaps: true,
    }) as unknown[]
    return base64urlnopad.encode(encode(parts.with(place, part)))
  }

  it('is taken with every part as it was', () => {
    expect(decodeInvitation(withPart(0, 2))).toEqual(ONE)
  })

  it.each([
    ['another form', 0, 3],
    ['a name that is none', 1, ''],
    ['a time before 1970', 2, -1],
    ['an unknown parameter', 3, new Map([[6, 1]])],
    ['a parameter out of range', 3, new Map([[0, 0]])],
    ['no validators', 4, new Uint8Array()],
    ['65 validators', 4, new Uint8Array(65 * 32)],
    ['half a key', 4, new Uint8Array(48)],
    ['one validator twice', 4, new Uint8Array(64)],
    ['more weights than validators', 5, [1, 1]],
    ['a weight of nothing', 5, [0]],
    ['an owner the committee has not', 6, [[1, 1000]]],
    ['an owner before the first', 6, [[-1, 1000]]],
    ['an owner with half a key', 6, [[new Uint8Array(16), 1000]]],
    ['more money than 2^53 − 1', 6, [[0, Number.MAX_SAFE_INTEGER], [0, 1]]], // prettier-ignore
    ['257 outputs', 6, Array.from({ length: 257 }, () => [0, 1])],
    ['nine relays', 7, Array.from({ length: 9 }, () => ['/dns4/x'])],
    ['an empty address', 7, [[]]],
    ['an address that starts with nothing', 7, [['dns4/x']]],
    ['an address of 257 characters', 7, [[`/${'x'.repeat(256)}`]]],
    ['a peer of half a key', 7, [[new Uint8Array(16)]]],
  ])('%s', (_, place, part) => {
    refused(withPart(place, part))
  })

  it('any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => refused(text)),
      { seed: 32, numRuns: 500 },
    )
  })

  it('is a long one, unread', () => {
    refused('A'.repeat(200_000))
  })

  it('never leads to a network other than the one in it, whatever byte is changed', () => {
    const bytes = base64urlnopad.decode(encodeInvitation(ONE))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = bytes.with(at, (bytes[at] ?? 0) ^ by)
        let network: Network
        try {
          ;({ network } = decodeInvitation(base64urlnopad.encode(changed)))
        } catch (error) {
          expect(error).toHaveProperty('kind', 'bad-invitation')
          return
        }
        expect(networkOf(network.genesis)).toEqual(network)
      }),
      { seed: 33, numRuns: 1000 },
    )
  })

  it('names a validator as owner by key or by place, and both are the same network', () => {
    const committee = [
      { key: ALICE, weight: 2 },
      { key: BOB, weight: 1 },
    ]
    const network = networkOf({ ...ONE.network.genesis, committee, outputs: [{ owner: BOB, amount: 5000 }] })
    const byKey = withPart(6, [[Buffer.from(BOB, 'hex'), 5000]], { network, relays: [] })
    expect(byKey.length).toBeGreaterThan(encodeInvitation({ network, relays: [] }).length)
    expect(decodeInvitation(byKey).network.id).toBe(network.id)
  })
})
