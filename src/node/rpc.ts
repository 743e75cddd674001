/**
 * Both ends of page ↔ peer. One peer serves every tab of the browser over one broadcast channel, so a tab
 * that opens late or loses its leader needs nothing but the next `leader` message.
 */
export { API_CHANNEL } from './rpc/channel.ts'
export { connectApi, type ApiClient } from './rpc/connect.ts'
export { CALLS_MAX, knownLast, lastKnown, serveApi } from './rpc/serve.ts'
