import type { Dropped } from '../core/model/verdict.ts'
import { StoreError } from '../ports.ts'

/** Why a block of our own came to nothing: its parents are too far ahead of this clock, or there was no room to wait. */
export class NotIssued extends Error {
  readonly dropped: Dropped
  constructor(dropped: Dropped) {
    super(`The block was let go of: ${dropped.reason}.`)
    this.name = 'NotIssued'
    this.dropped = dropped
  }
}

/** Takes a rejection that only says the node stopped meanwhile: nothing was acknowledged. Others are our own bugs. */
export function unlessClosed(error: unknown): void {
  if (!(error instanceof StoreError && error.kind === 'closed')) throw error
}

/** What whoever waits for a block is told when the node stops. */
export function stopped(): StoreError {
  return new StoreError('closed', 'The node stopped before the block was stored.')
}
