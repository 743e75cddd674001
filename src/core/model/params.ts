/** The numbers a genesis fixes for its network. Times in milliseconds. Protocol §7. */
export interface Params {
  /** Difficulty of an empty data or transaction block: expected hashes. 1 … 2^28. */
  readonly powBase: number
  /** Difficulty added for each started KiB of payload. */
  readonly powPerKiB: number
  /** The least amount an output may hold. */
  readonly dust: number
  readonly minRoundMs: number
  readonly dataRoundMs: number
  readonly leaderTimeoutMs: number
}

/** A network's defaults. Protocol §7. */
export const DEFAULT_PARAMS: Params = {
  powBase: 2 ** 22,
  powPerKiB: 2 ** 18,
  dust: 1000,
  minRoundMs: 200,
  dataRoundMs: 30_000,
  leaderTimeoutMs: 1500,
}

/** Units of money in a new network. Protocol §7. */
export const DEFAULT_SUPPLY = 10 ** 15

/** powBase + 16·powPerKiB may not exceed this: the dearest block stays minable. Protocol §7. */
export const POW_TOTAL_MAX = 2 ** 28

/** A validator's weight is a u32 of at least 1. Protocol §7. */
export const WEIGHT_MAX = 2 ** 32 - 1

/** Validators a committee may have. Protocol §7. */
export const COMMITTEE_MAX = 64

/** Outputs a genesis may have: as many as a block could carry in 16 KiB, which keeps invitations small. */
export const GENESIS_OUTPUTS_MAX = 256

/** Characters in a network's name. Not in the wire protocol; a name has to fit a phone's screen. */
export const NETWORK_NAME_CHARACTERS_MAX = 64

/** Bytes of a canonical genesis: 64 validators and 256 outputs at their longest fit. */
export const GENESIS_BYTES_MAX = 48 * 1024
