import type { TransactionId } from '../core/model/transaction.ts'
import type { BalanceExplained, CallOptions, ContactsApi, PaymentsPage, WalletApi } from './api.ts'
import { INPUTS, parseInput } from './inputs.ts'
import type { Teller } from './teller.ts'

/** The calls of the api about money and whom it goes to: each checks its input and hands it to the teller. */
export abstract class WalletCalls implements WalletApi, ContactsApi {
  protected abstract readonly teller: Teller

  async pay(input: unknown, options: CallOptions = {}): Promise<TransactionId> {
    return this.teller.pay(parseInput(INPUTS.pay, input), options)
  }

  async takeBack(input: unknown, options: CallOptions = {}): Promise<TransactionId> {
    return this.teller.takeBack(parseInput(INPUTS.takeBack, input), options)
  }

  async claim(input: unknown, options: CallOptions = {}): Promise<TransactionId> {
    return this.teller.claim(parseInput(INPUTS.claim, input), options)
  }

  async findPayments(input: unknown): Promise<PaymentsPage> {
    return this.teller.find(parseInput(INPUTS.findPayments, input))
  }

  async explainBalance(): Promise<BalanceExplained> {
    return this.teller.explain()
  }

  async allow(input: unknown): Promise<void> {
    return this.teller.allow(parseInput(INPUTS.allow, input))
  }

  async nameContact(input: unknown): Promise<void> {
    return this.teller.name(parseInput(INPUTS.nameContact, input))
  }

  async removeContact(input: unknown): Promise<void> {
    return this.teller.unname(parseInput(INPUTS.removeContact, input))
  }
}
