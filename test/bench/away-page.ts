/** What a page says of itself while its peer catches up: how long it was kept busy, and what its connections carried. */
import type { Page } from '@playwright/test'
import '../browser/harness/rtc.ts' // names `rtcConnections`

/** How a page fared since its first connection, or since it was last asked. Times in milliseconds since 1970. */
interface Watched {
  openedAtMs: number
  /** When the first WebRTC connection was up. */
  connectedAtMs: number | undefined
  /** The longest task the browser reports: none under 50 ms. */
  longestTaskMs: number
  /** The longest time between two turns of a timer that asks for one every few milliseconds. */
  longestGapMs: number
}

declare global {
  var watched: Watched
}

/** An init script, for pages with `recordRtc`. */
export function watchPage(): void {
  const watched: Watched = {
    openedAtMs: performance.timeOrigin,
    connectedAtMs: undefined,
    longestTaskMs: 0,
    longestGapMs: 0,
  }
  globalThis.watched = watched
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      watched.longestTaskMs = Math.max(watched.longestTaskMs, duration)
  }).observe({ type: 'longtask', buffered: true })
  let turnAtMs = performance.now()
  const turn = () => {
    const nowMs = performance.now()
    watched.longestGapMs = Math.max(watched.longestGapMs, nowMs - turnAtMs)
    turnAtMs = nowMs
    const isConnected = globalThis.rtcConnections.some(
      ({ connectionState }) => connectionState === 'connected',
    )
    if (watched.connectedAtMs === undefined && isConnected) {
      watched.connectedAtMs = performance.timeOrigin + nowMs
      performance.mark('weft-bench-tasks') // `TASKS_MARK`: nothing from outside reaches an init script
      watched.longestTaskMs = 0 // how the app starts is another matter
      watched.longestGapMs = 0
    }
    setTimeout(turn)
  }
  turn()
}

/** What was watched so far; from here on anew. */
export function takeWatched(page: Page): Promise<Watched> {
  return page.evaluate(() => {
    const { watched } = globalThis
    const taken = { ...watched }
    watched.longestTaskMs = 0
    watched.longestGapMs = 0
    return taken
  })
}

/** Bytes that the page's WebRTC connections have carried both ways, DTLS and all above it. */
export function directBytes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let bytes = 0
    for (const connection of globalThis.rtcConnections)
      for (const [, stats] of (await connection.getStats()).entries()) {
        const { type, bytesReceived, bytesSent } = stats as Record<string, unknown>
        if (type === 'transport') bytes += Number(bytesReceived) + Number(bytesSent)
      }
    return bytes
  })
}
