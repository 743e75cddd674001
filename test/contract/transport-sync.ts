import { bytesToHex } from '@noble/hashes/utils.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BlockId, Hash } from '../../src/core/model/id.ts'
import type { CommitCursor, Greetings, TimedIds, TransportHandlers } from '../../src/ports.ts'
import { unusedHandlers } from '../net/unused-handlers.ts'
import type { TransportRig } from './transport.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }

const blockOf = (id: BlockId) => new TextEncoder().encode(`block ${id}`)
const digestOf = (number: number) => number.toString(16).padStart(64, '0') as Hash

/** The `number`th id in the order of time: the same each time, and no two with the same first bytes. */
function idOf(number: number): BlockId {
  return bytesToHex(
    Uint8Array.from({ length: 32 }, (_, i) => (number * (2 * i + 7) + i * i) & 0xff),
  ) as BlockId
}

function timed(numbers: readonly number[]): TimedIds {
  const ids = new Uint8Array(32 * numbers.length)
  numbers.forEach((number, row) => ids.set(Buffer.from(idOf(number), 'hex'), 32 * row))
  return { times: Float64Array.from(numbers, (number) => 1_700_000_000_000 + number), ids }
}

/** How two peers become equal over any transport. Protocol §8. */
export function transportSyncContract(name: string, open: () => Promise<TransportRig>): void {
  describe(`${name}, becoming equal`, { timeout: 30_000 }, () => {
    let rig: TransportRig

    afterEach(async () => rig.close())

    /** Two connected peers: the one that asks, and the one that answers. */
    async function pair(asker: Partial<TransportHandlers>, answerer: Partial<TransportHandlers>) {
      rig = await open()
      const met = Promise.withResolvers<void>()
      const b = await rig.peer({ ...unusedHandlers, ...answerer }, [], 0)
      const onPeer = () => met.resolve()
      const a = await rig.peer({ ...unusedHandlers, ...asker, onPeer }, [b], 0)
      await met.promise
      return { a, b }
    }

    it('tells both where both stand', async () => {
      const heard = Promise.withResolvers<Greetings>()
      const onGreeting = (greetings: Greetings) => heard.resolve(greetings)
      const { a, b } = await pair(
        { standing: () => ({ index: 3, digest: digestOf(3), uncommitted: timed([1, 2]) }) },
        { standing: () => ({ index: 5, digest: digestOf(5), uncommitted: timed([1, 2, 3]) }), onGreeting },
      )
      const { ours, theirs } = await a.transport.greet(b.id)
      expect(ours).toMatchObject({ index: 3, digest: digestOf(3), uncommitted: 2 })
      expect(theirs).toMatchObject({ index: 5, digest: digestOf(5), uncommitted: 3 })
      expect(ours.fingerprint).not.toEqual(theirs.fingerprint)
      expect(await heard.promise).toEqual({ ours: theirs, theirs: ours })
    })

    it('gives the same fingerprint to the same blocks', async () => {
      const standing = () => ({ index: 0, digest: digestOf(0), uncommitted: timed([4, 8]) })
      const { a, b } = await pair({ standing }, { standing })
      const { ours, theirs } = await a.transport.greet(b.id)
      expect(ours).toEqual(theirs)
    })

    it('carries committed blocks in their order, and says where they end', async () => {
      const asked: unknown[] = []
      const blocks = [1, 2, 3].map((number) => blockOf(idOf(number)))
      const onCommits = async (cursor: CommitCursor, upTo: number) => {
        asked.push({ cursor, upTo })
        return { blocks, next: { after: 9, skip: 4 } }
      }
      const { a, b } = await pair({}, { onCommits })
      expect(await a.transport.commits(b.id, { after: 7, skip: 2 }, 20)).toEqual({
        blocks,
        next: { after: 9, skip: 4 },
      })
      expect(asked).toEqual([{ cursor: { after: 7, skip: 2 }, upTo: 20 }])
    })

    it('finds what only one side has, names what is lacking and gives what is wanted', async () => {
      const common = Array.from({ length: 500 }, (_, number) => 10 * number)
      const [mine, theirs] = [
        [13, 1003, 5001, 5002],
        [17, 2009, 5003],
      ]
      const sorted = (numbers: readonly number[]) => [...numbers].sort((one, other) => one - other)
      const pushed: Uint8Array[] = []
      const served: BlockId[] = []
      const { a, b } = await pair(
        {
          standing: () => ({
            index: 0,
            digest: digestOf(0),
            uncommitted: timed(sorted([...common, ...mine])),
          }),
          onFetch: async (ids) => ids.map((id) => ({ id, bytes: blockOf(id) })),
          onServed: (ids) => served.push(...ids),
        },
        {
          standing: () => ({
            index: 0,
            digest: digestOf(0),
            uncommitted: timed(sorted([...common, ...theirs])),
          }),
          // one of them has come another way meanwhile
          onOffer: (prefixes) => Array.from(prefixes, (_, i) => i !== 1),
          onPushed: async (blocks) => void pushed.push(...blocks),
        },
      )
      expect((await a.transport.reconcile(b.id)).toSorted()).toEqual(theirs.map(idOf).toSorted())
      expect(served).toHaveLength(mine.length - 1)
      expect(mine.map(idOf)).toEqual(expect.arrayContaining(served))
      expect(pushed).toEqual(served.map(blockOf))
    })

    it('finds nothing between equals, and offers nothing', async () => {
      const standing = () => ({ index: 0, digest: digestOf(0), uncommitted: timed([1, 2, 3]) })
      const onOffer = vi.fn(() => [])
      const { a, b } = await pair({ standing }, { standing, onOffer })
      expect(await a.transport.reconcile(b.id)).toEqual([])
      expect(onOffer).not.toHaveBeenCalled()
    })

    it('is over, and told so, when the answering side fails', async () => {
      const { a, b } = await pair(
        {},
        {
          onCommits: async () => {
            throw new Error('a fault of the node')
          },
        },
      )
      await expect(a.transport.commits(b.id, { after: 0, skip: 0 }, 1)).rejects.toThrow()
      await vi.waitFor(() => expect(rig.faults).toHaveLength(1), PATIENCE)
      expect(a.transport.peers()).toHaveLength(1)
    })
  })
}
