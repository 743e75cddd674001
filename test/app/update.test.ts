import { describe, expect, it } from 'vitest'
import { UpdateState } from '../../src/app/state/update.svelte.ts'

/** An update that is offered, with a payment that is over when `settle` is called. */
function offered() {
  const done: string[] = []
  let paying = Promise.withResolvers<void>()
  let isPaying = true
  let offer = () => {}
  let goOn = () => {}
  const workbox = {
    addEventListener: (_: string, listener: () => void) => (offer = listener),
    messageSkipWaiting: () => done.push('taken over'),
  }
  const update = new UpdateState(workbox as never, {
    isPaying: () => isPaying,
    paid: () => (isPaying ? paying.promise : Promise.resolve()),
    after: (_, task) => (goOn = task),
    save: async () => void done.push('saved'),
  })
  offer()
  const settle = () => {
    isPaying = false
    paying.resolve()
  }
  const payAgain = () => {
    isPaying = true
    paying = Promise.withResolvers()
  }
  return { update, done, settle, payAgain, late: () => goOn() }
}

describe('an update', () => {
  it('waits for a payment that is being worked at, and says so', async () => {
    const { update, done, settle } = offered()
    const applied = update.apply()
    expect(update.step).toBe('paying')
    expect(done).toEqual([])
    settle()
    await applied
    expect(done).toEqual(['saved', 'taken over'])
  })

  it('waits for one that was begun while it saved', async () => {
    const { update, done, settle, payAgain } = offered()
    settle()
    const applied = update.apply()
    payAgain()
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    expect(done).not.toContain('taken over')
    settle()
    await applied
    expect(done).toEqual(['saved', 'saved', 'taken over'])
  })

  it('can be asked for again where the browser takes no notice', async () => {
    const { update, done, settle, late } = offered()
    settle()
    await update.apply()
    expect(update.step).toBe('saving')
    late()
    await update.apply()
    expect(done).toEqual(['saved', 'taken over', 'saved', 'taken over'])
  })

  it('can be put off while it waits', async () => {
    const { update, done, settle } = offered()
    const applied = update.apply()
    update.later()
    settle()
    await applied
    expect(update.waiting).toBe(false)
    expect(done).toEqual([])
  })
})
