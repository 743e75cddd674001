import { count, counted, form } from '../../numbers.ts'

/** The history of a thing: its chart and table, what is handed out, taken in and deleted. */
export const en = {
  history: 'History',
  range: 'Range',
  ranges: { '1h': '1 h', '24h': '24 h', '7d': '7 d', '30d': '30 d', all: 'All' },
  shown: 'Shown',
  withUnit: (what: string, unit: string) => `${what}, ${unit}`,
  chart: 'chart',
  chartLabel: (what: string) => `${what}: mean and range`,
  chartKeys: (label: string) =>
    `${label}. Arrow keys move it, plus and minus zoom, Home and End go to its ends. The same as a table is below.`,
  pointed: (when: string, mean: string, min: string, max: string) => `${when}: ${mean} (${min} to ${max})`,
  noReadingsThen: (when: string) => `${when}: no readings`,
  facts: (when: string, min: string, max: string, mean: string) => `${when}: ${min} to ${max}, mean ${mean}`,
  sealed: 'What is in these blocks is sealed.',
  noReadingsYet: 'No readings yet.',
  readingHistory: 'Reading the history…',
  missing: (records: number) =>
    `${counted(records, { one: 'record', other: 'records' })} of about this time ${form(records, { one: 'is', other: 'are' })} not on this device and shown as gaps. Peers are asked for what is missing.`,
  asTable: 'Show as a table',
  single: 'Single readings',

  moveChart: 'Move the chart',
  earlier: 'Earlier',
  later: 'Later',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  followNow: 'Follow now',

  tableCaption: 'Least, mean and greatest value in each stretch of time',
  from: 'From',
  min: 'Min',
  mean: 'Mean',
  max: 'Max',
  noReadingsInRange: 'No readings in this range.',
  reading: 'Reading…',

  format: 'Form',
  formats: { csv: 'CSV, for spreadsheets', json: 'JSON, for programs', senml: 'SenML, for other systems' },
  readings: 'Readings',
  allReadings: 'All of them',
  shownReadings: 'Those shown',
  shownReadingsOf: (span: string) => `Those shown: ${span}`,
  writing: 'Writing the file',
  export: 'Export',
  describe: 'Description for other programs',
  fileMade: (size: string) => `The file is made: ${size}.`,
  exportCancelled: 'Cancelled. No file was made.',

  importHint:
    'Takes the readings of a CSV, JSON or SenML file into this thing, as Weft exports them. What is here already is not taken twice.',
  takingIn: 'Taking the readings in',
  chooseFile: 'Choose a file…',
  importCancelled: 'Cancelled. What was taken in until then is kept.',
  moreRows: (rows: number) => `And ${counted(rows, { one: 'more row', other: 'more rows' })}.`,
  rowFault: (row: number, fault: string) => `Row ${count(row)}: ${fault}.`,
  rowFaults: {
    'bad-quantity': 'the name of what was measured cannot be used',
    'bad-unit': 'the unit cannot be used',
    'bad-value': 'the value is missing, or is none',
    'bad-time': 'the time is missing, or is none',
    'too-long': 'it is longer than any reading is',
    'not-json': 'it is cut off, or is not written as JSON',
    'no-such-columns': 'the first line has to name the columns time, quantity and value',
    'not-understood': 'a time, a name or a value is missing',
    'must-understand':
      'it says something that whoever reads the file has to understand, and Weft does not; so nothing of the file was taken in',
  },
  emptyFile: 'There is no reading in this file.',
  taken: (readings: number) => `${counted(readings, { one: 'reading', other: 'readings' })} taken in`,
  known: (readings: number) =>
    `${counted(readings, { one: 'reading was', other: 'readings were' })} here already`,
  passedOver: (rows: number) => `${counted(rows, { one: 'row', other: 'rows' })} passed over`,
  comma: ', ',

  whatToDelete: 'What to delete',
  older: 'Older than a day',
  everything: 'Everything',
  before: 'Before',
  deleteAsk: 'Delete…',
  noDay: 'Say before which day.',
  dayAhead: 'This day has not begun. To delete all there is, choose everything.',
  deleteAllTitle: 'Delete the whole history?',
  deleteOlderTitle: 'Delete the older history?',
  /** What comes before and after the thing's name. */
  allGoes: (): readonly [string, string] => [
    'Here: all readings that are saved in blocks of “',
    '” are gone from this device for good. Export them first if you may want them.',
  ],
  olderGoes: (day: string): readonly [string, string] => [
    `Here: the blocks whose readings are all from before ${day} of “`,
    '” are gone from this device for good. Export them first if you may want them.',
  ],
  waitingStay: (readings: number) =>
    form(readings, {
      one: `${count(readings)} reading that waits for the next block stays.`,
      other: `${count(readings)} readings that wait for the next block stay.`,
    }),
  elsewhere: (what: string) => `Elsewhere: ${what}`,
  deleting: 'Deleting',
  delete: 'Delete',
  keep: 'Keep',
  heldByNobody: 'Nobody else is known to hold any of its blocks.',
  heldByOthers: (blocks: number) =>
    `${counted(blocks, { one: 'block of it is', other: 'blocks of it are' })} with others too, and cannot be recalled from them. What was private stays unreadable to them; what was shared openly they can go on reading. The keys are made from your twelve words, so whoever has those can still read all that others hold.`,
  gone: (blocks: number) =>
    `What was in ${counted(blocks, { one: 'block', other: 'blocks' })} is gone from this device.`,
  goesLater: (blocks: number) =>
    `${counted(blocks, { one: 'block', other: 'blocks' })} that are not final yet go by themselves once they are.`,
  nothingToDelete: 'There was nothing to delete.',
}
