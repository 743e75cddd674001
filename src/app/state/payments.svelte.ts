import {
  ApiError,
  PAYMENTS_PER_PAGE,
  SEARCH_CHARACTERS_MAX,
  type Api,
  type PaymentsPage,
  type PaymentsPlace,
  type PaymentsQuery,
  type PaymentView,
  type WalletView,
} from '../../node/api.ts'
import { parseAmount } from '../amount.ts'
import { listed } from '../payment-words.ts'

type Kind = NonNullable<PaymentsQuery['kind']>

/** Where a page begins: among the payments of the snapshot, or where the peer looks from. */
type Start =
  | { readonly type: 'known'; readonly from: number }
  | { readonly type: 'found'; readonly before?: PaymentsPlace }

const NEWEST: Start = { type: 'known', from: 0 }

/**
 * The payments a person looks at: a page at a time, however many there are. The newest are those of the snapshot, and change
 * with it; the peer finds what is older, and whatever is looked for.
 */
export class PaymentsState {
  /** Why the peer did not find any, in words. */
  fault = $state<string>()
  isLooking = $state(false)
  #text = $state('')
  #kind = $state<Kind>()
  /** Where the pages up to the present one begin. */
  #starts = $state.raw<readonly Start[]>([NEWEST])
  #found = $state.raw<PaymentsPage>()
  #isOutdated = false
  readonly #api: Pick<Api, 'findPayments'>
  readonly #wallet: () => WalletView

  /** @param wallet as the newest snapshot has it */
  constructor(api: Pick<Api, 'findPayments'>, wallet: () => WalletView) {
    this.#api = api
    this.#wallet = wallet
  }

  get text(): string {
    return this.#text
  }

  set text(text: string) {
    this.#text = text.slice(0, SEARCH_CHARACTERS_MAX)
    this.#begin()
  }

  get kind(): Kind | undefined {
    return this.#kind
  }

  set kind(kind: Kind | undefined) {
    this.#kind = kind
    this.#begin()
  }

  /** Whether only some of the payments are looked for. */
  get isSearch(): boolean {
    return this.#text.trim() !== '' || this.#kind !== undefined
  }

  /** The payments of the page, or of the one before while the peer is looking. */
  get page(): readonly PaymentView[] {
    const start = this.#start
    if (start.type === 'found') return this.#found?.payments ?? []
    return this.#known.slice(start.from, start.from + PAYMENTS_PER_PAGE)
  }

  get hasNewer(): boolean {
    return this.#starts.length > 1
  }

  get hasOlder(): boolean {
    return this.#next !== undefined
  }

  older(): void {
    const next = this.#next
    if (next) this.#go([...this.#starts, next])
  }

  newer(): void {
    if (this.hasNewer) this.#go(this.#starts.slice(0, -1))
  }

  /** The snapshot's payments are others now: what was found first is looked for again. To be called when that happens. */
  refresh(): void {
    if (this.#start.type === 'known' || this.hasNewer) return
    if (this.isLooking) this.#isOutdated = true
    else void this.#look()
  }

  get #start(): Start {
    return this.#starts.at(-1) ?? NEWEST
  }

  get #next(): Start | undefined {
    const start = this.#start
    if (start.type === 'found') return this.#found?.before && { type: 'found', before: this.#found.before }
    const from = start.from + PAYMENTS_PER_PAGE
    if (from < this.#known.length) return { type: 'known', from }
    const { older } = this.#wallet()
    return older && { type: 'found', before: older }
  }

  /** Without failed ones that stand among what is older: they come with that. */
  get #known(): readonly PaymentView[] {
    const { payments, older } = this.#wallet()
    const sinceMs = older?.atMs ?? -Infinity
    return listed(payments).filter(({ state, atMs }) => state.type !== 'failed' || atMs >= sinceMs)
  }

  #begin(): void {
    this.#go([this.isSearch ? { type: 'found' } : NEWEST])
  }

  #go(starts: readonly Start[]): void {
    // what is shown stays until there is something else
    this.#found = { payments: this.page }
    this.#starts = starts
    this.fault = undefined
    this.isLooking = false
    if (this.#start.type === 'found') void this.#look()
  }

  async #look(): Promise<void> {
    const start = this.#start
    if (start.type !== 'found') return
    this.isLooking = true
    this.#isOutdated = false
    const isStill = () => this.#start === start
    try {
      const page = await this.#api.findPayments(this.#query(start))
      if (isStill()) this.#found = page
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (isStill()) {
        this.fault = error.message
        this.#found = { payments: [] }
      }
    }
    if (!isStill()) return
    this.isLooking = false
    if (this.#isOutdated) this.refresh()
  }

  #query({ before }: Extract<Start, { type: 'found' }>): PaymentsQuery {
    const text = this.#text.trim()
    const amount = parseAmount(text)
    return {
      ...(text !== '' && { text }),
      ...(typeof amount === 'number' && { amount }),
      ...(this.#kind && { kind: this.#kind }),
      ...(before && { before }),
    }
  }
}
