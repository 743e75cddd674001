/** The graph of blocks: drawn, as a list, and the facts of one block. */
import { count, counted } from '../../numbers.ts'

export const en = {
  blocks: 'Blocks',
  mine: 'Mine',
  showAs: 'Show as',
  graph: 'Graph',
  list: 'List',
  reading: 'Reading the blocks…',
  none: 'No blocks yet. The first comes with the first reading.',
  move: 'Move the graph',
  shapesMean: 'What the shapes mean',

  /** What kind of thing the drawing is, for a screen reader. */
  drawing: 'graph',
  drawingHelp:
    'Blocks over time. Left and right arrow keys move it, plus and minus zoom, Home and End go to its ends. Up and down go from block to block, and Enter goes to the facts of one. The same is there as a list.',
  /** Names of the lanes in the drawing. */
  laneMine: 'This device',
  laneOthers: 'Others',

  legend: {
    readings: 'Readings',
    payment: 'Payment',
    proposal: 'Proposal of a validator',
    hollow: 'Hollow: not yet final',
    ringed: 'Ringed: nothing is built on it yet',
    mine: 'In the first lane and in colour: of this device',
  },

  newestShown: 'The newest are shown',
  showNewer: (blocks: number) => `Show ${counted(blocks, { one: 'newer block', other: 'newer blocks' })}`,
  thisDevice: 'this device',
  anotherDevice: 'another device',
  /** After how far a block has got. */
  newestOfLine: ', newest of its line',
  pagesOfList: 'Pages of the list',
  newer: 'Newer',
  older: 'Older',
  page: (page: number, of: number) => `Page ${count(page)} of ${count(of)}`,

  aBlock: 'A block',
  closeFacts: 'Close the facts',
  to: 'to',
  receiverId: 'the receiver’s id',
  state: 'State',
  made: 'Made',
  by: 'By',
  makerId: 'the maker’s id',
  id: 'Id',
  blockId: 'the block’s id',
  heldBy: 'Held by',
  size: 'Size',
  work: 'Work',
  builtOn: 'Built on',
  beginning: 'the beginning of this network',
  goTo: (name: string) => `Go to the block ${name}`,
  showAll: 'Show all',
  beforeShown: 'This block is from before those that the graph shows.',
  readingBlock: 'Reading the block…',
  tapOne: 'Tap a block to see what is known of it.',

  kinds: { data: 'Readings', transaction: 'Payment', proposal: 'Proposal' },
  notFinal: 'not yet final',
  final: 'final',
  finalIn: (commit: number) => `final, in commit ${count(commit)}`,
  heldByOthers: (devices: number) =>
    `${counted(devices, { one: 'other device', other: 'other devices' })} that this one knows of`,
  heldByNobody: 'nobody else that this device knows of',
  heldHere: 'this device, and whoever it came from',
  noWork: 'none',
  hashes: (hashes: number) => `about ${count(hashes)} hashes`,
  bytes: (bytes: number) => counted(bytes, { one: 'byte', other: 'bytes' }),
  sealedOf: (thing: string) => `Of “${thing}”, sealed.`,
  openOf: (thing: string) => `Of “${thing}”, open to all.`,
  sealed: 'Of a thing whose owner alone can read them.',
  open: 'Of a thing that everyone here can read.',
  paymentSeen: 'Everyone in this network can see who gets what. Change goes back to whoever paid.',
  ofRound: (round: number) => `Of round ${count(round)}. By proposals validators agree on what is final.`,
  unreadable: 'This version of Weft cannot read it.',
  unknownKind: (kind: string) => `Of a kind this version of Weft does not know: ${kind}.`,
  erased: 'Its owner has deleted what was in it.',
  /** A block that was just chosen, for a screen reader. */
  chosen: (kind: string, who: string, made: string, standing: string) =>
    `${kind} by ${who}, ${made}, ${standing}`,
}
