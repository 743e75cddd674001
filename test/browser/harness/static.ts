import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { extname, join, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}

/** Forbids what the app's server forbids, so that what the harness does to a page is proven to work under it. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  'Cache-Control': 'no-store',
}

/** A folder served on a free port. `http://localhost` is a secure context, so the page has every platform API. */
export interface StaticServer {
  readonly url: string
  close(): Promise<void>
}

/** Serves the files of `folder`, `index.html` at its root, under a strict policy. */
export async function serveFolder(folder: string): Promise<StaticServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = join(folder, normalize(pathname === '/' ? '/index.html' : decodeURIComponent(pathname)))
    const answer = async (): Promise<void> => {
      const found = await stat(file).catch(() => undefined)
      if (found?.isFile() !== true) {
        response.writeHead(404, HEADERS).end()
        return
      }
      response.writeHead(200, {
        ...HEADERS,
        'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      })
      createReadStream(file).pipe(response)
    }
    void answer()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    url: `http://localhost:${address.port}/`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
