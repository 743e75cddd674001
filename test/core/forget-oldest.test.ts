import { describe, expect, it } from 'vitest'
import { forgetOldest } from '../../src/core/model/forget-oldest.ts'

describe('forgetOldest', () => {
  it('leaves those of a map that were set last, in their order', () => {
    const entries = new Map([1, 2, 3, 4, 5].map((key) => [key, `value ${key}`]))
    entries.set(1, 'set again, and as old as before')
    forgetOldest(entries, 2)
    expect([...entries.keys()]).toEqual([4, 5])
  })

  it('counts as new what was deleted and set again', () => {
    const entries = new Set(['a', 'b', 'c'])
    entries.delete('a')
    entries.add('a')
    forgetOldest(entries, 2)
    expect([...entries]).toEqual(['c', 'a'])
  })

  it('leaves all where there are no more than may be, and none where none may', () => {
    const entries = new Set(['a', 'b'])
    forgetOldest(entries, 2)
    expect([...entries]).toEqual(['a', 'b'])
    forgetOldest(entries, 0)
    expect(entries.size).toBe(0)
  })
})
