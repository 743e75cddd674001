import type { Refused } from './payments.ts'

/** Why nothing was paid, and what there is to do: a sentence or two for each. */
export function refusalWords(refusal: Refused['refusal']): string {
  switch (refusal.type) {
    case 'amount-is-dust':
      return 'The amount is below the least this network pays. Pay more at once.'
    case 'too-little':
      return 'There is not that much to spend. Pay less, or wait: money that leaves or arrives with payments under way counts once they are final.'
    case 'change-is-dust':
      return 'What would be left is below the least this network keeps. Pay a little less, or all of it.'
    case 'too-many-coins':
      return 'The money lies in too many small pieces for one payment. Pay a part of it to yourself first, which joins them.'
    case 'expires-before-due':
      return 'It would come back before it could be spent. Choose a later time for it to come back.'
    case 'not-replaceable':
      return 'This payment cannot be taken back now: it is final, what it spends is gone, or it spends what another payment has not made final yet. Look at its state in the list; in the last case try again once the other is final.'
    case 'nothing-to-claim':
      return 'No money of this device is locked by this secret. Compare the secret with who sent the money; if that is on its way still, try again once it is final.'
    case 'diverged':
      return 'Payments are stopped on this device: validators of more than a third of the weight have signed another order of payments than the one it has. What it has is kept. Update Weft, or ask whoever runs the network.'
  }
}
