/** Session descriptions (SDP, RFC 8829) to and from the little of them that a code carries. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Candidate, Endpoint } from './code.ts'

/** What every browser uses between data channels, and so no code says. RFC 8841 §5. */
const SCTP_PORT = 5000

/** Bytes of one message. Far more than is sent in one, and what every browser takes. */
const MESSAGE_BYTES_MAX = 262_144

/** Priority of the first candidate. Only their order matters; this is a host's on its first interface. RFC 8445 §5.1.2.1 */
const PRIORITY = 2_122_260_223

/** `a=candidate:` of a host over UDP, the first component, which is all that data channels have. RFC 8839 §5.1 */
const HOST_CANDIDATE = /^a=candidate:\S+ 1 udp (\d+) (\S+) (\d+) typ host/gim

/**
 * What a browser's own description says of its end; undefined where it lacks ICE credentials of the usual lengths or a
 * SHA-256 fingerprint. Candidates come in the order in which a code takes them: the first of each kind of address before
 * second ones, because the other device may be in reach by one kind only, then as the browser ranks them; loopback last,
 * which leads to this device. One candidate in reach, of either side, is enough: whoever is reached learns the other's
 * address.
 */
export function endpointIn(sdp: string): Endpoint | undefined {
  const ufrag = /^a=ice-ufrag:([\w+/]{4,19})\r?$/m.exec(sdp)?.[1]
  const pwd = /^a=ice-pwd:([\w+/]{22,37})\r?$/m.exec(sdp)?.[1]
  const fingerprint = /^a=fingerprint:sha-256 ((?:[\da-f]{2}:){31}[\da-f]{2})\r?$/im.exec(sdp)?.[1]
  if (ufrag === undefined || pwd === undefined || fingerprint === undefined) return undefined
  const found = [...sdp.matchAll(HOST_CANDIDATE)].flatMap(([, priority, address, port]) => {
    const candidate = candidateAt(address ?? '', Number(port))
    return candidate === undefined ? [] : [{ candidate, priority: Number(priority) }]
  })
  const ranked = found.sort((a, b) => b.priority - a.priority).map(({ candidate }) => candidate)
  const rank = (candidate: Candidate, place: number) => {
    if (isLoopback(candidate)) return 2
    return ranked.findIndex(({ kind }) => kind === candidate.kind) === place ? 0 : 1
  }
  const candidates = ranked
    .map((candidate, place) => ({ candidate, rank: rank(candidate, place) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ candidate }) => candidate)
  return { ufrag, pwd, fingerprint: hexToBytes(fingerprint.replaceAll(':', '')), candidates }
}

/** The description of an end as the other side's browser takes it. Who answers begins the DTLS handshake, as browsers do. */
export function descriptionOf(
  type: 'offer' | 'answer',
  { ufrag, pwd, fingerprint, candidates }: Endpoint,
): { readonly type: 'offer' | 'answer'; readonly sdp: string } {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${octetsOf(fingerprint).join(':').toUpperCase()}`,
    `a=setup:${type === 'offer' ? 'actpass' : 'active'}`,
    'a=mid:0',
    `a=sctp-port:${SCTP_PORT}`,
    `a=max-message-size:${MESSAGE_BYTES_MAX}`,
    ...candidates.map(
      (candidate, i) =>
        `a=candidate:${i + 1} 1 udp ${PRIORITY - 256 * i} ${addressOf(candidate)} ${candidate.port} typ host`,
    ),
  ]
  return { type, sdp: lines.map((line) => `${line}\r\n`).join('') }
}

const UUID_NAME = /^([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})\.local$/i

function candidateAt(address: string, port: number): Candidate | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 0xffff) return undefined
  const name = UUID_NAME.exec(address)
  if (name !== null) return { kind: 'mdns', address: hexToBytes(name.slice(1).join('')), port }
  if (address.includes(':')) {
    const bytes = ipv6Bytes(address)
    // a link-local address says nothing without the name of an interface, which differs on every device
    return bytes === undefined || isLinkLocal(bytes) ? undefined : { kind: 'ipv6', address: bytes, port }
  }
  const bytes = ipv4Bytes(address)
  return bytes && { kind: 'ipv4', address: bytes, port }
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return undefined
  const parts = text.split('.').map(Number)
  return parts.every((part) => part <= 255) ? Uint8Array.from(parts) : undefined
}

/** The 16 bytes of an IPv6 address in text form. RFC 4291 §2.2, without an embedded IPv4 address. */
function ipv6Bytes(text: string): Uint8Array | undefined {
  const sides = text.split('::').map((side) => (side === '' ? [] : side.split(':')))
  const [head = [], tail = []] = sides
  const gap = 8 - head.length - tail.length
  if (sides.length > 2 || (sides.length === 1 ? gap !== 0 : gap < 1)) return undefined
  const groups = [...head, ...Array<string>(gap).fill('0'), ...tail]
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined
  return hexToBytes(groups.map((group) => group.padStart(4, '0')).join(''))
}

function addressOf({ kind, address }: Candidate): string {
  if (kind === 'ipv4') return address.join('.')
  const hex = bytesToHex(address)
  if (kind === 'ipv6') return (hex.match(/.{4}/g) ?? []).join(':')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}.local`
}

function isLoopback({ kind, address }: Candidate): boolean {
  if (kind === 'ipv4') return address[0] === 127
  return kind === 'ipv6' && bytesToHex(address) === '1'.padStart(32, '0')
}

/** fe80::/10. RFC 4291 §2.4 */
function isLinkLocal(bytes: Uint8Array): boolean {
  return bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80
}

function octetsOf(bytes: Uint8Array): readonly string[] {
  return [...bytes].map((byte) => bytesToHex(Uint8Array.of(byte)))
}
