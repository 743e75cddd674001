/** What is stored on this device: how much, by which thing, how room is made, and how readings get into blocks. */
import { count, counted } from '../../numbers.ts'

export const en = {
  used: (used: string, quota: string) => `${used} used of ${quota} that the browser allows.`,
  notSaid: 'This browser does not say how much it allows.',
  meter: 'Storage used',
  blocksTake: (bytes: string, blocks: number) => `Blocks take ${bytes} of it (${count(blocks)}).`,
  kept: 'The browser keeps it even when space runs short.',
  keepRefused:
    'The browser did not agree. Many do once Weft is installed or used often. Until then it may clear everything when space runs short.',
  mayClear: 'The browser may clear it when space runs short, or when Weft is not opened for a long time.',
  askToKeep: 'Ask the browser to keep it',
  byThing: 'By thing',
  noThings: 'What each thing takes is listed here once there is one.',
  blocks: (blocks: number) => counted(blocks, { one: 'block', other: 'blocks' }),
  readingsInThem: (readings: number) =>
    `${counted(readings, { one: 'reading', other: 'readings' })} in them.`,
  deleteHistory: 'Delete history',
  itsScreen: 'Its screen',
  makeRoom: 'Make room',
  deleteFromAll: 'Delete from all things',
  rules: {
    settings: 'What each thing keeps no longer',
    week: 'Older than a week',
    month: 'Older than 30 days',
    quarter: 'Older than 90 days',
    year: 'Older than a year',
  },
  makeRoomNow: 'Make room…',
  keptForGood: 'Every thing keeps its readings for good, so there is nothing to delete.',
  nothingSaved: 'No thing of this device has saved anything yet.',
  leftAsBefore: (things: number) => `${counted(things, { one: 'thing', other: 'things' })} left as before.`,
  deleteOlder: 'Delete older readings?',
  gone: 'Gone from this device, for good:',
  before: (date: string) => `before ${date}`,
  andMore: (things: number) => `and ${count(things)} more`,
  stays:
    'Kept: newer readings, the things and their settings, payments, and what others have shared. A block goes when all its readings are that old.',
  elsewhere: (words: string) => `Elsewhere: ${words}`,
  deleting: 'Deleting',
  delete: 'Delete',
  keep: 'Keep',
  waiting: (readings: number) =>
    `${counted(readings, { one: 'reading', other: 'readings' })} waiting for the next block`,
  noneWaiting: 'Every reading is in a block',
  cancel: 'Cancel',
  saveNow: 'Save now',
  sealing: 'Sealing a block',
  percent: (percent: number, left: string | undefined) =>
    left === undefined ? `${percent} %` : `${percent} %, ${left}`,
  saved: 'Saved',
  outboxFull: 'The peer did not take new readings for too long, so the oldest of them are lost.',
}
