import type { Source } from '../core/model/change.ts'
import type { PublicKey } from '../core/model/id.ts'

/** Blocks of one peer that may wait: the longest answer to a request, of the smallest blocks, and as much gossip. */
export const QUEUED_PER_PEER_MAX = 4096

/** Bytes of one peer's that may wait: the longest answer, and as much gossip. */
export const QUEUED_BYTES_PER_PEER_MAX = 2 * 2 ** 20

/** Blocks and bytes that may wait in all: four full peers, since more could not be served in good time. */
export const QUEUED_MAX = 4 * QUEUED_PER_PEER_MAX
export const QUEUED_BYTES_MAX = 4 * QUEUED_BYTES_PER_PEER_MAX

/** What waits for its turn, and on whose account. */
export interface Claim {
  /** The peer that sent it. */
  readonly from: Source
  /** Who is said to have issued it: nothing has been verified yet. */
  readonly issuer: PublicKey
  readonly bytes: number
  /** Signatures that its turn takes to verify. */
  readonly cost: number
}

/** Blocks, and bytes of blocks. */
interface Size {
  count: number
  bytes: number
}

/** What waits of one issuer's, oldest first. */
interface Line<T> extends Size {
  readonly issuer: PublicKey
  readonly claims: T[]
}

/** What one peer has waiting. */
interface Share<T> extends Size {
  /** By issuer; the one whose turn it is comes first. */
  readonly lines: Map<PublicKey, Line<T>>
  /** The peer's account of virtual time: what its turns have cost, from where the others stood when it began. */
  usedCost: number
}

/**
 * A bounded queue that is fair on two levels. Peers share what the turns cost alike (start-time fair queueing: Goyal,
 * Vin and Cheng, SIGCOMM 1996), since a connection is what a flooder cannot make up; the issuers that one peer's blocks
 * name take turns, so that who floods through an honest neighbour leaves the others their part. Issuers alone would not
 * do: nobody has proved to be one, and a flooder names a new one in each block.
 *
 * Where a bound is passed, the peer that holds most gives way, and of its blocks the newest of the issuer who holds most:
 * the oldest of a chain are what the others stand on, and what is let go of can be fetched later. Protocol §8, §9.
 */
export class FairQueue<T extends Claim> {
  readonly #shares = new Map<Source, Share<T>>()
  #count = 0
  #bytes = 0
  /** Where the peer served last stood before its turn. */
  #servedCost = 0

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Puts a claim in line. Returns what had to go for it, possibly the claim itself. */
  add(claim: T): T[] {
    const share = this.#shareOf(claim.from)
    if (share.count === 0) share.usedCost = Math.max(share.usedCost, this.#servedCost)
    const { issuer } = claim
    const line = share.lines.get(issuer) ?? { issuer, claims: [], count: 0, bytes: 0 }
    line.claims.push(claim)
    share.lines.set(issuer, line)
    this.#tally(share, line, claim, 1)
    const gone: T[] = []
    while (fullnessOf(share) > 1) gone.push(this.#shorten(share))
    while (this.#count > QUEUED_MAX || this.#bytes > QUEUED_BYTES_MAX)
      gone.push(this.#shorten(fullest(this.#shares.values())))
    return gone
  }

  /** Takes out the claim whose turn it is. */
  next(): T | undefined {
    if (this.#count === 0) return undefined
    const waiting = [...this.#shares.values()].filter(({ count }) => count > 0)
    const share = waiting.reduce((least, each) => (each.usedCost < least.usedCost ? each : least))
    this.#servedCost = share.usedCost
    const [line] = share.lines.values()
    const claim = line?.claims.shift()
    if (line === undefined || claim === undefined) throw new Error('a count of what is not there')
    this.#tally(share, line, claim, -1)
    share.lines.delete(line.issuer)
    if (line.count > 0) share.lines.set(line.issuer, line)
    share.usedCost += claim.cost
    this.#forgetPaid()
    return claim
  }

  /** Takes out all of a peer's. */
  remove(from: Source): T[] {
    const share = this.#shares.get(from)
    if (share === undefined) return []
    const gone: T[] = []
    for (const line of share.lines.values())
      for (const claim of line.claims) {
        this.#tally(share, line, claim, -1)
        gone.push(claim)
      }
    share.lines.clear()
    return gone
  }

  #shareOf(from: Source): Share<T> {
    const share = this.#shares.get(from) ?? { lines: new Map(), count: 0, bytes: 0, usedCost: 0 }
    this.#shares.set(from, share)
    return share
  }

  /** Who has nothing waiting is remembered until the others have had as much: going away must not clear an account. */
  #forgetPaid(): void {
    for (const [from, { count, usedCost }] of this.#shares)
      if (count === 0 && (this.#count === 0 || usedCost <= this.#servedCost)) this.#shares.delete(from)
  }

  #shorten(share: Share<T>): T {
    const line = fullest(share.lines.values())
    const gone = line.claims.pop()
    if (gone === undefined) throw new Error('nothing to let go of')
    this.#tally(share, line, gone, -1)
    if (line.count === 0) share.lines.delete(line.issuer)
    return gone
  }

  #tally(share: Size, line: Size, { bytes }: Claim, sign: 1 | -1): void {
    for (const size of [share, line]) {
      size.count += sign
      size.bytes += sign * bytes
    }
    this.#count += sign
    this.#bytes += sign * bytes
  }
}

/** How much of a peer's bounds it takes, by the one it is nearer to; above 1 a bound is passed. */
function fullnessOf({ count, bytes }: Size): number {
  return Math.max(count / QUEUED_PER_PEER_MAX, bytes / QUEUED_BYTES_PER_PEER_MAX)
}

/** The last of the fullest: where all have as much, whoever came last. */
function fullest<T extends Size>(sizes: Iterable<T>): T {
  let most: T | undefined
  for (const each of sizes) if (most === undefined || fullnessOf(each) >= fullnessOf(most)) most = each
  if (most === undefined) throw new Error('nobody has anything')
  return most
}
