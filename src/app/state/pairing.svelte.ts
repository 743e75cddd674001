import { ApiError, type Api, type PairingCode } from '../../node/api.ts'

export type PairingCalls = Pick<
  Api,
  'offerPairing' | 'answerPairing' | 'acceptPairing' | 'awaitPairing' | 'cancelPairing'
>

/** How far a person has got. */
export type PairingStep =
  | { readonly type: 'choosing' }
  /** The other device's code is to be entered. */
  | { readonly type: 'entering' }
  /** This device's code is being made. */
  | { readonly type: 'making' }
  /** The other device's answer is waited for; `taken` once it was entered here. */
  | { readonly type: 'offering'; readonly shown: PairingCode; readonly taken: boolean }
  /** The answer is shown, to be entered on the other device. */
  | { readonly type: 'answering'; readonly shown: PairingCode }
  | { readonly type: 'connected' }

/** Connects this device with another one by codes, one pairing at a time. */
export class PairingState {
  step = $state.raw<PairingStep>({ type: 'choosing' })
  /** What is wrong with the code that was entered. */
  fault = $state<string>()
  /** Why the last attempt came to nothing. */
  failure = $state<string>()
  readonly #api: PairingCalls
  /** Of the attempt on the screen: what comes of an earlier one is not shown. */
  #attempt = 0

  constructor(api: PairingCalls) {
    this.#api = api
  }

  /** Makes the first code and shows it. */
  async offer(): Promise<void> {
    const attempt = this.#begin({ type: 'making' })
    const shown = await this.#made(attempt, this.#api.offerPairing({}), (words) => this.#fail(words))
    if (shown === undefined) return
    this.step = { type: 'offering', shown, taken: false }
    await this.#wait(attempt, shown)
  }

  /** Asks for the other device's code. */
  enter(): void {
    this.#begin({ type: 'entering' })
  }

  /** Takes the other device's code and shows the answer to it. */
  async answer(offer: string): Promise<void> {
    const attempt = this.#begin({ type: 'making' })
    const shown = await this.#made(attempt, this.#api.answerPairing({ offer }), (words) => {
      this.step = { type: 'entering' }
      this.fault = words
    })
    if (shown === undefined) return
    this.step = { type: 'answering', shown }
    await this.#wait(attempt, shown)
  }

  /** Takes the answer to the code that is shown. */
  async accept(answer: string): Promise<void> {
    const { step } = this
    if (step.type !== 'offering' || step.taken) return
    this.fault = undefined
    this.step = { ...step, taken: true }
    try {
      await this.#api.acceptPairing({ answer })
    } catch (error) {
      // where it was the attempt that failed, waiting for it says so
      if (this.step.type !== 'offering' || this.step.shown !== step.shown) return
      this.step = step
      this.fault = wordsOf(error)
    }
  }

  /** Gives up what is under way. */
  cancel(): void {
    this.#begin({ type: 'choosing' })
  }

  #begin(step: PairingStep): number {
    const { step: before } = this
    if (before.type === 'offering' || before.type === 'answering') this.#drop(before.shown)
    this.step = step
    this.fault = undefined
    this.failure = undefined
    return ++this.#attempt
  }

  /** The code once it is made, unless it is not wanted any more. */
  async #made(
    attempt: number,
    making: Promise<PairingCode>,
    refused: (words: string) => void,
  ): Promise<PairingCode | undefined> {
    try {
      const shown = await making
      if (attempt === this.#attempt) return shown
      this.#drop(shown)
    } catch (error) {
      const words = wordsOf(error)
      if (attempt === this.#attempt) refused(words)
    }
    return undefined
  }

  async #wait(attempt: number, { pairing }: PairingCode): Promise<void> {
    try {
      await this.#api.awaitPairing({ pairing })
      if (attempt === this.#attempt) this.step = { type: 'connected' }
    } catch (error) {
      const words = wordsOf(error)
      if (attempt === this.#attempt) this.#fail(words)
    }
  }

  #fail(words: string): void {
    this.step = { type: 'choosing' }
    this.fault = undefined
    this.failure = words
  }

  #drop({ pairing }: PairingCode): void {
    // where the peer cannot be told, the code expires by itself
    this.#api.cancelPairing({ pairing }).catch(wordsOf)
  }
}

/** The words of a refusal. Anything else is our own bug and is thrown on. */
function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error
  return error.message
}
