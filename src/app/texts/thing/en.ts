import { count } from '../../numbers.ts'

/** A thing's own screen and how it is set. */
export const en = {
  things: 'Things',
  useHere: 'Use here',
  readMore: 'Read more',
  reconnect: 'Reconnect',
  stopReading: 'Stop reading',
  newest: 'Newest values',
  savedAndShared: 'Saved and shared',
  settings: 'Settings and files',
  owner: 'Owner',
  ownersId: "the owner's id",

  alerts: 'Alerts',
  alertsThere: (there: number) => `Alerts (${count(there)})`,
  measuring: 'How it is measured',
  what: 'What',
  nothingToSet: 'There is nothing to set before the first reading.',
  keeping: 'Saving and keeping',
  exporting: 'Export',
  importing: 'Import',
  deleting: 'Delete history',

  rename: 'Rename',
  name: 'Name',
  cancel: 'Cancel',

  forgetAsk: 'Forget…',
  forgetTitle: 'Forget this thing?',
  leavesBefore: '“',
  leavesAfter: '” leaves the list.',
  leavesAfterMine: '” leaves the list and its sensor is let go.',
  readingsStay:
    'Its readings stay on this device, and with others who hold them. Once it is forgotten there is no way here to delete them.',
  readingsStayForGood:
    'Its readings stay on this device, and with others who hold them. Once it is forgotten there is no way here to delete them, and they no longer go by themselves.',
  forgetHistory: 'Delete its history from this device too, for good',
  oneMoment: 'One moment…',
  forget: 'Forget',
  keep: 'Keep',

  howRecorded: (quantity: string) => `How ${quantity} is recorded`,
  recordEvery: 'Record at most every',
  asMeasured: 'As often as it is measured',
  leaveOut: 'Leave out changes smaller than',
  leaveOutIn: (unit: string) => `Leave out changes smaller than, in ${unit}`,
  leaveOutHint: 'Empty: every change is recorded. One reading a minute is recorded all the same.',
  calibration: 'Calibration',
  times: 'Times',
  plus: 'And then plus',
  plusIn: (unit: string) => `And then plus, in ${unit}`,
  save: 'Save',
  shapingSaved: 'Saved. It holds from now on; what was recorded stays as it is.',
  noNumber: 'This is no number. Write it like 12.5.',
  noChange: 'A change is more than nothing.',
  timesZero: 'Times 0 every reading would be 0.',
  tooManyAlerts: (most: number) => `A thing has at most ${count(most)} alerts. Remove one first.`,
  alertThere: 'There is this alert already.',

  howRead: 'How it is read',
  precise: 'Precise location',
  preciseHint:
    'Off, only the place to about a kilometre is kept. On, it is as exact as this device can tell, with altitude, speed and heading.',
  readLikeThis: 'Read it like this',
  tooMuch: 'That is more than a thing keeps. Use fewer fields, or shorter names.',
  sourceKept: 'Kept. It goes on like this.',

  saveEvery: 'Save a block every',
  saveEveryHint: 'Longer: fewer and larger blocks, and more to lose when this tab is closed by force.',
  keepReadings: 'Keep readings',
  forGood: 'For good',
  forLength: (length: string) => `For ${length}`,
  nothingGoes: 'Nothing is deleted unless you do it.',
  olderGo: (length: string) =>
    `Readings older than ${length} are deleted from this device by themselves, within a day or two and for good. Others who hold a copy may still have it.`,
  saved: 'Saved',
  oneYear: '1 year',
  oneDay: '1 day',

  measures: 'Measures',
  unit: 'Unit, if any',
}
