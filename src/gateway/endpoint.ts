import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'

/** Where a server listens. */
export interface Endpoint {
  /** An IP address, or a name that leads to this machine. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
}

/** What a multiaddr says after its port, where websockets are spoken: plainly, or over TLS in either spelling. */
const PLAIN = ['ws']
const SECURE = ['tls/ws', 'wss']

const PORT_MAX = 65_535

/** The port in a text; `undefined` where it is none. */
export function portOf(text: string): number | undefined {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port <= PORT_MAX ? port : undefined
}

/** Reads `host:port`, with an IPv6 address in brackets; `undefined` where it is something else. */
export function endpointOf(text: string): Endpoint | undefined {
  const [, v6, name, digits = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):(\d+)$/.exec(text) ?? []
  const host = v6 ?? name
  const port = portOf(digits)
  return host === undefined || port === undefined ? undefined : { host, port }
}

/**
 * Reads where a relay is to listen: `host:port`, or a multiaddr such as `/ip4/0.0.0.0/tcp/9338/ws`. `undefined` where
 * it is neither, or its end disagrees with whether the relay speaks TLS.
 */
export function listenOf(text: string, secure: boolean): Endpoint | undefined {
  if (!text.startsWith('/')) return endpointOf(text)
  const [place, tcp, ...rest] = componentsOf(text)
  const port = portOf(tcp?.value ?? '')
  const tail = rest.map(({ name }) => name).join('/')
  if (!/^(?:ip[46]|dns[46]?)$/.test(place?.name ?? '') || place?.value === undefined) return undefined
  if (tcp?.name !== 'tcp' || port === undefined) return undefined
  return (secure ? SECURE : PLAIN).includes(tail) ? { host: place.value, port } : undefined
}

/** Whether browsers can dial `text`, and it names no peer: a relay adds its own id. */
export function isAnnounceable(text: string): boolean {
  const names = componentsOf(text).map(({ name }) => name)
  return (
    names.includes('tcp') && [...PLAIN, ...SECURE].some((tail) => `/${names.join('/')}`.endsWith(`/${tail}`))
  )
}

/** Whether only this machine can reach `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** The parts of a multiaddr; none where it is not one. */
function componentsOf(text: string): ReturnType<Multiaddr['getComponents']> {
  try {
    return multiaddr(text).getComponents()
  } catch {
    return []
  }
}
