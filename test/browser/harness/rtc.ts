/**
 * A witness beside the app's own word that two browsers talk directly: the page's WebRTC connections, asked themselves.
 */
import type { Page } from '@playwright/test'

declare global {
  /** Every WebRTC connection the page has made. */
  var rtcConnections: RTCPeerConnection[]
}

/** How the ends of a connection are reached: `host` and `prflx` are a device's own address, `relay` a TURN server's. */
export interface Pair {
  readonly local: string
  readonly remote: string
}

/** An init script: remembers each `RTCPeerConnection` the page makes. */
export function recordRtc(): void {
  const made: RTCPeerConnection[] = []
  globalThis.rtcConnections = made
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      made.push(this)
    }
  }
}

/** The candidate pairs that connected WebRTC connections of the page use now. */
export function connectedPairs(page: Page): Promise<readonly Pair[]> {
  return page.evaluate(async () => {
    const pairs: Pair[] = []
    for (const connection of globalThis.rtcConnections) {
      if (connection.connectionState !== 'connected') continue
      const stats = new Map<string, Record<string, unknown>>()
      for (const [id, value] of (await connection.getStats()).entries()) {
        stats.set(id, value as Record<string, unknown>)
      }
      const typeOf = (id: unknown): string => String(stats.get(String(id))?.['candidateType'])
      for (const pair of stats.values()) {
        if (pair['type'] !== 'candidate-pair' || pair['nominated'] !== true) continue
        pairs.push({ local: typeOf(pair['localCandidateId']), remote: typeOf(pair['remoteCandidateId']) })
      }
    }
    return pairs
  })
}
