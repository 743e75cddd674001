/** What the forms say of how a sensor is read: serial lines, registers, the bytes of a value, and wheels. */
export const en = {
  findOut: 'Find it out',
  /** @param rate with thousands apart */
  baud: (rate: string) => `${rate} baud`,
  speed: 'Speed',
  itSends: 'It sends',
  decoders: {
    json: 'JSON, one object a line',
    csv: 'Values with commas between them (CSV)',
    nmea: 'NMEA 0183 sentences',
    'animal-tag': 'Animal tags',
  },
  moreAboutLine: 'More about the line',
  lineBits: 'Data bits, parity, stop bits',
  toldApartBy: 'Messages are told apart by',
  framings: {
    line: 'Ends of lines',
    'stx-etx': 'STX before and ETX after',
    delimiter: 'A byte at the end',
    fixed: 'Their length',
    cobs: 'Zero bytes (COBS)',
  },
  frames: { delimiter: 'Byte at the end', fixed: 'Bytes', 'stx-etx': 'Bytes, if always the same' },
  frameFaults: {
    badByte: 'The byte at the end is a number from 0 to 255.',
    badBytes: (most: number) => `A frame has a whole number of bytes, at most ${most}.`,
  },
  sayWhatItSends: 'Say what it sends, and how its messages are told apart.',
  tooLong: 'That is more than a thing keeps. Use fewer registers, or shorter names.',

  deviceAddress: 'Device address',
  addressRange: '1 to 247',
  askEvery: 'Ask every',
  seconds: 'Seconds',
  aboutRegisters:
    'What its registers mean is in the manual of the meter. Where that says 30001 or 40001, the address is 0.',
  address: 'Address',
  times: 'Times',
  worth: 'What one step is worth',
  plus: 'Plus',
  table: 'Table',
  tables: { holding: 'Holding', input: 'Input' },
  type: 'Type',
  textType: 'Text, to the end',
  bits: (bits: string) => `${bits} bits`,
  unsigned: 'unsigned',
  signed: 'signed',
  float: 'float',
  lowFirst: 'low first',
  highFirst: 'high first',
  /** Stands between the parts of a list. */
  comma: ', ',

  rows: {
    register: {
      /** @param place from 1 */
      title: (place: number) => `Register ${place}`,
      remove: (place: number) => `Remove register ${place}`,
      another: 'Another register',
      fault: (place: number, fault: string) => `Register ${place}: ${fault}.`,
    },
    field: {
      title: (place: number) => `Field ${place}`,
      remove: (place: number) => `Remove field ${place}`,
      another: 'Another field',
      fault: (place: number, fault: string) => `Field ${place}: ${fault}.`,
    },
  },
  remove: 'Remove',

  modbusFaults: {
    badUnitAddress: 'The address of the device is a whole number from 1 to 247.',
    /** @param least seconds @param most seconds */
    badRest: (least: number, most: number) => `It can be asked every ${least} to ${most} seconds.`,
    noRegisters: 'Name at least one register.',
    tooManyRegisters: (most: number) => `At most ${most} registers can be read.`,
    badAddress: 'its address is a whole number from 0 to 65535',
    repeatedQuantity: 'another one has the same name; tell them apart as in “voltage/2”',
    unreadable: 'it cannot be read',
  },
  mappingFaults: {
    badService: 'This service has no name that can be kept.',
    badCharacteristic: 'This value has no name that can be kept.',
    noFields: 'Name at least one field.',
    tooManyFields: (most: number) => `A value has at most ${most} fields.`,
    badOffset: (most: number) => `its first byte is a whole number from 0 to ${most}`,
    badType: 'its type is not known',
    badAdd: 'what is added to it is a number',
    repeated: 'another one has the same name; tell them apart as in “temperature/2”',
  },
  badScale: 'its scale is a number other than 0',
  badQuantity: 'its name is made of letters, digits and : . / _ -',
  badUnit: 'its unit is short and has no spaces',

  filledIn: ['Filled in as “', '” reads it.'] as readonly [before: string, after: string],
  startEmpty: 'Start empty',
  firstByte: 'First byte',
  countedFrom0: 'Counted from 0',
  itSays: 'Read like this, it says',
  tooShort: 'The value shown is too short for these fields.',
  nothingMade: 'These fields make nothing of the value shown.',

  chooseQuantity: 'Choose from the list, or name your own',
  ownQuantity: 'A name of your own',
  quantityIn: (quantity: string, unit: string) => `${quantity}, in ${unit}`,
  /** @param unit in which it is kept */
  quantityShownIn: (quantity: string, unit: string, shownIn: string) =>
    `${quantity}, in ${unit}; shown in ${shownIn}`,
  partsOf1: 'parts of 1',

  wheel: 'Wheel circumference, in mm',
  wheelHint: 'How far the wheel goes in one turn. Speed and distance are counted by it.',
  measureByIt: 'Measure by it',
  badWheel: (least: number, most: number) =>
    `A wheel has a whole number of millimetres from ${least} to ${most}.`,
}
