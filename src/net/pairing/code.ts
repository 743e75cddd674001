/**
 * The code that connects two devices without a server: what each must know of the other's WebRTC connection, in at most
 * 140 characters that a camera, a clipboard or a patient person carries over. base64url of
 *
 * ```
 * 1   version (4 bits), kind (4 bits: 0 offer, 1 answer)
 * 3   network id, its first bytes
 * 3   pairing, random: an answer repeats its offer's
 * 3   expiry, Unix seconds modulo 2^24 (194 days): an answer repeats its offer's
 * 1   characters of the ICE user fragment less 4 (4 bits), of the ICE password less 22 (4 bits)
 * 1   kinds of up to three candidates (2 bits each, the first lowest: 0 none, 1 IPv4, 2 IPv6, 3 mDNS name)
 * …   user fragment and password: ICE's 64 characters are those of base64 (RFC 8839 §5.4), so 6 bits each
 * 32  SHA-256 fingerprint of the DTLS certificate
 * …   candidates: 4 bytes IPv4, 16 bytes IPv6, or 16 bytes of the UUID before `.local`; each with its port, u16
 * 4   checksum: the first bytes of SHA-256 over all before
 * ```
 *
 * Integers are big-endian. The first 4 bits and the checksum stay as they are in every version.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import type { NetworkId } from '../../core/model/id.ts'
import { PAIRING_CODE_CHARACTERS_MAX, type PairingFault } from '../../ports.ts'

const VERSION = 1

const NETWORK_BYTES = 3

/** A few pairings are open at a time, and a code lives for minutes: two of one name are not met. */
export const PAIRING_BYTES = 3

const HEADER_BYTES = 12
const FINGERPRINT_BYTES = 32
const CHECKSUM_BYTES = 4
const UFRAG_CHARACTERS_MIN = 4
const PWD_CHARACTERS_MIN = 22

/** Seconds of expiry told apart. A reader takes the moment nearest to its own clock. */
const EXPIRY_MODULUS = 2 ** 24

const CODE_BYTES_MAX = Math.floor((PAIRING_CODE_CHARACTERS_MAX * 3) / 4)

/** The order is that of the numbers in the code, from 1. */
const ADDRESS_KINDS = ['ipv4', 'ipv6', 'mdns'] as const

/** Candidates a code has places for. */
const CANDIDATES_MAX = 3

/** Where a device may be reached over UDP. */
export interface Candidate {
  readonly kind: (typeof ADDRESS_KINDS)[number]
  /** 4 bytes of an IPv4 address, 16 of an IPv6 address, or the 16 of an mDNS name's UUID. */
  readonly address: Uint8Array
  readonly port: number
}

/** What a device says of its end of the connection. */
export interface Endpoint {
  /** ICE user fragment, 4–19 characters, and password, 22–37. */
  readonly ufrag: string
  readonly pwd: string
  /** SHA-256 of its DTLS certificate, 32 bytes. */
  readonly fingerprint: Uint8Array
  /** The likeliest first. */
  readonly candidates: readonly Candidate[]
}

/** A code as it is read. */
export interface Code {
  readonly kind: 'offer' | 'answer'
  /** 6 hex digits. */
  readonly pairing: string
  readonly expiresAtMs: number
  readonly endpoint: Endpoint
}

/** What is wrong with a text that is to be a code. */
export interface CodeFault {
  readonly fault: Extract<PairingFault, 'truncated' | 'mistyped' | 'other-version' | 'other-network'>
}

/**
 * Writes a code. Candidates beyond what fits are left out: 36 bytes of them with Chromium's ICE credentials, 27 with
 * Firefox's, which are longer. The expiry loses its fraction of a second.
 */
export function encodeCode({ kind, pairing, expiresAtMs, endpoint }: Code, network: NetworkId): string {
  const { ufrag, pwd, fingerprint } = endpoint
  const credentials = packIce(ufrag + pwd)
  const candidates = fitting(
    endpoint.candidates,
    CODE_BYTES_MAX - HEADER_BYTES - credentials.length - FINGERPRINT_BYTES - CHECKSUM_BYTES,
  )
  const body = concatBytes(
    Uint8Array.of((VERSION << 4) | (kind === 'offer' ? 0 : 1)),
    hexToBytes(network.slice(0, 2 * NETWORK_BYTES)),
    hexToBytes(pairing),
    u24(Math.floor(expiresAtMs / 1000) % EXPIRY_MODULUS),
    Uint8Array.of(((ufrag.length - UFRAG_CHARACTERS_MIN) << 4) | (pwd.length - PWD_CHARACTERS_MIN)),
    Uint8Array.of(candidates.reduce((kinds, one, i) => kinds | (numberOf(one.kind) << (2 * i)), 0)),
    credentials,
    fingerprint,
    ...candidates.flatMap(({ address, port }) => [address, Uint8Array.of(port >> 8, port & 0xff)]),
  )
  return toText(concatBytes(body, checksumOf(body)))
}

/**
 * Reads a code; white space in it is passed over. A wrong checksum is told as `truncated` where the text is shorter than
 * its header says, and else as `mistyped`.
 *
 * @param nowMs this device's clock, to tell which 194 days the expiry is in
 */
export function decodeCode(text: string, network: NetworkId, nowMs: number): Code | CodeFault {
  // so that an endless text is never looked through
  const clean = text.slice(0, 4 * PAIRING_CODE_CHARACTERS_MAX).replace(/\s+/g, '')
  if (clean.length > PAIRING_CODE_CHARACTERS_MAX || !/^[\w-]*$/.test(clean)) return { fault: 'mistyped' }
  const bytes = fromText(clean)
  const body = bytes.subarray(0, -CHECKSUM_BYTES)
  const version = (bytes[0] ?? 0) >> 4
  const isWhole =
    toText(bytes) === clean && bytesToHex(checksumOf(body)) === bytesToHex(bytes.subarray(-CHECKSUM_BYTES))
  if (!isWhole) {
    return { fault: version === VERSION && bytes.length < statedLength(bytes) ? 'truncated' : 'mistyped' }
  }
  if (version !== VERSION) return { fault: 'other-version' }
  if (bytes.length !== statedLength(bytes)) return { fault: 'mistyped' }
  return parse(body, network, nowMs) ?? { fault: 'mistyped' }
}

/** Reads what the checksum vouches for; undefined for what no device of ours writes. */
function parse(body: Uint8Array, network: NetworkId, nowMs: number): Code | CodeFault | undefined {
  const kind = (['offer', 'answer'] as const)[byteAt(body, 0) & 0x0f]
  if (kind === undefined) return undefined
  if (!network.startsWith(bytesToHex(body.subarray(1, 1 + NETWORK_BYTES)))) return { fault: 'other-network' }
  const { ufragLength, pwdLength, kinds } = shapeOf(body)
  const credentialsEnd = HEADER_BYTES + packedLength(ufragLength + pwdLength)
  const credentials = unpackIce(body.subarray(HEADER_BYTES, credentialsEnd))
  const candidates: Candidate[] = []
  let offset = credentialsEnd + FINGERPRINT_BYTES
  for (const candidate of kinds) {
    const end = offset + sizeOf(candidate)
    const port = (byteAt(body, end - 2) << 8) | byteAt(body, end - 1)
    if (port === 0) return undefined
    candidates.push({ kind: candidate, address: body.slice(offset, end - 2), port })
    offset = end
  }
  if (candidates.length === 0) return undefined
  return {
    kind,
    pairing: bytesToHex(body.subarray(4, 4 + PAIRING_BYTES)),
    expiresAtMs: 1000 * nearest(readU24(body, 7), nowMs / 1000),
    endpoint: {
      ufrag: credentials.slice(0, ufragLength),
      pwd: credentials.slice(ufragLength, ufragLength + pwdLength),
      fingerprint: body.slice(credentialsEnd, credentialsEnd + FINGERPRINT_BYTES),
      candidates,
    },
  }
}

/** The variable parts, as the header states them. */
function shapeOf(bytes: Uint8Array): {
  readonly ufragLength: number
  readonly pwdLength: number
  readonly kinds: readonly Candidate['kind'][]
} {
  const [lengths, numbers] = [byteAt(bytes, 10), byteAt(bytes, 11)]
  return {
    ufragLength: UFRAG_CHARACTERS_MIN + (lengths >> 4),
    pwdLength: PWD_CHARACTERS_MIN + (lengths & 0x0f),
    kinds: [0, 2, 4].flatMap((shift) => ADDRESS_KINDS[((numbers >> shift) & 3) - 1] ?? []),
  }
}

/** Bytes of a whole code with this header; without bound where the header itself is not whole. */
function statedLength(bytes: Uint8Array): number {
  if (bytes.length < HEADER_BYTES) return Infinity
  const { ufragLength, pwdLength, kinds } = shapeOf(bytes)
  const candidates = kinds.reduce((sum, kind) => sum + sizeOf(kind), 0)
  return (
    HEADER_BYTES + packedLength(ufragLength + pwdLength) + FINGERPRINT_BYTES + candidates + CHECKSUM_BYTES
  )
}

/** The first candidates that fit into `room` bytes, a smaller one after one that does not fit among them. */
function fitting(candidates: readonly Candidate[], room: number): readonly Candidate[] {
  let left = room
  const taken: Candidate[] = []
  for (const candidate of candidates) {
    const size = sizeOf(candidate.kind)
    if (taken.length === CANDIDATES_MAX || size > left) continue
    taken.push(candidate)
    left -= size
  }
  return taken
}

function sizeOf(kind: Candidate['kind']): number {
  return kind === 'ipv4' ? 6 : 18
}

function numberOf(kind: Candidate['kind']): number {
  return ADDRESS_KINDS.indexOf(kind) + 1
}

/** The number of `seconds` modulo 2^24 that is nearest to `now`. */
function nearest(seconds: number, now: number): number {
  return seconds + EXPIRY_MODULUS * Math.round((now - seconds) / EXPIRY_MODULUS)
}

function checksumOf(body: Uint8Array): Uint8Array {
  return sha256(body).subarray(0, CHECKSUM_BYTES)
}

function packedLength(characters: number): number {
  return Math.ceil((characters * 3) / 4)
}

/** ICE characters in 6 bits each, filled up with zero bits to whole bytes. */
function packIce(characters: string): Uint8Array {
  return fromBase64(characters.padEnd(Math.ceil(characters.length / 4) * 4, 'A')).slice(
    0,
    packedLength(characters.length),
  )
}

function unpackIce(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
}

function toText(bytes: Uint8Array): string {
  return unpackIce(bytes).replaceAll('+', '-').replaceAll('/', '_')
}

/** The bytes of base64url without padding. One character left over at the end, which no such text has, is passed over. */
function fromText(text: string): Uint8Array {
  const whole = text.length % 4 === 1 ? text.slice(0, -1) : text
  return fromBase64(whole.replaceAll('-', '+').replaceAll('_', '/'))
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function u24(value: number): Uint8Array {
  return Uint8Array.of(value >> 16, (value >> 8) & 0xff, value & 0xff)
}

function readU24(bytes: Uint8Array, offset: number): number {
  return (byteAt(bytes, offset) << 16) | (byteAt(bytes, offset + 1) << 8) | byteAt(bytes, offset + 2)
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset]
  if (byte === undefined) throw new RangeError('A code was read past its end.')
  return byte
}
