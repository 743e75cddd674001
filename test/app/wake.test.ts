import { describe, expect, it } from 'vitest'
import { WakeState } from '../../src/app/state/wake.svelte.ts'

/** A page and its wake locks: how many are held now. */
function pageWithLocks({ refuses = false } = {}) {
  const held = new Set<EventTarget>()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const locks = {
    request: async () => {
      if (refuses) throw new DOMException('low battery', 'NotAllowedError')
      const lock: EventTarget & { released: boolean; release(): Promise<void> } = Object.assign(
        new EventTarget(),
        {
          released: false,
          release: async () => {
            lock.released = true
            held.delete(lock)
            lock.dispatchEvent(new Event('release'))
          },
        },
      )
      held.add(lock)
      return lock
    },
  }
  const wake = new WakeState(locks, document)
  const show = async (visibilityState: 'visible' | 'hidden') => {
    document.visibilityState = visibilityState
    // a browser takes it away from a page that is hidden
    if (visibilityState === 'hidden')
      for (const lock of held) await (lock as never as { release(): Promise<void> }).release()
    document.dispatchEvent(new Event('visibilitychange'))
    await new Promise(setImmediate)
  }
  return { wake, held, show }
}

describe('keeping the screen on', () => {
  it('holds until it is switched off', async () => {
    const { wake, held } = pageWithLocks()
    expect(await wake.set(true)).toBe(true)
    expect(held.size).toBe(1)
    await wake.set(false)
    expect(held.size).toBe(0)
  })

  it('is taken again when the page is seen again, and not before', async () => {
    const { wake, held, show } = pageWithLocks()
    await wake.set(true)
    await show('hidden')
    expect(held.size).toBe(0)
    expect(wake.on).toBe(true)
    await show('visible')
    expect(held.size).toBe(1)
    await wake.set(false)
    await show('hidden')
    await show('visible')
    expect(held.size).toBe(0)
  })

  it('leaves nothing behind however fast it is switched', async () => {
    const { wake, held } = pageWithLocks()
    await Promise.all([wake.set(true), wake.set(false), wake.set(true), wake.set(false)])
    await new Promise(setImmediate)
    expect(held.size).toBe(0)
  })

  it('says so where the browser does not agree, or cannot', async () => {
    const { wake } = pageWithLocks({ refuses: true })
    expect(await wake.set(true)).toBe(false)
    expect(wake.refused).toBe(true)
    expect(new WakeState(undefined, new EventTarget() as never).possible).toBe(false)
  })
})
