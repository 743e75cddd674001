import type { TransportHandlers } from '../ports.ts'

/**
 * `handlers` that hand what they throw to `fault`: it is a fault of ours, and no peer is blamed for it. Calls without an
 * answer then return; those for an answer reject, which ends the peer's stream. `onGossip` stays as it is: gossip judges
 * what fails.
 */
export function guarded(handlers: TransportHandlers, fault: (error: unknown) => void): TransportHandlers {
  const tell = (call: () => void) => {
    try {
      call()
    } catch (error) {
      fault(error)
    }
  }
  const faulty = (error: unknown) => {
    fault(error)
    return new Error('No answer, by a fault of this node.', { cause: error })
  }
  const ask = async <T>(answer: () => Promise<T>) => {
    try {
      return await answer()
    } catch (error) {
      throw faulty(error)
    }
  }
  const sure = <T>(answer: () => T) => {
    try {
      return answer()
    } catch (error) {
      throw faulty(error)
    }
  }
  return {
    onGossip: (bytes, from) => handlers.onGossip(bytes, from),
    onFetch: (ids, from) => ask(() => handlers.onFetch(ids, from)),
    onServed: (ids, peer) => tell(() => handlers.onServed(ids, peer)),
    onClock: (offsetMs, from) => tell(() => handlers.onClock(offsetMs, from)),
    onTips: (ids, from) => ask(() => handlers.onTips(ids, from)),
    standing: () => sure(() => handlers.standing()),
    onGreeting: (greetings, from) => tell(() => handlers.onGreeting(greetings, from)),
    onCommits: (cursor, upTo, bytesMax, from) => ask(() => handlers.onCommits(cursor, upTo, bytesMax, from)),
    onOffer: (prefixes, from) => sure(() => handlers.onOffer(prefixes, from)),
    onPushed: (blocks, from) => ask(() => handlers.onPushed(blocks, from)),
    onMine: (request, from, signal) => ask(() => handlers.onMine(request, from, signal)),
    onPeer: (peer, change) => tell(() => handlers.onPeer(peer, change)),
    onStranger: (stranger, peer) => tell(() => handlers.onStranger?.(stranger, peer)),
    onReachable: (relay) => tell(() => handlers.onReachable(relay)),
  }
}
