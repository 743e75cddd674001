import type { Hash } from '../../src/core/model/id.ts'
import type { TransportHandlers } from '../../src/ports.ts'

/** Handlers of a node that holds nothing, for tests to put their own in place of some. */
export const unusedHandlers: TransportHandlers = {
  onGossip: async () => 'forward',
  onFetch: async () => [],
  onServed: () => undefined,
  onClock: () => undefined,
  onTips: async () => [],
  standing: () => ({
    index: 0,
    digest: '00'.repeat(32) as Hash,
    uncommitted: { times: new Float64Array(), ids: new Uint8Array() },
  }),
  onGreeting: () => undefined,
  onCommits: async (cursor) => ({ blocks: [], next: cursor }),
  onOffer: (prefixes) => Array.from(prefixes, () => false),
  onPushed: async () => undefined,
  onMine: async () => ({ type: 'refused', reason: 'off' }),
  onPeer: () => undefined,
  onReachable: () => undefined,
}
