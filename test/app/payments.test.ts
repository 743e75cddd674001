import { describe, expect, it } from 'vitest'
import { ApiError, type PaymentsPage, type PaymentsQuery, type WalletView } from '../../src/node/api.ts'
import { grouped } from '../../src/app/payment-words.ts'
import { PaymentsState } from '../../src/app/state/payments.svelte.ts'
import { paymentWith, snapshotWith } from './views.ts'

const FINAL = { type: 'final', commit: 1 } as const
const OLDER = { commit: 1, place: 0, atMs: 10 }

const finals = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => paymentWith({ id: from - i, atMs: from - i, state: FINAL }))

/** A list over a peer that answers when the test says so. */
function looking(change: Partial<WalletView>) {
  const asked: (PromiseWithResolvers<PaymentsPage> & { readonly query: PaymentsQuery })[] = []
  let wallet: WalletView = { ...snapshotWith({}).wallet, ...change }
  const list = new PaymentsState(
    {
      findPayments: (query) => {
        const answer = { ...Promise.withResolvers<PaymentsPage>(), query }
        asked.push(answer)
        return answer.promise
      },
    },
    () => wallet,
  )
  const ids = () => list.page.map(({ id }) => Number.parseInt(id, 16))
  return { list, asked, ids, set: (next: Partial<WalletView>) => (wallet = { ...wallet, ...next }) }
}

describe('the payments a person looks at', () => {
  it('are those of the snapshot, a page at a time, and the peer’s from there on', async () => {
    const { list, asked, ids } = looking({ payments: finals(130, 30), older: OLDER })
    expect(ids()).toEqual(finals(130, 20).map(({ atMs }) => atMs))
    expect([list.hasNewer, list.hasOlder]).toEqual([false, true])
    list.older()
    expect(ids()).toEqual(finals(110, 10).map(({ atMs }) => atMs))
    list.older()
    expect(asked[0]?.query).toEqual({ before: OLDER })
    expect(list.isLooking).toBe(true)
    asked[0]?.resolve({ payments: finals(9, 2) })
    await expect.poll(ids).toEqual([9, 8])
    expect([list.hasNewer, list.hasOlder, list.isLooking]).toEqual([true, false, false])
    list.newer()
    list.newer()
    expect(ids()[0]).toBe(130)
    list.newer()
    expect(asked).toHaveLength(1)
  })

  it('change with the snapshot, without anybody being asked', () => {
    const { list, asked, ids, set } = looking({ payments: finals(3, 3) })
    set({ payments: finals(4, 4) })
    list.refresh()
    expect(ids()).toEqual([4, 3, 2, 1])
    expect(list.hasOlder).toBe(false)
    expect(asked).toHaveLength(0)
  })

  it('leave a failed one that is older than they are to the page it belongs to', () => {
    const failed = paymentWith({ id: 99, atMs: 5, state: { type: 'failed', reason: 'already-spent' } })
    const { ids, set } = looking({ payments: [failed, ...finals(30, 2)], older: OLDER })
    expect(ids()).toEqual([30, 29])
    set({ payments: [{ ...failed, atMs: 10 }, ...finals(30, 2)] })
    expect(ids()).toEqual([30, 29, 99])
  })
})

describe('looking for payments', () => {
  it('asks for the text, and for the amount where it is one', async () => {
    const { list, asked, ids } = looking({ payments: finals(3, 3) })
    list.text = ' 2.5 '
    list.kind = 'sent'
    expect(asked.map(({ query }) => query)).toEqual([
      { text: '2.5', amount: 2_500_000 },
      { text: '2.5', amount: 2_500_000, kind: 'sent' },
    ])
    expect(ids()).toEqual([3, 2, 1]) // what is shown stays until there is something else
    asked[1]?.resolve({ payments: finals(2, 1) })
    await expect.poll(ids).toEqual([2])
    asked[0]?.resolve({ payments: finals(3, 1) }) // too late
    await Promise.resolve()
    expect(ids()).toEqual([2])
    list.text = ''
    list.kind = undefined
    expect(ids()).toEqual([3, 2, 1])
    expect(list.isSearch).toBe(false)
  })

  it('looks again when there are other payments, once the peer has answered', async () => {
    const { list, asked } = looking({})
    list.kind = 'pending'
    list.refresh()
    list.refresh()
    expect(asked).toHaveLength(1)
    asked[0]?.resolve({ payments: [] })
    await expect.poll(() => asked.length).toBe(2)
  })

  it('goes on from where the peer has stopped, and says what goes wrong', async () => {
    const { list, asked, ids } = looking({})
    list.text = 'x'
    asked[0]?.resolve({ payments: [], before: OLDER })
    await expect.poll(() => list.hasOlder).toBe(true)
    list.older()
    expect(asked[1]?.query).toEqual({ text: 'x', before: OLDER })
    asked[1]?.reject(new ApiError('failed', 'It could not be read.'))
    await expect.poll(() => list.fault).toBe('It could not be read.')
    expect([ids(), list.isLooking]).toEqual([[], false])
  })
})

describe('months', () => {
  it('are headings, and what is under way has its own', () => {
    const month = (text: string, id: number) =>
      paymentWith({ id, atMs: new Date(text).getTime(), state: FINAL })
    const groups = grouped([
      paymentWith({ id: 1 }),
      month('2026-03-02T12:00', 2),
      month('2026-03-01T12:00', 3),
      month('2025-12-31T12:00', 4),
    ])
    expect(groups.map(({ heading, payments }) => [heading, payments.length])).toEqual([
      ['Under way', 1],
      ['March 2026', 2],
      ['December 2025', 1],
    ])
  })
})
