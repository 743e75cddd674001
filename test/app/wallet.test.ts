import { describe, expect, it } from 'vitest'
import { NoticesState } from '../../src/app/state/notices.svelte.ts'
import { WalletState } from '../../src/app/state/wallet.svelte.ts'
import { ApiError, type CallOptions, type PayInput, type PaymentView } from '../../src/node/api.ts'
import type { TransactionId } from '../../src/core/model/transaction.ts'
import { ANN, paymentWith } from './views.ts'

const INPUT: PayInput = { to: ANN, amount: 5_000_000 }

/** A wallet whose peer answers when the test says so. */
function wallet(known: readonly PaymentView[] = []) {
  const notices = new NoticesState()
  const calls: (PromiseWithResolvers<TransactionId> & { options: CallOptions })[] = []
  const call = (_: unknown, options: CallOptions = {}) => {
    const answer = { ...Promise.withResolvers<TransactionId>(), options }
    options.signal?.addEventListener('abort', () => answer.reject(new ApiError('cancelled', 'Cancelled.')))
    calls.push(answer)
    return answer.promise
  }
  const state = new WalletState({ pay: call, takeBack: call, claim: call }, notices, () => known)
  const only = () => {
    const [first] = calls
    if (first === undefined || calls.length > 1) throw new Error(`${calls.length} calls were made`)
    return first
  }
  return { state, notices, only }
}

const working = (id: number) => paymentWith({ id, state: { type: 'working', done: 0 } })

describe('a payment that is made', () => {
  it('is let go of by the form once it is signed, and worked at until it is in a block', async () => {
    const { state, only } = wallet()
    const sent = state.pay(INPUT)
    expect(state.busy).toBe(true)
    only().options.onProgress?.(0)
    expect(await sent).toBeUndefined()
    expect(state.busy).toBe(true)
    only().resolve(paymentWith().id)
    await expect.poll(() => state.busy).toBe(false)
    expect(state.said).toMatch(/on its way/)
  })

  it('that is refused says why, and leaves the form as it was', async () => {
    const { state, only, notices } = wallet()
    const sent = state.pay(INPUT)
    only().reject(new ApiError('cannot-pay', 'There is not that much to spend. Nothing was paid.'))
    expect(await sent).toBe('There is not that much to spend. Nothing was paid.')
    expect([notices.list, state.busy]).toEqual([[], false])
  })

  it('that goes wrong after it was signed says so in a notice', async () => {
    const { state, only, notices } = wallet()
    const sent = state.pay(INPUT)
    only().options.onProgress?.(0)
    await sent
    only().reject(new ApiError('storage-full', 'No space. It is kept.'))
    await expect.poll(() => notices.list).toMatchObject([{ tone: 'error', text: 'No space. It is kept.' }])
  })

  it('is the only one of its tab at a time', async () => {
    const { state, only } = wallet()
    void state.pay(INPUT)
    expect(await state.takeBack(paymentWith())).toMatch(/Another payment/)
    expect(await state.claim('0'.repeat(64))).toMatch(/Another payment/)
    expect(only().options.signal?.aborted).toBe(false)
  })

  it('is not to be made again blindly after the peer moved, for it may have been signed', async () => {
    const { state, only } = wallet()
    const sent = state.pay(INPUT)
    only().reject(new ApiError('peer-moved', 'Try again.'))
    expect(await sent).toMatch(/before you try again/)
  })
})

describe('a cancel', () => {
  it('is offered for the payment this tab has worked at, and for no other', async () => {
    const { state, only } = wallet([working(1)])
    expect(state.mayCancel(working(1))).toBe(false)
    const sent = state.pay(INPUT)
    only().options.onProgress?.(0)
    await sent
    expect(state.mayCancel(working(1))).toBe(false)
    expect(state.mayCancel(working(2))).toBe(true)
    expect(state.mayCancel(paymentWith({ id: 2 }))).toBe(false)
  })

  it('ends the work, and is no failure', async () => {
    const { state, only, notices } = wallet()
    const sent = state.pay(INPUT)
    only().options.onProgress?.(0)
    await sent
    state.cancel()
    await expect.poll(() => state.busy).toBe(false)
    expect([state.said, notices.list]).toEqual(['Cancelled.', []])
  })
})
