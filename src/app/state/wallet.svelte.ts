import { ApiError, type Api, type CallOptions, type PayInput, type PaymentView } from '../../node/api.ts'
import { payingText } from '../texts/paying/text.ts'
import type { NoticesState } from './notices.svelte.ts'

type Calls = Pick<Api, 'pay' | 'takeBack' | 'claim'>

/** The payment this tab has the peer work at. */
interface Job {
  readonly abort: AbortController
  /** Payments that were there before it: it is none of those. */
  readonly before: readonly string[]
}

/**
 * Makes payments for this tab, one at a time. Each call resolves as soon as the payment is signed and stored, with
 * nothing, or with the words of a refusal, after which all is as it was. What goes wrong later becomes a notice.
 */
export class WalletState {
  /** What has just become of the payment this tab made, for a screen reader. */
  said = $state('')
  #job = $state.raw<Job>()
  readonly #api: Calls
  readonly #notices: NoticesState
  readonly #known: () => readonly PaymentView[]

  /**
   * @param known the payments the peer told of last
   */
  constructor(api: Calls, notices: NoticesState, known: () => readonly PaymentView[]) {
    this.#api = api
    this.#notices = notices
    this.#known = known
  }

  /** Whether a payment of this tab is being worked at. */
  get busy(): boolean {
    return this.#job !== undefined
  }

  pay(input: PayInput): Promise<string | undefined> {
    return this.#begin((options) => this.#api.pay(input, options))
  }

  takeBack({ id }: PaymentView): Promise<string | undefined> {
    return this.#begin((options) => this.#api.takeBack({ payment: id }, options))
  }

  /** @param secret 64 hex digits */
  claim(secret: string): Promise<string | undefined> {
    return this.#begin((options) => this.#api.claim({ secret }, options))
  }

  /** Whether `cancel` stops this payment: it is the one this tab has the peer work at. */
  mayCancel({ id, state }: Pick<PaymentView, 'id' | 'state'>): boolean {
    return state.type === 'working' && this.#job?.before.includes(id) === false
  }

  /** Gives up the payment being worked at. In a block already, it goes on. */
  cancel(): void {
    this.#job?.abort.abort()
  }

  #begin(call: (options: CallOptions) => Promise<unknown>): Promise<string | undefined> {
    if (this.#job) return Promise.resolve(payingText().anotherBusy)
    this.#job = { abort: new AbortController(), before: this.#known().map(({ id }) => id) }
    this.said = ''
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    void this.#finish(call, this.#job.abort.signal, () => resolve(undefined)).then(resolve)
    return promise
  }

  /** Resolves with the words of a refusal, where nothing was signed. */
  async #finish(
    call: (options: CallOptions) => Promise<unknown>,
    signal: AbortSignal,
    onSigned: () => void,
  ): Promise<string | undefined> {
    let signed = false
    try {
      await call({
        signal,
        // the first report says that the payment is signed and stored, and its work has begun
        onProgress: () => {
          signed = true
          onSigned()
        },
      })
      this.said = payingText().onItsWay
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.kind === 'cancelled') {
        this.said = payingText().cancelled
        return undefined
      }
      // trying again would pay twice where it was signed before the peer moved, which cannot be seen from here
      const words = error.kind === 'peer-moved' ? payingText().moved : error.message
      if (!signed) return words
      this.#notices.add('error', words)
    } finally {
      this.#job = undefined
    }
    return undefined
  }
}
