import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { codeOf } from './errors.ts'

/** Ports tried after the first, where nobody chose one. */
const PORTS_TRIED = 20

/** How long answers under way may take once the server stops. */
const DRAIN_MS = 3_000

/** A whole request must have come within this. */
const REQUEST_MS = 10_000

/** Where a server listens. */
export interface ServeOptions {
  readonly host: string
  readonly port: number
  /** True where no other port will do. */
  readonly portChosen: boolean
  readonly tls?: { readonly cert: string; readonly key: string }
}

export interface Serving {
  readonly port: number
  /** Lets answers under way finish, for a few seconds. */
  stop(): Promise<void>
}

/** Whether a request only reads; any other is answered, with 405. */
export function isRead(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true
  response.setHeader('Allow', 'GET, HEAD')
  say(response, 405, 'Only GET and HEAD are answered here.\n')
  return false
}

/** Answers with a text, of the media type `type`. */
export function say(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  const bytes = Buffer.from(text)
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length })
  // Node leaves the body out where the request is HEAD.
  response.end(bytes)
}

/** Serves over HTTP, or HTTPS with `tls`. Rejects with a system error, `EADDRINUSE` where no port was free. */
export async function serveHttp(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { host, port, portChosen, tls }: ServeOptions,
): Promise<Serving> {
  const timeouts = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }
  const server =
    tls === undefined ? createServer(timeouts, answer) : createSecureServer({ ...timeouts, ...tls }, answer)
  const bound = await listen(server, host, port, portChosen || port === 0 ? 0 : PORTS_TRIED)
  return { port: bound, stop: () => drain(server) }
}

async function listen(server: Server, host: string, port: number, more: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        // a connection that could not be accepted is no reason to end
        server.on('error', (error) => process.stderr.write(`${error.message}\n`))
        resolve()
      })
    })
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE' && more > 0) return listen(server, host, port + 1, more - 1)
    throw error
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
