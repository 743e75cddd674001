import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { Elm327, ELM327_FRAMING } from '../../src/sensor/parse/elm327.ts'
import { makeFramer } from '../../src/sensor/parse/framing.ts'
import type { Parsed } from '../../src/sensor/parse/parse.ts'

const AT_MS = 1_700_000_000_000

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

/** A question as text, or how long the rest is. */
function asked(elm: Elm327): string {
  const question = elm.ask()
  const text = Buffer.from(question.bytes).toString('latin1')
  return text === '' ? `rest ${question.withinMs}` : text
}

/** What one answer of an adapter says, whatever it was asked before. */
function said(answer: string): Parsed {
  return new Elm327().take(bytes(answer), AT_MS)
}

function valueOf(answer: string): unknown {
  const parsed = said(answer)
  return 'type' in parsed ? parsed.reason : parsed.map(({ quantity, value }) => [quantity, value]).flat()
}

/** Plays an adapter: answers each question with what `car` has for it until it rests, and tells what was said. */
function round(elm: Elm327, car: Readonly<Record<string, string>>) {
  const questions: string[] = []
  const values: unknown[] = []
  for (;;) {
    const question = asked(elm)
    questions.push(question.trimEnd())
    if (question.startsWith('rest')) return { questions, values }
    const parsed = elm.take(bytes(car[question.trimEnd()] ?? 'OK\r\r'), AT_MS)
    values.push(...('type' in parsed ? [parsed.reason] : parsed.map(({ value }) => value)))
  }
}

const SETUP = ['ATZ', 'ATE0', 'ATL0', 'ATS0', 'ATH0', 'ATSP0']

/** Parameters 04, 05, 0C, 0D, 20 of the first 32; 2F and 40 of the next; 42 of the third. */
const CAR = {
  ATZ: 'ATZ\r\r\rELM327 v1.5\r\r',
  ATE0: 'ATE0\rOK\r\r',
  '0100': 'SEARCHING...\r410018180001\r\r',
  '0120': '412000020001\r\r',
  '0140': '414040000000\r\r',
  '010D': '410D64\r\r',
  '010C': '410C0FA0\r\r',
  '0104': '410433\r\r',
  '0105': '41057B\r\r',
  '012F': '412FCC\r\r',
  '0142': '414235C5\r\r',
}

describe('a car', () => {
  // The formulas of SAE J1979 as published in "OBD-II PIDs" of Wikipedia; the values of speed and engine speed are in the
  // tests of other implementations.
  it.each([
    ['410D64', ['speed', 100 / 3.6]],
    ['410DFF', ['speed', 255 / 3.6]],
    ['410C0FA0', ['engine-speed', 1000]],
    ['41 0C 1A F8', ['engine-speed', 1726]],
    ['410CFFFF', ['engine-speed', 16383.75]],
    ['41057B', ['coolant-temperature', 83]],
    ['410500', ['coolant-temperature', -40]],
    ['4104FF', ['engine-load', 1]],
    ['412F33', ['fuel-level', 0.2]],
    ['414235C5', ['voltage', 13.765]],
  ])('that answers %s means %j', (answer, value) => {
    expect(valueOf(`${answer}\r\r`)).toEqual(value)
  })

  it('is asked what it knows, and then for that, round after round', () => {
    const elm = new Elm327()
    const first = round(elm, CAR)
    expect(first.questions).toEqual([...SETUP, '0100', '0120', '0140', 'rest 1000'])
    const PARAMETERS = ['010D', '010C', '0104', '0105', '012F', '0142']
    const second = round(elm, CAR)
    expect(second.questions).toEqual([...PARAMETERS, 'rest 1000'])
    expect(second.values).toEqual([100 / 3.6, 1000, 0.2, 83, 0.8, 13.765])
    expect(round(elm, CAR).questions).toEqual([...PARAMETERS, 'rest 1000'])
  })

  it('that knows little is asked for little', () => {
    const elm = new Elm327()
    // A published example: BE3EB811 lacks 2F, for its last bit says there is more and 0120 is refused.
    const car = { ...CAR, '0100': '4100BE3EB811\r\r', '0120': 'NO DATA\r\r' }
    expect(round(elm, car).questions).toEqual([...SETUP, '0100', '0120', 'rest 1000'])
    expect(round(elm, car).questions).toEqual(['010D', '010C', '0104', '0105', 'ATRV', 'rest 1000'])
  })

  it('without a voltage of its own is read by its adapter, which says it in its own way', () => {
    const elm = new Elm327()
    const car = { ...CAR, '0140': '414000000000\r\r', ATRV: '12.6V\r\r' }
    round(elm, car)
    const { questions, values } = round(elm, car)
    expect(questions).toEqual(['010D', '010C', '0104', '0105', '012F', 'ATRV', 'rest 1000'])
    expect(values.at(-1)).toBe(12.6)
    // A likeness that does not know the question is asked once.
    expect(round(elm, { ...car, ATRV: '?\r\r' }).values).toEqual(values.slice(0, -1))
    expect(round(elm, car).questions).not.toContain('ATRV')
  })

  it('with its ignition off is set up afresh though its adapter goes on telling the voltage', () => {
    const elm = new Elm327()
    round(elm, { ...CAR, '0140': '414000000000\r\r' })
    const silent = 'NO DATA\r\r'
    const off = {
      '010D': silent,
      '010C': silent,
      '0104': silent,
      '0105': silent,
      '012F': silent,
      ATRV: '12.1V\r\r',
    }
    const questions = Array.from({ length: 4 }, () => round(elm, off).questions).flat()
    expect(questions).toContain('ATZ')
  })

  it.each(['12.6', '1V', 'V', '12.6VV', '999.9V', '-1.0V', '12,6V'])(
    'whose adapter says %j says no voltage',
    (answer) => {
      const elm = new Elm327()
      const car = { ...CAR, '0140': '414000000000\r\r', ATRV: `${answer}\r\r` }
      round(elm, car)
      expect(round(elm, car).values.at(-1)).toBe('unknown')
    },
  )

  it('may have several control units: what any knows is asked for, and the first to answer is believed', () => {
    const elm = new Elm327()
    const car = {
      ...CAR,
      ATRV: '12.6V\r\r',
      '0100': '410000100000\r410008080000\r\r',
      '010C': '410C0FA0\r410C0FA4\r\r',
    }
    round(elm, car)
    expect(round(elm, car)).toEqual({
      questions: ['010D', '010C', '0105', 'ATRV', 'rest 1000'],
      values: [100 / 3.6, 1000, 83, 12.6],
    })
  })

  it.each([
    ['NO DATA', []],
    ['SEARCHING...', []],
    ['SEARCHING...\rUNABLE TO CONNECT', []],
    ['STOPPED', []],
    ['BUS INIT: ...ERROR', []],
    ['BUS INIT: OK\r410D00', ['speed', 0]],
    ['BUS INIT: ...OK\r41 0D 00', ['speed', 0]],
    ['SEARCHING...410D00', ['speed', 0]],
    ['\u0000410D00\u0000', ['speed', 0]],
    ['7F0112', []],
    ['CAN ERROR', []],
    ['!ACT ALERT', []],
    ['?', 'unknown'],
    ['410D00 <DATA ERROR', 'bad-checksum'],
    ['410D00<RX ERROR', 'bad-checksum'],
    ['410D', 'truncated'],
    ['410D0', 'truncated'],
    ['410D0000', 'trailing-bytes'],
    ['410B64', 'unknown'],
    ['4100BE3EB8', 'truncated'],
    ['hello', 'unknown'],
    ['\u00fe\u00ff', 'not-text'],
  ])('that says %j is understood as %j', (answer, value) => {
    expect(valueOf(`${answer}\r\r`)).toEqual(value)
  })

  it('may repeat the question before its answer', () => {
    const elm = new Elm327()
    const echoing = Object.fromEntries(
      Object.entries(CAR).map(([question, answer]) => [question, `${question}\r${answer}`]),
    )
    round(elm, echoing)
    expect(round(elm, echoing).values).toEqual([100 / 3.6, 1000, 0.2, 83, 0.8, 13.765])
  })

  it('with its ignition off is asked again after a rest, and set up afresh in the end', () => {
    const elm = new Elm327()
    const off = { '0100': 'SEARCHING...\rUNABLE TO CONNECT\r\r' }
    expect(round(elm, off).questions).toEqual([...SETUP, '0100', 'rest 5000'])
    const more = Array.from({ length: 13 }, () => round(elm, off).questions[0])
    expect(more).toContain('ATZ')
    expect(round(elm, { ...CAR }).questions).toContain('0140')
  })

  it('that falls silent is asked on, and set up afresh after two rounds', () => {
    const elm = new Elm327()
    round(elm, CAR)
    round(elm, CAR)
    const questions = Array.from({ length: 16 }, () => asked(elm).trimEnd())
    expect(questions.slice(0, 7)).toEqual(['010D', '010C', '0104', '0105', '012F', '0142', 'rest 1000'])
    expect(questions.indexOf('ATZ')).toBe(14)
  })

  it('answers in frames that end with the prompt, however the line cuts them', () => {
    const stream = bytes('410D64\r\r>410C0FA0\r\r>')
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 6 }), (cuts) => {
        const elm = new Elm327()
        const framer = makeFramer(ELM327_FRAMING)
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length]
        const values: unknown[] = []
        for (const [index, end] of at.slice(1).entries()) {
          framer.push(stream.subarray(at[index], end), (frame) => {
            const parsed = elm.take(frame, AT_MS)
            if (!('type' in parsed)) values.push(...parsed.map(({ quantity }) => quantity))
          })
        }
        expect(values).toEqual(['speed', 'engine-speed'])
      }),
      { seed: 6, numRuns: 200 },
    )
  })

  it.each(['410C1AF8', '410D64', '4100BE3EB811'])('whose answer %s is cut short gives no value', (answer) => {
    for (let length = 0; length < answer.length; length++) {
      const parsed = said(answer.slice(0, length))
      if (length > 0) expect(parsed).toMatchObject({ type: 'malformed' })
      else expect(parsed).toEqual([])
    }
  })

  it('never throws and never gives a value out of its range, whatever an adapter says', () => {
    const line = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF '), maxLength: 12 }).map((data) => `41${data}`),
      fc.string({ maxLength: 20 }),
    )
    const ranges: Readonly<Record<string, readonly [number, number]>> = {
      speed: [0, 255 / 3.6],
      'engine-speed': [0, 16383.75],
      'engine-load': [0, 1],
      'coolant-temperature': [-40, 215],
      'fuel-level': [0, 1],
      voltage: [0, 65.535],
    }
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const elm = new Elm327()
        elm.ask()
        const parsed = elm.take(bytes(lines.join('\r')), AT_MS)
        if ('type' in parsed) return
        for (const reading of parsed) {
          const [least, most] = ranges[reading.quantity] ?? [1, 0]
          expect(readingFault(reading)).toBeUndefined()
          expect(reading.value).toBeGreaterThanOrEqual(least)
          expect(reading.value).toBeLessThanOrEqual(most)
        }
      }),
      { seed: 8, numRuns: 1000 },
    )
  })
})
