/**
 * What a node needs from outside. Each port has one contract test in `test/contract`, which runs on
 * every implementation of it. Ids are hex strings, times are Unix milliseconds.
 */
export type { TimedIds } from './core/model/timed-ids.ts'
export * from './ports/block-store.ts'
export * from './ports/crypto.ts'
export * from './ports/ledger-store.ts'
export * from './ports/mining.ts'
export * from './ports/note-stores.ts'
export * from './ports/pairing.ts'
export * from './ports/peers.ts'
export * from './ports/time.ts'
export * from './ports/transport.ts'
export * from './ports/vault.ts'
