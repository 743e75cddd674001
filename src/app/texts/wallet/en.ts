import { count, counted, form } from '../../numbers.ts'

/** The wallet: what there is, what it is made of, what was paid and received, and what Weft may pay by itself. */
export const en = {
  title: 'Wallet',
  send: 'Send',
  receive: 'Receive',
  claim: 'Claim',
  claimTitle: 'Claim with a secret',
  contacts: 'Contacts',
  takeBackTitle: 'Take this payment back?',
  insteadTitle: 'Pay another instead',

  amountFaults: {
    empty: 'Say how much.',
    'not-a-number': (example: string) => `This is no amount. Write it like ${example}.`,
    'too-many-decimals': (smallest: string, decimals: number) =>
      `The smallest part is ${smallest}: at most ${count(decimals)} decimals.`,
    'too-large': 'There is not that much money.',
    zero: 'Say more than nothing.',
  },

  madeOf: 'What it is made of',
  madeOfTitle: 'What the balance is made of',
  kinds: {
    spendable: 'To spend now',
    leaving: 'In payments under way',
    locked: 'Locked until later or by a secret',
    refundable: 'Sent, and back unless claimed',
  },
  kindSentences: {
    spendable: 'Everything that a payment can spend right now.',
    leaving: 'These are being spent. What is left of them is change, which can be spent already.',
    locked: 'This is yours, and there is something to wait for or to show first.',
    refundable: 'This is with others, and comes back to you if they do not take it in time.',
  },
  changeBack: 'Change that comes back',
  together: 'Together',
  oneMoment: 'One moment…',
  changeUnderWay: 'Change of a payment under way',
  sentTo: 'Sent to',
  first: 'There when the network began',
  from: 'From',
  longAgo: 'From long ago',
  change: 'Change of a payment of yours',
  since: (day: string) => `since ${day}`,
  claimIt: 'Claim it with its secret.',
  claimedWithSecret: 'It is claimed with a secret.',
  spendFrom: (day: string) => `It can be spent from ${day}.`,
  comesBackOn: (day: string) => `It comes back on ${day}.`,
  goesBackOn: (day: string) => `It goes back to who sent it on ${day}.`,
  smallerParts: (parts: number) =>
    `${counted(parts, { one: 'smaller part', other: 'smaller parts' })} together`,

  allowanceTitle: 'What Weft may pay by itself',
  allowanceMeans:
    'Payments that Weft makes by itself, without asking you, stay within these limits. Nothing in Weft pays by itself unless you allow it here. Payments you make yourself do not count.',
  perPayment: (unit: string) => `At most for one payment, in ${unit}`,
  perPaymentHint: 'Left empty: nothing.',
  perDay: (unit: string) => `At most within 24 hours, in ${unit}`,
  perDayTooSmall: 'One payment would be more than this. Raise it, or lower the other.',
  spentNothing: 'Weft has paid nothing by itself in this time.',
  spent: (amount: string) => `Weft has paid ${amount} by itself in this time.`,
  save: 'Save',

  payments: 'Payments',
  noPayments: 'No payments yet. Receive shows the id that others pay to.',
  looking: 'Looking…',
  nothingSoFar: 'Nothing found so far. There are older payments to look through.',
  noneLikeThat: 'No payment is like that.',
  underWay: 'Under way',
  pages: 'Pages of payments',
  newer: 'Newer',
  older: 'Older',
  search: 'Search payments',
  searchExample: 'Name, note, amount or id',
  which: 'Which payments',
  filters: { all: 'All', sent: 'Sent', received: 'Received', pending: 'Pending' },

  directions: {
    sent: 'To',
    received: 'From',
    self: 'Kept by this device',
    'came-back': 'Came back from',
    'went-back': 'Went back to',
    claimed: 'Claimed by',
  },
  andMore: (others: number) => `and ${count(others)} more`,
  name: 'Name…',
  work: 'Work on this payment',
  cancel: 'Cancel',
  takeBack: 'Take back…',
  payAnother: 'Pay another instead…',

  working: (percent: number, left: string | undefined) =>
    `working (PoW ${percent} %${left === undefined ? '' : `, ${left}`})`,
  hereOnly: 'on this phone only',
  sentToPeers: (peers: number) => `sent to ${counted(peers, { one: 'peer', other: 'peers' })}`,
  final: 'final',
  rejected: (reason: string) => `rejected: ${reason}`,
  failed: (reason: string) => `failed: ${reason}`,
  waiting: 'Waiting for the network’s validators.',
  reasons: {
    duplicate: 'counted before',
    'missing-input': 'its money is not there yet',
    'spent-input': 'already spent',
    'time-locked': 'too early',
    'not-unlocked': 'the money is locked',
    unbalanced: 'the sums do not match',
    dust: 'too small an amount',
    'already-spent': 'already spent',
    'built-on-failed': 'the payment before it failed',
  },
  hints: {
    duplicate: 'It was paid once, and is not paid twice: there is nothing to do.',
    'missing-input': 'What it spends has not arrived in the network. It is tried again by itself.',
    'spent-input':
      'Another payment spent this money first, and this one was not paid. If it is still owed, pay again.',
    'time-locked': 'Some of what it spends is locked until later. It is tried again then.',
    'not-unlocked':
      'It was claimed too late, or with the wrong secret, and nothing was paid. Ask who sent it for the secret, or to pay once more.',
    unbalanced: 'It was not made rightly, and nothing was paid. Take it back and pay again.',
    dust: 'It is below the least this network pays. Take it back and pay more at once.',
    'already-spent':
      'Another payment spent this money first. Nothing was paid here; if it is still owed, pay again.',
    'built-on-failed': 'It was to spend what another payment would have left. Nothing was paid; pay again.',
  },
  diverged: (validators: number, of: number) =>
    `Payments are stopped on this device. ${count(validators)} of ${counted(of, { one: 'validator', other: 'validators' })}, more than a third by weight, ${form(validators, { one: 'has', other: 'have' })} signed another order of payments than the one this device has, so it cannot tell what is final.`,
  divergedKept:
    'Nothing here is lost. Payments and readings are kept as they are, and new readings are stored and shared as before.',
  divergedToDo:
    'Update Weft if there is a newer version, and ask whoever runs the network. If they make it anew, their invitation leads back in.',
}
