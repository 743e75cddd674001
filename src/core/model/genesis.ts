import type { NetworkId, PublicKey } from './id.ts'
import type { Params } from './params.ts'

/** A validator and its weight, 1 … 2^32 − 1. */
export interface Member {
  readonly key: PublicKey
  readonly weight: number
}

/** Money that exists from the start. */
export interface GenesisOutput {
  readonly owner: PublicKey
  readonly amount: number
}

/** What peers share to be one network. Protocol §7. */
export interface Genesis extends Params {
  readonly name: string
  readonly createdAtMs: number
  readonly committee: readonly Member[]
  readonly outputs: readonly GenesisOutput[]
}

/** A genesis with the id its canonical bytes give it. */
export interface Network {
  readonly id: NetworkId
  readonly genesis: Genesis
}
