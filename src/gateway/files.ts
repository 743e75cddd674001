import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { isRead, say } from './serve.ts'

/**
 * Headers of every answer. Scripts, styles, workers and wasm come from this server only; websockets may go to any
 * relay an invitation names; texts become scripts through two policies of Trusted Types only.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html default',
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // Bluetooth, light and the battery are allowed where nothing says otherwise, and Chromium warns of their names
  'Permissions-Policy': [
    'accelerometer=(self)',
    'gyroscope=(self)',
    'magnetometer=(self)',
    'geolocation=(self)',
    'microphone=(self)',
    'camera=(self)',
    'serial=(self)',
  ].join(', '),
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}

/** The build names these by their content, so what is at such an address never changes. */
const HASHED = /^\/assets\/.*-[\w-]{8}\.\w+$/

/** One file that is served: where it lies and how it is described. */
interface Served {
  readonly file: string
  readonly type: string
  readonly bytes: number
  readonly cache: string
}

/** The files of a build by the path of their address. */
export type Site = ReadonlyMap<string, Served>

/**
 * Lists the files under `root`, once. Only what is in this list is ever opened, so no request can name anything else.
 * Rejects where there is no such folder.
 */
export async function readSite(root: string): Promise<Site> {
  const site = new Map<string, Served>()
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(root, file).split(sep).join('/')}`
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    const cache = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
    site.set(path, { file, type, bytes: (await stat(file)).size, cache })
  }
  const index = site.get('/index.html')
  if (index !== undefined) site.set('/', index)
  return site
}

/**
 * Answers GET and HEAD: the files of `site`, and at `/relay.json` the addresses of the relay as `{"multiaddrs": […]}`.
 * It names a relay and never a network: which network to join is in the invitation.
 */
export function answerer(
  site: Site,
  relay: () => readonly string[],
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    if (!isRead(request, response)) return
    const path = pathOf(request.url)
    if (path === '/relay.json') {
      response.setHeader('Cache-Control', 'no-store')
      say(response, 200, JSON.stringify({ multiaddrs: relay() }), TYPES['.json'])
      return
    }
    const served = path === undefined ? undefined : site.get(path)
    if (served === undefined) {
      response.setHeader('Cache-Control', 'no-store')
      say(response, 404, 'There is nothing here.\n')
    } else {
      send(request, response, served)
    }
  }
}

/** The path of a request, decoded; `undefined` where it is not one. */
function pathOf(url = '/'): string | undefined {
  try {
    return decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '/')
  } catch {
    return undefined
  }
}

function send(request: IncomingMessage, response: ServerResponse, served: Served): void {
  response.writeHead(200, {
    'Content-Type': served.type,
    'Content-Length': served.bytes,
    'Cache-Control': served.cache,
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  // A file that went or shrank since the list was made: the answer is cut short, and the client sees that.
  createReadStream(served.file)
    .on('error', () => response.destroy())
    .pipe(response)
}
