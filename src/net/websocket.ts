/**
 * Lets libp2p end a websocket it aborts. It closes it with code 1006, which no program may send: `close` throws, the
 * error is logged, and the socket stays open, so that the other side keeps a dead connection (js-libp2p pull request
 * 3625). libp2p makes its sockets of whatever `globalThis.WebSocket` is at that moment; `libp2p.ts` imports this module.
 */

/** What a program may close with. WHATWG WebSockets, `close()`. */
const mayBeSent = (code: number) => code === 1000 || (code >= 3000 && code <= 4999)

class EndableWebSocket extends WebSocket {
  override close(code?: number, reason?: string): void {
    if (code !== undefined && mayBeSent(code)) super.close(code, reason)
    else super.close()
  }
}

globalThis.WebSocket = EndableWebSocket
