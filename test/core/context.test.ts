import { describe, expect, it } from 'vitest'
import { checkContext } from '../../src/core/check/context.ts'
import { idOf, makeBlock } from './make.ts'

describe('the check in context', () => {
  const issuedAtMs = 1000
  const child = makeBlock({ issuedAtMs, parents: [idOf(1), idOf(2)] })
  const verdictOn = (first: number, second: number) =>
    checkContext(child, (parent) => (parent === idOf(1) ? first : second))

  it('passes a block later than all its parents', () => {
    expect(verdictOn(999, 998)).toBeUndefined()
  })

  it.each([
    ['as late as', 1000],
    ['later than', 1001],
  ])('refuses a block when a parent is %s it, and says which', (_, parentIssuedAtMs) => {
    expect(verdictOn(999, parentIssuedAtMs)).toEqual({
      type: 'invalid',
      id: child.id,
      reason: 'not-after-parent',
      parent: idOf(2),
      issuedAtMs,
      parentIssuedAtMs,
    })
  })
})
