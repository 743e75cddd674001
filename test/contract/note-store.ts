/** The contract of `NoteStore` (src/ports.ts), as cases that run under vitest and in a browser page alike. */
import type { NoteStore } from '../../src/ports.ts'
import { checkRejects, checkSame, type ContractCase } from '../store/cases.ts'

type NoteStoreCase = ContractCase<NoteStore>

/** What every note store does. */
export const noteStoreCases: readonly NoteStoreCase[] = [
  {
    name: 'gives back what was put, and nothing for what was not',
    run: async (open) => {
      const notes = await open('notes-put')
      const value = { name: 'Strap', at: [1, 2.5, true, null], key: Uint8Array.of(1, 2, 3) }
      await notes.put([
        ['thing/1', value],
        ['thing/2', 'two'],
      ])
      checkSame(await notes.get('thing/1'), value, 'a structured value')
      checkSame(await notes.get('thing/3'), undefined, 'a missing key')
      await notes.put([['thing/1', 'new']])
      checkSame(await notes.get('thing/1'), 'new', 'a replaced value')
      await notes.put([])
      await notes.close()
    },
  },
  {
    name: 'lists what starts with a prefix, in key order',
    run: async (open) => {
      const notes = await open('notes-list')
      const keys = ['b', 'a/2', 'a', 'a/10', 'a0', 'a/\uffff\uffff', 'A/1', 'a/', 'a/é', '\uffff', '\uffffz']
      await notes.put(keys.map((key) => [key, key.length]))
      for (const prefix of ['', 'a/', 'a', 'a/1', 'c', '\uffff', 'a/\uffff']) {
        const expected = keys.filter((key) => key.startsWith(prefix)).sort()
        const listed = await notes.list(prefix)
        checkSame(
          listed,
          expected.map((key) => [key, key.length]),
          `list(${JSON.stringify(prefix)})`,
        )
      }
      await notes.close()
    },
  },
  {
    name: 'deletes what is put as undefined',
    run: async (open) => {
      const notes = await open('notes-delete')
      await notes.put([
        ['a', 1],
        ['b', 2],
      ])
      await notes.put([
        ['a', undefined],
        ['never', undefined],
        ['c', 3],
      ])
      checkSame(
        await notes.list(''),
        [
          ['b', 2],
          ['c', 3],
        ],
        'what is left',
      )
      await notes.close()
    },
  },
  {
    name: 'writes all entries or none',
    run: async (open) => {
      const notes = await open('notes-all-or-none')
      await notes.put([['a', 'old']])
      const uncloneable = () => 'a function cannot be stored'
      const put = notes.put([
        ['a', 'new'],
        ['b', uncloneable],
        ['c', 'new'],
      ])
      await checkRejects(put, 'failed')
      checkSame(await notes.list(''), [['a', 'old']], 'after a put that failed')
      await notes.put([['c', 'later']])
      checkSame(await notes.get('c'), 'later', 'after a put that worked')
      await notes.close()
    },
  },
  {
    name: 'keeps its own copy of a value',
    run: async (open) => {
      const notes = await open('notes-copies')
      const value = { count: 1 }
      const put = notes.put([['a', value]])
      value.count = 2
      await put
      const read = (await notes.get('a')) as { count: number }
      read.count = 3
      checkSame(await notes.get('a'), { count: 1 }, 'the value')
      await notes.close()
    },
  },
  {
    name: 'is closed after it was closed',
    run: async (open) => {
      const notes = await open('notes-closed')
      await notes.close()
      await checkRejects(notes.get('a'), 'closed')
      await checkRejects(notes.list(''), 'closed')
      await checkRejects(notes.put([['a', 1]]), 'closed')
      await notes.close()
    },
  },
]

/** What a note store does that outlives the program. */
export const lastingNoteStoreCases: readonly NoteStoreCase[] = [
  {
    name: 'holds after a restart what was put before it',
    run: async (open) => {
      const first = await open('notes-restart')
      await first.put([['network/current', { id: 'ab' }]])
      await first.close()
      const second = await open('notes-restart')
      checkSame(await second.list('network/'), [['network/current', { id: 'ab' }]], 'the notes')
      await second.close()
    },
  },
]
