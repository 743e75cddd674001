import { isolated } from '../../numbers.ts'

/** Alerts: how they are set, what they say. */
export const en = {
  remove: (rule: string) => `Remove: ${rule}`,
  nothingToWatch: 'There is nothing to watch before the first reading.',
  newAlert: 'A new alert',
  tellWhen: 'Tell me when',
  whatHappens: 'What happens',
  kinds: {
    over: 'is over',
    under: 'is under',
    stale: 'has no reading for',
    changes: 'changes in a minute by',
  },
  howLong: 'How long',
  howMuch: 'How much',
  howMuchIn: (unit: string) => `How much, in ${unit}`,
  add: 'Add this alert',
  browserTells: 'This browser notifies you while Weft is open, in any tab.',
  appTells:
    'You are told inside Weft while it is open. Allow notifications for this page and the browser tells you too.',

  over: (quantity: string, amount: string) => `${quantity} over ${amount}`,
  under: (quantity: string, amount: string) => `${quantity} under ${amount}`,
  stale: (quantity: string, length: string) => `No reading of ${quantity} for ${length}`,
  changes: (quantity: string, amount: string) => `${quantity} changes by ${amount} or more in a minute`,
  lineOver: (amount: string) => `over ${amount}`,
  lineUnder: (amount: string) => `under ${amount}`,
  fired: (name: string, rule: string) => `${isolated(name)}: ${rule}.`,
  firedHere: (rule: string) => `${rule}.`,
}
