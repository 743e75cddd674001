/** Views as the peer would send them, for tests to change one thing at a time. */
import type { NetworkId } from '../../src/core/model/id.ts'
import type { PeerView, Snapshot, ThingView } from '../../src/node/api.ts'
import type { RelayState } from '../../src/ports.ts'

/** The key of the `n`th thing of one owner. */
export const keyOf = (n: number) => `${'1'.repeat(64)}:${n.toString(16).padStart(64, '0')}`

/** A thing of ours with nothing measured yet. */
export function thingWith(change: Partial<ThingView> = {}): ThingView {
  return {
    key: keyOf(1),
    mine: true,
    owner: 'did:key:z6Mk',
    name: 'Thing',
    kind: 'simulated',
    access: 'private',
    latest: [],
    spark: [],
    waiting: 0,
    blocks: { total: 0, hereOnly: 0, newestHeldBy: 0 },
    ...change,
  }
}

interface SnapshotChange {
  readonly things?: readonly ThingView[]
  readonly relay?: RelayState
  readonly peers?: readonly PeerView[]
}

/** A snapshot of a peer that is all alone. */
export function snapshotWith({
  things = [],
  relay = { type: 'none' },
  peers = [],
}: SnapshotChange): Snapshot {
  return {
    device: 'did:key:z6Mk',
    network: { id: '0'.repeat(64) as NetworkId, name: 'Mine', relay, peers },
    things,
    storage: { state: 'ok', blocks: 0, bytes: 0, damaged: 0, waitingBlocks: 0 },
  }
}
