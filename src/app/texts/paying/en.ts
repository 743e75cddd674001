/** Paying somebody, being paid, and secrets that lock money. */
export const en = {
  busy: 'A payment is being worked at…',
  working: 'Working…',
  onItsWay: 'The payment is on its way.',
  cancelled: 'Cancelled.',
  anotherBusy: 'Another payment is being worked at. Wait for it, or cancel it.',
  moved:
    'Another tab took over. Look through your payments before you try again: this one may be among them, and then goes on by itself.',

  send: 'Send',
  instead: (amount: string) =>
    `This payment spends what the one of ${amount} would. Whichever is first in the network’s order holds, and the other fails: never both.`,
  amountIn: (unit: string) => `Amount in ${unit}`,
  toSpend: (amount: string) => `${amount} to spend`,
  note: 'Note',
  noteHint: 'Everyone in this network can read it.',

  to: 'To',
  toHint: 'A name, the id shown under Receive, or a link that asks for a payment.',
  stranger: 'Not among your contacts.',
  thisIs: (name: string) => `This is ${name}.`,
  noRequest: 'This code asks for no payment, and is no device’s id. Scan the one shown under Receive.',
  contacts: 'Contacts',
  moreContacts: (more: string) => `${more} more: type a part of the name.`,

  conditions: 'Conditions',
  notBefore: 'Not to be spent before',
  notBeforeHint: 'Left empty, it can be spent at once.',
  refundAt: 'Comes back unless it is claimed by',
  refundAtHint: 'Left empty, it is paid for good.',
  hashlock: 'Or locked by a secret made elsewhere: its hash',
  hashlockHint: 'SHA-256, 64 digits. Who is paid has to show the secret.',
  hashlockLasts: 'Without a time to come back it stays locked for good if nobody shows the secret.',

  noId: 'This is no id of a device. It starts with did:key:z6Mk.',
  otherNetwork:
    'This asks for money of another network. Ask who wants to be paid for an invitation to it, and pay there.',
  notThatMuch: (amount: string) => `There is ${amount} to spend.`,
  noteTooLong: 'The note is too long. Shorten it a little.',
  timeOver: 'This time is over.',
  backTooEarly: 'It would come back before it could be spent.',
  noHash: 'The hash of a secret is 64 digits, 0–9 and a–f.',

  lookOnceMore: 'Look once more',
  youPay: (amount: string, payee: string) => `You pay ${amount} to ${payee}.`,
  onlyWithSecret: 'It can be claimed only with the secret.',
  spendFrom: (day: string) => `It can be spent from ${day}.`,
  backUnlessSpent: (day: string) => `It comes back on ${day} unless it is spent before.`,
  backUnlessClaimed: (day: string) => `It comes back on ${day} unless it is claimed before.`,
  neverBack: 'It never comes back: without the secret it stays locked for good.',
  leftOver: (amount: string) => `${amount} are left to spend.`,
  noteBefore: 'Note:',
  secretOnce: 'Nobody can claim it without this secret, and it is not shown again.',
  secretKept: 'I have kept the secret',
  pay: 'Pay',
  change: 'Change',

  secret: 'Secret',
  theSecret: 'The secret',
  secretCode: 'QR code of the secret',
  secretShown: 'This is the secret. It is shown only now and kept nowhere: copy it before you pay.',
  secretMeans:
    'Money that is locked by a secret can be claimed only by who is paid, and only with the secret. You hand the secret over when you have got what you pay for.',
  makeSecret: 'Make a secret',

  claim: 'Claim',
  claimMeans:
    'Money that was sent to this device and locked by a secret is this device’s once the secret is shown. Everyone in the network can read the secret then.',
  noSecret: 'A secret is 64 digits, 0–9 and a–f.',

  /** What stands before and behind the name of who was to be paid. */
  takeBackFrom: (amount: string): readonly [string, string] => [
    `What the payment of ${amount} to `,
    ' would spend goes to this device instead.',
  ],
  takeBackAll: (amount: string) => `What the payment of ${amount} would spend goes to this device instead.`,
  takeBackMeans:
    'The payment has left already, so both are on their way. Whichever is first in the network’s order holds, and the other fails. If the payment is first, it stays paid.',
  takeBack: 'Take back',
  leaveIt: 'Leave it',

  receiveMeans: 'This is this device’s id. Show it, or copy it, to whoever pays you in this network.',
  idCode: 'QR code of this device’s id',
  requestCode: 'QR code that asks for this payment',
  ownId: 'This device’s id',
  askAmount: (unit: string) => `Ask for an amount, in ${unit}`,
  askAmountHint: 'Left empty, who pays says how much.',
  withNote: 'With a note',
  requestMeans: 'The code above asks for this now. As a link it opens Weft with the payment filled in.',
  requestLink: 'Link that asks for this payment',
}
