/** How far ahead of this node's clock a block may be and still be ripe. Protocol §2. */
export const RIPE_AHEAD_MS = 5_000

/** Further ahead than this a block is not even parked: a clock that wrong is not worth memory. Protocol §4. */
export const AHEAD_MS_MAX = 120_000

/** Blocks parked for one peer. Protocol §8. */
export const PARKED_PER_PEER_MAX = 256

/** Bytes parked for one peer. Protocol §8. */
export const PARKED_BYTES_PER_PEER_MAX = 2 * 2 ** 20

/** Blocks and bytes parked in all: sixteen full peers, so that peers who come and go under new names cannot fill memory. */
export const PARKED_MAX = 16 * PARKED_PER_PEER_MAX
export const PARKED_BYTES_MAX = 16 * PARKED_BYTES_PER_PEER_MAX

/** Ids of invalid blocks remembered: a child of one is known for invalid at once; an old one is judged again. */
export const INVALID_IDS_MAX = 4096

/** Blocks the graph keeps in memory, 2^17. At about 98 bytes each, the heap's share among them, the window stays near 13 MB. */
export const WINDOW_BLOCKS_MAX = 131_072

/**
 * Windows of blocks that are held where agreement cannot let go of them, because they are not committed: a month of
 * one thing at a block each five seconds. Beyond it no more data and transactions are taken until commits go on.
 */
export const HELD_PER_WINDOW = 4

/** Tips a node offers its own blocks to. Beyond it the oldest tips wait for an opening to collect them. Protocol §9. */
export const TIPS_MAX = 4096

/**
 * Bytes of transactions that wait for their commit in memory: four thousand of the largest, or a quarter of a million
 * usual ones. Beyond it no more are taken until commits go on.
 */
export const TRANSACTION_BYTES_HELD_MAX = 64 * 2 ** 20

/** Proposals taken for one slot unless a block names more: the evidence needs two, a third proves nothing. Protocol §8. */
export const TWINS_MAX = 2

/**
 * Own commits whose digests are remembered, to be held against what proposals name: a day and a half of one each thirty
 * seconds, as data alone brings about; a quarter of an hour of payments without a pause. Sides of a network that were
 * apart for longer find out as soon as one names a commit among the newest of the other. Protocol §8.
 */
export const DIGESTS_MAX = 4096
