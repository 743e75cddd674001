import type { SensorProblemKind } from '../../../sensor/problem.ts'
import { count, counted, form } from '../../numbers.ts'

/** What is said of each problem: what happened, what was kept, what to do. */
export type ProblemWords = Readonly<Record<SensorProblemKind, string>>

/** What is said of sensors while they run and of texts that are read. */
export const en = {
  unread: (messages: number) =>
    `${counted(messages, { one: 'message', other: 'messages' })} could not be read`,
  tooFast: (messages: number) => `${counted(messages, { one: 'message', other: 'messages' })} came too fast`,
  both: (one: string, other: string) => `${one} and ${other}`,
  /** @param what what became of them @param messages how many they are */
  passedOver: (what: string, messages: number) =>
    `${what}, and ${form(messages, { one: 'was', other: 'were' })} passed over. All others are kept.`,
  firmware: (version: string) => `firmware ${version}`,
  rowsRead: (rows: number) => `${counted(rows, { one: 'row', other: 'rows' })} read.`,
  knownBefore: (readings: number) =>
    form(readings, {
      one: `${count(readings)} reading was here already.`,
      other: `${count(readings)} readings were here already.`,
    }),
  /** @param named the numbers of the first of them */
  badRows: (rows: number, named: string) =>
    form(rows, {
      one: `${count(rows)} row could not be read and was passed over: ${named}.`,
      other: `${count(rows)} rows could not be read and were passed over: ${named}.`,
    }),
  /** @param named the numbers of those that are named */
  andMore: (named: string) => `${named} and more`,
  /** Stands between the parts of a list. */
  comma: ', ',
  reading: (percent: number) => `reading, ${percent} %`,
  allRead: 'all read',
  /** Empty where src/sensor/problem.ts says it, in English. */
  problems: {} as Partial<ProblemWords>,
}
