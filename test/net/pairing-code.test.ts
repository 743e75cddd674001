import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NetworkId } from '../../src/core/model/id.ts'
import {
  decodeCode,
  encodeCode,
  type Candidate,
  type Code,
  type Endpoint,
} from '../../src/net/pairing/code.ts'
import { descriptionOf, endpointIn } from '../../src/net/pairing/description.ts'
import { PAIRING_CODE_CHARACTERS_MAX } from '../../src/ports.ts'
import { NETWORK } from './support.ts'

const NOW_MS = 1_790_000_000_000
const SEED = 20_260_301

const ICE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const ice = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...ICE), minLength, maxLength })

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

const candidate: fc.Arbitrary<Candidate> = fc
  .constantFrom(['ipv4', 4] as const, ['ipv6', 16] as const, ['mdns', 16] as const)
  .chain(([kind, length]) =>
    fc.record({ kind: fc.constant(kind), address: bytes(length), port: fc.integer({ min: 1, max: 0xffff }) }),
  )

/** Ends as browsers make them: Chromium and Safari have 4 + 24 characters, Firefox 8 + 32. */
const endpoint: fc.Arbitrary<Endpoint> = fc
  .constantFrom([4, 24] as const, [8, 32] as const)
  .chain(([ufrag, pwd]) =>
    fc.record({
      ufrag: ice(ufrag, ufrag),
      pwd: ice(pwd, pwd),
      fingerprint: bytes(32),
      candidates: fc.array(candidate, { minLength: 1, maxLength: 6 }),
    }),
  )

const code: fc.Arbitrary<Code> = fc.record({
  kind: fc.constantFrom('offer', 'answer'),
  pairing: bytes(3).map((id) => Buffer.from(id).toString('hex')),
  expiresAtMs: fc.integer({ min: -600, max: 600 }).map((seconds) => NOW_MS + 1000 * seconds),
  endpoint,
})

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll('-', ''), 'hex'))

const NAME_1: Candidate = { kind: 'mdns', address: hex('0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'), port: 50_001 }
const NAME_2: Candidate = { kind: 'mdns', address: hex('1a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'), port: 50_002 }

const OFFER: Code = {
  kind: 'offer',
  pairing: 'c0ffee',
  expiresAtMs: NOW_MS + 300_000,
  endpoint: {
    ufrag: 'a/+Z',
    pwd: 'abcdefghijklmnopqrstuvwx',
    fingerprint: new Uint8Array(32).fill(7),
    candidates: [NAME_1, NAME_2],
  },
}

const TEXT = encodeCode(OFFER, NETWORK)

const read = (text: string) => decodeCode(text, NETWORK, NOW_MS)

describe('a code for pairing', () => {
  it('says everything that was written, in at most 140 characters', () => {
    fc.assert(
      fc.property(code, (written) => {
        const text = encodeCode(written, NETWORK)
        expect(text.length).toBeLessThanOrEqual(PAIRING_CODE_CHARACTERS_MAX)
        const { candidates } = written.endpoint
        const got = read(text)
        if ('fault' in got) throw new Error(got.fault)
        expect(got).toEqual({
          ...written,
          endpoint: { ...written.endpoint, candidates: got.endpoint.candidates },
        })
        // in their order, some left out
        const places = got.endpoint.candidates.map((one) =>
          candidates.findIndex(
            ({ address, port }) => port === one.port && address.join() === one.address.join(),
          ),
        )
        expect(places.length).toBeGreaterThan(0)
        expect(places[0]).toBe(0)
        expect(places).toEqual([...places].sort((a, b) => a - b))
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  it('has room for two names of Chromium’s, and exactly so', () => {
    expect(TEXT).toHaveLength(PAIRING_CODE_CHARACTERS_MAX)
    expect(read(TEXT)).toEqual(OFFER)
  })

  it('has room for a name and an IPv4 address of Firefox’s, past a second name', () => {
    const address: Candidate = { kind: 'ipv4', address: Uint8Array.of(192, 168, 43, 1), port: 50_003 }
    const endpoint = { ...OFFER.endpoint, ufrag: '0123abcd', pwd: '0123456789abcdef0123456789abcdef' }
    const text = encodeCode(
      { ...OFFER, endpoint: { ...endpoint, candidates: [NAME_1, NAME_2, address] } },
      NETWORK,
    )
    const got = read(text)
    expect('fault' in got ? got : got.endpoint.candidates).toEqual([NAME_1, address])
  })

  it('may be broken into lines', () => {
    expect(read(`  ${TEXT.slice(0, 70)}\r\n${TEXT.slice(70)}\n`)).toEqual(OFFER)
  })

  it('is told from one that is cut short, wherever it was cut', () => {
    for (let length = 2; length < TEXT.length; length++) {
      expect(read(TEXT.slice(0, length)), `${length} characters`).toEqual({ fault: 'truncated' })
    }
  })

  it('is never read with a single character wrong', () => {
    for (const [place, right] of [...TEXT].entries()) {
      for (const wrong of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_!é') {
        if (wrong === right) continue
        expect(read(TEXT.slice(0, place) + wrong + TEXT.slice(place + 1))).toHaveProperty('fault')
      }
    }
  })

  it('with a wrong character past its header is mistyped, and so is one with characters too many', () => {
    for (let place = 16; place < TEXT.length; place++) {
      const wrong = TEXT[place] === 'x' ? 'y' : 'x'
      expect(read(TEXT.slice(0, place) + wrong + TEXT.slice(place + 1))).toEqual({ fault: 'mistyped' })
    }
    expect(read(`${TEXT}A`)).toEqual({ fault: 'mistyped' })
  })

  it('is mistyped where it is anything else, however long', () => {
    for (const text of ['', 'https://weft.example/#join=abc', '\u0000', ' '.repeat(1e6), 'A'.repeat(1e6)]) {
      expect(read(text)).toEqual({ fault: 'mistyped' })
    }
  })

  it('never throws on mutations, and never says what was not written', () => {
    const edit = fc.record({
      place: fc.nat(TEXT.length),
      drop: fc.nat(8),
      put: fc.string({ unit: 'binary', maxLength: 8 }),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        const text = edits.reduce(
          (before, { place, drop, put }) => before.slice(0, place) + put + before.slice(place + drop),
          TEXT,
        )
        const got = read(text)
        if (text.replace(/\s+/g, '') === TEXT) expect(got).toEqual(OFFER)
        else expect(['truncated', 'mistyped', 'other-version']).toContain('fault' in got ? got.fault : 'read')
      }),
      { seed: SEED, numRuns: 1000 },
    )
  })

  it('of another network says so', () => {
    expect(decodeCode(TEXT, 'cd'.repeat(32) as NetworkId, NOW_MS)).toEqual({ fault: 'other-network' })
  })

  it('keeps its expiry across the turn of the seconds it tells apart', () => {
    const turnMs = 1000 * 2 ** 24 * 107
    for (const expiresAtMs of [turnMs - 1000, turnMs, turnMs + 1000]) {
      const text = encodeCode({ ...OFFER, expiresAtMs }, NETWORK)
      for (const nowMs of [turnMs - 400_000, turnMs + 400_000]) {
        expect(decodeCode(text, NETWORK, nowMs)).toMatchObject({ expiresAtMs })
      }
    }
  })
})

const SDP = (candidates: readonly string[]) =>
  [
    'v=0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ...candidates.map((line) => `a=candidate:${line}`),
    'a=ice-ufrag:a/+Z',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=fingerprint:sha-256 ${Array<string>(32).fill('0A').join(':')}`,
    '',
  ].join('\r\n')

describe('a browser’s description', () => {
  const kindsOf = (candidates: readonly string[]) =>
    endpointIn(SDP(candidates))?.candidates.map(({ kind, port }) => `${kind} ${port}`)

  it('comes out of a code as it went in, in every kind of address', () => {
    const found = endpointIn(
      SDP([
        '1 1 udp 2122260223 192.168.43.1 50001 typ host generation 0',
        '2 1 UDP 2122197247 2001:db8::a:1 50002 typ host',
        '3 1 udp 2122129151 0A1B2C3D-4e5f-4a6b-8c7d-9e0f1a2b3c4d.local 50003 typ host',
      ]),
    )
    if (found === undefined) throw new Error('there is an end')
    const { type, sdp } = descriptionOf('answer', found)
    expect(type).toBe('answer')
    expect(sdp).toContain(' 192.168.43.1 50001 typ host\r\n')
    expect(sdp).toContain(' 2001:0db8:0000:0000:0000:0000:000a:0001 50002 typ host\r\n')
    expect(sdp).toContain(' 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d.local 50003 typ host\r\n')
    expect(sdp).toContain('a=setup:active\r\n')
    expect(endpointIn(sdp)).toEqual(found)
  })

  it('gives the first address of each kind before second ones, and loopback last', () => {
    expect(
      kindsOf([
        '1 1 udp 90 127.0.0.1 1 typ host',
        '2 1 udp 80 2001:db8::1 2 typ host',
        '3 1 udp 70 2001:db8::2 3 typ host',
        '4 1 udp 60 10.0.0.1 4 typ host',
        '5 1 udp 65 ::1 5 typ host',
      ]),
    ).toEqual(['ipv6 2', 'ipv6 3', 'ipv4 4', 'ipv4 1', 'ipv6 5'])
    expect(
      kindsOf([
        '1 1 udp 90 2001:db8::1 1 typ host',
        '2 1 udp 80 2001:db8::2 2 typ host',
        '3 1 udp 70 10.0.0.1 3 typ host',
      ]),
    ).toEqual(['ipv6 1', 'ipv4 3', 'ipv6 2'])
  })

  it('gives no address that leads nowhere from another device', () => {
    expect(
      kindsOf([
        '1 1 tcp 90 10.0.0.1 9 typ host tcptype active',
        '2 2 udp 90 10.0.0.1 2 typ host',
        '3 1 udp 90 198.51.100.1 3 typ srflx raddr 10.0.0.1 rport 3',
        '4 1 udp 90 fe80::1 4 typ host',
        '5 1 udp 90 300.0.0.1 5 typ host',
        '6 1 udp 90 1:2:3 6 typ host',
        '7 1 udp 90 1::2::3 7 typ host',
        '8 1 udp 90 example.local 8 typ host',
        '9 1 udp 90 10.0.0.1 0 typ host',
        '10 1 udp 90 10.0.0.1 70000 typ host',
      ]),
    ).toEqual([])
  })

  it('without what a code needs is no end', () => {
    const whole = SDP(['1 1 udp 90 10.0.0.1 1 typ host'])
    for (const line of ['a=ice-ufrag', 'a=ice-pwd', 'a=fingerprint:sha-256'])
      expect(endpointIn(whole.replace(line, 'a=other'))).toBeUndefined()
  })
})
