import { describe, expect, it } from 'vitest'
import { LateState } from '../../src/app/state/late.svelte.ts'

/** A part whose code comes, or does not, when the test says so. */
function part() {
  const asked: PromiseWithResolvers<{ readonly default: string }>[] = []
  const late = new LateState(() => {
    const answer = Promise.withResolvers<{ readonly default: string }>()
    asked.push(answer)
    return answer.promise
  })
  return { late, asked }
}

describe('a part that is loaded late', () => {
  it('is loaded once, however often it is wanted', async () => {
    const { late, asked } = part()
    const loads = [late.load(), late.load()]
    expect(late.part).toBeUndefined()
    asked[0]?.resolve({ default: 'chart' })
    await Promise.all(loads)
    expect(late.part).toBe('chart')
    await late.load()
    expect(asked).toHaveLength(1)
  })

  it('says that it could not be loaded, and is tried again when it is wanted again', async () => {
    const { late, asked } = part()
    const load = late.load()
    asked[0]?.reject(new TypeError('Failed to fetch'))
    await load
    expect(late).toMatchObject({ part: undefined, failed: true })

    const again = late.load()
    expect(late.failed).toBe(false)
    asked[1]?.resolve({ default: 'chart' })
    await again
    expect(late).toMatchObject({ part: 'chart', failed: false })
  })
})
