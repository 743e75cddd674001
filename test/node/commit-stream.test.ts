import { expect, it, vi } from 'vitest'
import { blockIdOf } from '../../src/core/codec/hex.ts'
import { CommitStream } from '../../src/node/commit-stream.ts'
import type { Outcome } from '../../src/node/outcome.ts'
import type { CommitCursor, CommittedBlocks, PeerId } from '../../src/ports.ts'

/** Blocks of one commit here, and how many of them fit into an answer. */
const BLOCKS = 40
const PER_ANSWER = 8

interface Request {
  readonly peer: PeerId
  readonly cursor: CommitCursor
  readonly answer: (with_: CommittedBlocks) => void
  readonly fail: () => void
}

/** A stream whose peers' answers, and whose checks, happen when the test says so. */
function start() {
  const requests: Request[] = []
  const taken: { readonly from: PeerId; readonly count: number; readonly done: (each: Outcome) => void }[] =
    []
  let index = 0
  const stream = new CommitStream({
    transport: {
      commits: (peer, cursor) =>
        new Promise((answer, fail) => requests.push({ peer, cursor, answer, fail: () => fail(new Error()) })),
      blame: vi.fn(),
    },
    index: () => index,
    hasDiverged: () => false,
    deliver: (blocks, from) =>
      new Promise((resolve) =>
        taken.push({
          from,
          count: blocks.length,
          done: (each) => {
            if (each.type === 'attached') index = 1
            resolve(blocks.map(() => each))
          },
        }),
      ),
  })
  return { stream, requests, taken }
}

const ID = blockIdOf(new Uint8Array(32))
const ATTACHED: Outcome = { type: 'attached', id: ID }
const BUSY: Outcome = { type: 'busy' }

/** What a peer that has the commit answers to `cursor`. */
function partOf({ skip }: CommitCursor): CommittedBlocks {
  const count = Math.min(PER_ANSWER, BLOCKS - skip)
  const isLast = skip + count === BLOCKS
  return {
    blocks: Array.from({ length: count }, () => new Uint8Array(1)),
    next: isLast ? { after: 1, skip: 0 } : { after: 0, skip: skip + count },
  }
}

const answered = ({ cursor, answer }: Request) => answer(partOf(cursor))

it('what did not fit an answer is asked for as soon as that is here, and only so far ahead', async () => {
  const { stream, requests, taken } = start()
  const joined = stream.join('peer', 1)
  for (let i = 0; i < 3; i++) {
    await vi.waitFor(() => expect(requests.length).toBe(i + 1))
    const request = requests[i]
    expect(request?.cursor).toEqual({ after: 0, skip: i * PER_ANSWER })
    if (request) answered(request)
  }
  await vi.waitFor(() => expect(taken.length).toBe(1))
  await Promise.resolve()
  // one is being checked, two wait, and a fourth has to wait for the first
  expect(requests.length).toBe(3)
  for (let i = 0; i < BLOCKS / PER_ANSWER; i++) {
    await vi.waitFor(() => expect(taken.length).toBe(i + 1))
    taken[i]?.done(ATTACHED)
    if (i + 3 >= BLOCKS / PER_ANSWER) continue
    await vi.waitFor(() => expect(requests.length).toBe(i + 4))
    answered(requests[i + 3] as Request)
  }
  await joined
  expect(taken.map(({ count }) => count)).toEqual([8, 8, 8, 8, 8])
  expect(requests.map(({ cursor }) => cursor.skip)).toEqual([0, 8, 16, 24, 32])
})

it('where an answer is refused, what followed it is dropped, and another peer is asked from where it began', async () => {
  const { stream, requests, taken } = start()
  const joined = Promise.all([stream.join('liar', 1), stream.join('honest', 1)])
  await vi.waitFor(() => expect(requests.length).toBe(1))
  const liar = requests[0]?.peer
  answered(requests[0] as Request)
  await vi.waitFor(() => expect(requests.length).toBe(2))
  answered(requests[1] as Request)
  await vi.waitFor(() => expect(taken.length).toBe(1))
  taken[0]?.done(BUSY)
  await vi.waitFor(() => expect(requests.findLast(({ cursor }) => cursor.skip === 0)?.peer).not.toBe(liar))
  const again = requests.findLastIndex(({ cursor }) => cursor.skip === 0)
  for (let i = 0; i < BLOCKS / PER_ANSWER; i++) {
    await vi.waitFor(() => expect(requests.length).toBeGreaterThan(again + i))
    answered(requests[again + i] as Request)
    await vi.waitFor(() => expect(taken.length).toBe(i + 2))
    taken[i + 1]?.done(ATTACHED)
  }
  await joined
  expect(taken.slice(1).map(({ from }) => from)).not.toContain(liar)
  expect(taken.slice(1).map(({ count }) => count)).toEqual([8, 8, 8, 8, 8])
})
