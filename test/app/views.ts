/** Views as the peer would send them, for tests to change one thing at a time. */
import type { NetworkId } from '../../src/core/model/id.ts'
import type { TransactionId } from '../../src/core/model/transaction.ts'
import type {
  CatchingUpView,
  OrderView,
  PaymentView,
  PeerView,
  Snapshot,
  ThingView,
} from '../../src/node/api.ts'
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
    blocks: { total: 0, hereOnly: 0, newestHeldBy: 0, committed: 0, newestCommitted: false },
    ...change,
  }
}

/** The did:key of a device that is here, and of two others: well-formed, of no known secret key. */
export const DEVICE = `did:key:z6Mk${'1'.repeat(44)}`
export const ANN = `did:key:z6Mk${'A'.repeat(44)}`
export const BEN = `did:key:z6Mk${'B'.repeat(44)}`

/** A payment of 5 W to Ann that is on its way. `id` is a small number. */
export function paymentWith({ id = 1, ...change }: Partial<Omit<PaymentView, 'id'>> & { id?: number } = {}) {
  const payment: PaymentView = {
    id: id.toString(16).padStart(64, '0') as TransactionId,
    direction: 'sent',
    amount: 5_000_000,
    who: [ANN],
    memo: '',
    atMs: 0,
    state: { type: 'pending', heldBy: 1 },
    ...change,
  }
  return payment
}

interface SnapshotChange {
  readonly things?: readonly ThingView[]
  readonly relay?: RelayState
  readonly peers?: readonly PeerView[]
  readonly order?: Partial<OrderView>
  readonly catchingUp?: CatchingUpView
}

/** A snapshot of a peer that is all alone. */
export function snapshotWith({
  things = [],
  relay = { type: 'none' },
  peers = [],
  order,
  catchingUp,
}: SnapshotChange): Snapshot {
  return {
    device: DEVICE,
    network: {
      id: '0'.repeat(64) as NetworkId,
      name: 'Mine',
      relay,
      peers,
      order: {
        index: 0,
        atMs: 0,
        validator: { type: 'proposing' },
        committee: [{ key: DEVICE, weight: 1 }],
        ...order,
      },
      ...(catchingUp && { catchingUp }),
    },
    wallet: {
      balance: { spendable: 0, leaving: 0, locked: 0, refundable: 0 },
      payments: [],
      allowance: { perPayment: 0, perDay: 0, spent: 0 },
    },
    contacts: [],
    things,
    storage: { state: 'ok', blocks: 0, bytes: 0, damaged: 0, waitingBlocks: 0 },
  }
}
