import { describe, expect, it } from 'vitest'
import { StoreError, type BlockStore, type LedgerStore, type StoredBlock } from '../../src/ports.ts'
import {
  createMemoryBlockStore,
  createMemoryLedgerStore,
  createMemoryNoteStore,
  memoryPageStore,
} from '../../src/store/memory.ts'
import {
  reopeningBlockStore,
  reopeningLedgerStore,
  reopeningNoteStore,
  reopeningPageStore,
} from '../../src/store/reopening.ts'
import { checkRejects, standInBlocks } from './cases.ts'
import { LedgerStory } from './ledger-story.ts'

const BLOCKS = standInBlocks(7, 4)

/** A disk that outlives its connections. `drop` ends the present one; the next append may get through unnoticed. */
class Disk {
  readonly held = createMemoryBlockStore()
  opened = 0
  #live = 0
  writesUnnoticed = false

  open = async (): Promise<BlockStore> => {
    const connection = ++this.#live
    this.opened++
    const alive = () => {
      if (connection !== this.#live) throw new StoreError('closed', 'The connection has ended.')
    }
    return {
      append: async (blocks, durability) => {
        if (connection !== this.#live && this.writesUnnoticed) await this.held.append(blocks, durability)
        alive()
        await this.held.append(blocks, durability)
      },
      read: async (ids) => {
        alive()
        return this.held.read(ids)
      },
      find: async (ids) => {
        alive()
        return this.held.find(ids)
      },
      newest: (count) => this.held.newest(count),
      since: async (place, count) => {
        alive()
        return this.held.since(place, count)
      },
      erase: async (ids) => {
        alive()
        await this.held.erase(ids)
      },
      stats: () => this.held.stats(),
      close: async () => undefined,
    }
  }

  drop(): void {
    this.#live++
  }
}

function part(from: number, to: number): StoredBlock[] {
  return BLOCKS.slice(from, to)
}

describe('A store whose connection the browser ends', () => {
  it('is opened anew, once for all who ask, and nothing is lost', async () => {
    const disk = new Disk()
    const store = await reopeningBlockStore(disk.open)
    await store.append(part(0, 1), 'strict')
    disk.drop()
    await Promise.all([
      store.append(part(1, 2), 'strict'),
      store.read([]),
      store.append(part(2, 3), 'relaxed'),
    ])
    expect(disk.opened).toBe(2)
    expect(store.stats().blocks).toBe(3)
  })

  it('does not store twice what got through before the end was noticed', async () => {
    const disk = new Disk()
    const store = await reopeningBlockStore(disk.open)
    disk.drop()
    disk.writesUnnoticed = true
    await store.append(part(0, 2), 'strict')
    expect(store.stats().blocks).toBe(2)
  })

  it('stays closed once we closed it', async () => {
    const disk = new Disk()
    const store = await reopeningBlockStore(disk.open)
    await store.close()
    disk.drop()
    await expect(store.read([])).rejects.toMatchObject({ kind: 'closed' })
    expect(disk.opened).toBe(1)
  })

  it('passes on why it cannot be opened again, and is tried again by the next call', async () => {
    const disk = new Disk()
    let refuse = false
    const store = await reopeningBlockStore(() => {
      if (refuse) throw new StoreError('quota-exceeded', 'There is no room.')
      return disk.open()
    })
    disk.drop()
    refuse = true
    await expect(store.append(part(0, 1), 'strict')).rejects.toMatchObject({ kind: 'quota-exceeded' })
    refuse = false
    await store.append(part(0, 1), 'strict')
    expect(store.stats().blocks).toBe(1)
  })

  it('is followed and erased from all the same', async () => {
    const disk = new Disk()
    const store = await reopeningBlockStore(disk.open)
    await store.append(part(0, 3), 'strict')
    const { next } = await store.since(0, 2)
    disk.drop()
    await store.erase(part(0, 1).map(({ id }) => id))
    disk.drop()
    expect((await store.since(next, 10)).blocks).toEqual(part(2, 3))
    disk.drop()
    expect((await store.find(part(0, 2).map(({ id }) => id))).map((block) => block?.erased)).toEqual([
      true,
      undefined,
    ])
    expect(disk.opened).toBe(4)
  })

  it('keeps pages as well', async () => {
    const pages = memoryPageStore()
    let opened = 0
    const store = await reopeningPageStore(async () => {
      const isFirst = ++opened === 1
      return {
        ...pages,
        range: async (from, before, count) => {
          if (isFirst) throw new StoreError('closed', 'The connection has ended.')
          return pages.range(from, before, count)
        },
      }
    })
    await store.put([['a', Uint8Array.of(1)]])
    expect(await store.range('', 'b', 1)).toEqual([['a', Uint8Array.of(1)]])
    await store.clear()
    expect(await store.get(['a'])).toEqual([undefined])
    expect(opened).toBe(2)
  })

  it('keeps notes as well', async () => {
    const notes = createMemoryNoteStore()
    let live = true
    const store = await reopeningNoteStore(async () => ({
      ...notes,
      put: async (entries) => {
        if (!live) {
          live = true
          throw new StoreError('closed', 'The connection has ended.')
        }
        await notes.put(entries)
      },
    }))
    live = false
    await store.put([['a', 1]])
    expect(await store.get('a')).toBe(1)
  })
})

describe('A ledger whose connection the browser ends', () => {
  /** Opens connections to one disk; `drop` ends the present one, after the step under way if that gets through. */
  function makeDisk() {
    let held = createMemoryLedgerStore()
    let live = 0
    let getsThrough = false
    const open = async (): Promise<LedgerStore> => {
      const connection = ++live
      const disk = held
      const alive = () => {
        if (connection !== live) throw new StoreError('closed', 'The connection has ended.')
      }
      return {
        ...disk,
        load: async () => (alive(), disk.load()),
        append: async (step) => {
          if (connection !== live && getsThrough) await disk.append(step)
          alive()
          await disk.append(step)
        },
      }
    }
    const drop = (through: boolean) => {
      getsThrough = through
      live++
    }
    return { open, drop, lose: () => (held = createMemoryLedgerStore()) }
  }

  for (const [what, through] of [
    ['got lost', false],
    ['got through unnoticed', true],
  ] as const) {
    it(`keeps every step once and in order where the one under way ${what}`, async () => {
      const disk = makeDisk()
      const store = await reopeningLedgerStore(disk.open)
      const story = new LedgerStory(51)
      await store.append(story.step())
      disk.drop(through)
      await Promise.all([store.append(story.step()), store.append(story.step()), store.load()])
      await store.append(story.step())
      await story.checkHeldBy(store)
      await store.close()
    })
  }

  it('fails, not by a mistake of the program, where what was stored before is gone', async () => {
    const disk = makeDisk()
    const store = await reopeningLedgerStore(disk.open)
    const story = new LedgerStory(52)
    await store.append(story.step())
    disk.lose()
    disk.drop(false)
    await checkRejects(store.append(story.step()), 'failed')
    await store.close()
  })

  it('stays closed once we closed it, after what was under way', async () => {
    const disk = makeDisk()
    const store = await reopeningLedgerStore(disk.open)
    const story = new LedgerStory(53)
    const appended = [store.append(story.step()), store.append(story.step())]
    await store.close()
    await Promise.all(appended)
    await checkRejects(store.append(story.step()), 'closed')
    await checkRejects(store.load(), 'closed')
  })
})
