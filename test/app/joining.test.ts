import { describe, expect, it } from 'vitest'
import { JoiningState } from '../../src/app/state/joining.svelte.ts'
import { NoticesState } from '../../src/app/state/notices.svelte.ts'
import { ApiError } from '../../src/node/api.ts'
import type { NetworkId } from '../../src/core/model/id.ts'

/** A peer that reads every invitation as one to `current` or another network, and notes what it joined. */
function joining(answer: { current: boolean } | ApiError) {
  const joined: string[] = []
  const notices = new NoticesState()
  const state = new JoiningState(
    {
      inspectInvitation: () =>
        answer instanceof ApiError
          ? Promise.reject(answer)
          : Promise.resolve({ network: '0'.repeat(64) as NetworkId, name: 'Valley', ...answer }),
      join: ({ invitation }) => {
        joined.push(invitation)
        return Promise.resolve()
      },
    },
    notices,
  )
  return { state, joined, notices }
}

describe('an invitation on a later visit', () => {
  it('is asked about and changes nothing until then', async () => {
    const { state, joined } = joining({ current: false })
    await state.consider('abc', false)
    expect(state.asked?.view.name).toBe('Valley')
    expect(joined).toEqual([])
    await state.accept()
    expect(joined).toEqual(['abc'])
    expect(state.asked).toBeUndefined()
  })

  it('can be declined', async () => {
    const { state, joined } = joining({ current: false })
    await state.consider('abc', false)
    state.decline()
    await state.accept()
    expect(joined).toEqual([])
  })

  it('to the present network is no question', async () => {
    const { state, notices } = joining({ current: true })
    await state.consider('abc', false)
    expect(state.asked).toBeUndefined()
    expect(notices.list).toHaveLength(1)
  })

  it('that cannot be read is said to be so', async () => {
    const { state, notices } = joining(new ApiError('bad-invitation', 'It is damaged.'))
    await state.consider('abc', false)
    expect(notices.list).toMatchObject([{ tone: 'error', text: 'It is damaged.' }])
  })
})

describe('an invitation on the first visit', () => {
  it('has been followed already, so nothing is said', async () => {
    const { state, notices } = joining({ current: true })
    await state.consider('abc', true)
    expect([state.asked, notices.list]).toEqual([undefined, []])
  })
})

describe('notices', () => {
  it('stay few, and one cause is said once', () => {
    const notices = new NoticesState()
    for (const text of ['a', 'b', 'a', 'c', 'd']) notices.add('info', text)
    expect(notices.list.map(({ text }) => text)).toEqual(['a', 'c', 'd'])
  })

  it('say nothing of what the person cancelled', async () => {
    const notices = new NoticesState()
    expect(await notices.watch(Promise.reject(new ApiError('cancelled', 'Cancelled.')))).toBe(false)
    expect(notices.list).toEqual([])
  })

  it('do not hide our own bugs', async () => {
    const notices = new NoticesState()
    await expect(notices.watch(Promise.reject(new TypeError('bug')))).rejects.toThrow('bug')
  })
})
