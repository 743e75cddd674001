import { describe, expect, it } from 'vitest'
import {
  createMemoryBlockStore,
  createMemoryLedgerStore,
  createMemoryNoteStore,
} from '../../src/store/memory.ts'
import { testSigner } from '../net/support.ts'
import { identities, networkFor, pay, proposalIn } from './make-committee.ts'
import { eachWithWorld, until, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

interface Held {
  readonly what: string
  readonly go: () => void
}

/** Stores of which each write waits until the test lets it go on, once `isHeld` is set. */
function heldStores() {
  const blocks = createMemoryBlockStore()
  const ledger = createMemoryLedgerStore()
  const notes = createMemoryNoteStore()
  const waiting: Held[] = []
  const held = { isHeld: false, waiting }
  const write = async (what: string, work: () => Promise<void>) => {
    if (held.isHeld) await new Promise<void>((go) => waiting.push({ what, go }))
    await work()
  }
  const openStores = async () => ({
    blocks: {
      ...blocks,
      append: (added: Parameters<typeof blocks.append>[0], durability: 'strict' | 'relaxed') =>
        write(`${added.length} blocks, ${durability}`, () => blocks.append(added, durability)),
    },
    ledger: {
      ...ledger,
      append: (step: Parameters<typeof ledger.append>[0]) =>
        write(`${step.commits.length} commit`, () => ledger.append(step)),
    },
    notes: {
      ...notes,
      put: (entries: Parameters<typeof notes.put>[0]) => write('note', () => notes.put(entries)),
    },
  })
  return { held, openStores, notes, blocks }
}

describe('A payment in a network of one', () => {
  it('is final after three waits for the disk, and nothing is told before', async () => {
    const [one] = await identities(world, 1)
    if (!one) throw new Error('one identity')
    const { held, openStores, notes, blocks } = heldStores()
    const options = { network: networkFor([one.keys]), keys: one.keys, openStores }
    const made = await world.node('one', options)
    const friend = await world.stranger('friend')
    await world.link(friend, made)
    held.isHeld = true
    let isPaid = false
    const paying = pay({ made, options }, testSigner(1).publicKey, 1000).then(() => (isPaid = true))

    const step = async (): Promise<string> => {
      await until(() => held.waiting.length > 0)
      await world.quiet()
      const [write, ...others] = held.waiting.splice(0)
      expect(others).toEqual([])
      write?.go()
      await world.quiet()
      return write?.what ?? ''
    }
    await until(() => held.waiting.length > 0)
    await world.quiet()
    expect([isPaid, made.stored.length, made.commits.length]).toEqual([false, 0, 0])
    expect(await step()).toBe('1 blocks, strict')
    expect([isPaid, made.stored.length, made.commits.length]).toEqual([true, 1, 0])
    // the proposals were made meanwhile, and are written at once
    expect(await step()).toBe('3 blocks, strict')
    expect([made.stored.length, made.commits.length]).toEqual([1, 0])
    expect(friend.gossip).toHaveLength(1)
    expect(await step()).toBe('note')
    expect([made.stored.length, made.commits.length]).toEqual([4, 1])
    expect(friend.gossip).toHaveLength(4)
    expect(await step()).toBe('1 commit')
    await paying
    expect(held.waiting).toEqual([])

    const [[, note]] = (await notes.list('proposer/')) as [[string, { round: number; bytes: Uint8Array }]]
    expect(note.round).toBe(3)
    expect(proposalIn(note.bytes, options.network)?.round).toBe(3)
    expect(blocks.stats().blocks).toBe(4)
  })
})
