import type { IncomingMessage, ServerResponse } from 'node:http'
import { exposition, EXPOSITION_TYPE } from './exposition.ts'
import { metricsOf } from './figures.ts'
import type { Relay } from './relay.ts'
import { isRead, say } from './serve.ts'

/**
 * Answers GET and HEAD for who looks after a relay: `/health` with 200 `ok`, or 503 `draining` once it lets nobody new
 * in, so that a balancer sends clients elsewhere; `/metrics` with its figures for Prometheus.
 */
export function statusAnswerer(
  relay: Pick<Relay, 'isDraining' | 'figures'>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    if (!isRead(request, response)) return
    const [path] = (request.url ?? '/').split('?', 1)
    if (path === '/health') {
      if (relay.isDraining) say(response, 503, 'draining')
      else say(response, 200, 'ok')
    } else if (path === '/metrics') {
      say(response, 200, exposition(metricsOf(relay.figures(), relay.isDraining)), EXPOSITION_TYPE)
    } else {
      say(response, 404, 'There are /health and /metrics here.\n')
    }
  }
}
