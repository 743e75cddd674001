import { afterEach, describe, expect, it } from 'vitest'
import { baudWords, decoderWords, framingWords } from '../../src/app/form-words.ts'
import { quantityHint } from '../../src/app/field-text.ts'
import { LANGUAGES, speak } from '../../src/app/language.svelte.ts'
import {
  factWords,
  passedOverWords,
  problemTone,
  problemWords,
  readingWords,
  textWords,
} from '../../src/app/sensor-words.ts'
import { PROBLEM_MESSAGES, sensorProblem, type SensorProblemKind } from '../../src/sensor/problem.ts'
import { placeWords } from '../../src/app/words.ts'
import { measured } from '../../src/reading/measured.ts'

describe('a file that is read', () => {
  it('says how far it is, and that all is read', () => {
    expect(readingWords('live', { bytes: 40, bytesTotal: 80 })).toBe('reading, 50 %')
    expect(readingWords('idle', { bytes: 80, bytesTotal: 80 })).toBe('all read')
    expect(readingWords('idle', { bytes: 40, bytesTotal: 80 })).toBe('not connected')
    expect(readingWords('failed', { bytes: 0, bytesTotal: 0 })).toBe('stopped')
    expect(readingWords('live', { bytes: 0, bytesTotal: 0 })).toBe('reading, 0 %')
  })

  it('says what could not be read, and names no more rows than a line holds', () => {
    expect(textWords({ good: 1, bad: 0, badRows: [], known: 0 })).toBe('1 row read.')
    expect(textWords({ good: 2000, bad: 1, badRows: [1200], known: 0 })).toBe(
      '2,000 rows read. 1 row could not be read and was passed over: 1,200.',
    )
    const badRows = Array.from({ length: 100 }, (_, i) => i + 1)
    expect(textWords({ good: 0, bad: 300, badRows, known: 0 })).toMatch(
      /: 1, 2, 3, 4, 5, 6, 7, 8 and more\.$/,
    )
  })
})

describe('a sensor', () => {
  it('that sends what is no reading is said to, with how much of it there was', () => {
    expect(passedOverWords({ malformed: 0 })).toBe('')
    expect(passedOverWords({ malformed: 1 })).toBe(
      '1 message could not be read, and was passed over. All others are kept.',
    )
    expect(passedOverWords({ malformed: 12, skipped: 3000 })).toBe(
      '12 messages could not be read and 3,000 messages came too fast, and were passed over. All others are kept.',
    )
    expect(passedOverWords({ malformed: 0, skipped: 2 })).toBe(
      '2 messages came too fast, and were passed over. All others are kept.',
    )
  })

  it('is known by what it says of itself', () => {
    expect(factWords()).toBe('')
    expect(factWords({ manufacturer: 'Polar', model: 'H10', firmware: '3.1' })).toBe(
      'Polar H10, firmware 3.1',
    )
    expect(factWords({ firmware: '3.1' })).toBe('firmware 3.1')
    expect(factWords({ model: 'H10' })).toBe('H10')
  })
})

describe('a place', () => {
  it('is both of its numbers, and none where one is missing', () => {
    const [latitude, longitude] = [measured('latitude', 52.52, 0), measured('longitude', 13.41, 0)]
    expect(placeWords([latitude, longitude])).toBe('52.520°, 13.410°')
    expect(placeWords([latitude])).toBeUndefined()
    expect(placeWords([longitude])).toBeUndefined()
    expect(placeWords([measured('speed', 3, 0), latitude, longitude])).toBeUndefined()
  })
})

describe('the forms of sensors', () => {
  it('name what a line may be', () => {
    expect(baudWords('115200')).toBe('115,200 baud')
    expect([baudWords('guess'), decoderWords('guess'), framingWords('guess')]).toEqual(
      Array.from({ length: 3 }, () => 'Find it out'),
    )
  })

  it('say which unit the scale of a quantity is to lead to', () => {
    expect(quantityHint('temperature/2')).toBe('Temperature 2, in °C')
    expect(quantityHint('pressure')).toBe('Air pressure, in Pa; shown in hPa')
    expect(quantityHint('carbon-dioxide')).toBe('CO₂, in parts of 1; shown in ppm')
    expect(quantityHint('register/7')).toBe('Register 7')
    expect(quantityHint('constructor')).toBe('A name of your own')
    expect(quantityHint(' ')).toMatch(/^Choose/)
  })
})

describe('a problem of a sensor', () => {
  afterEach(() => speak('en'))

  const kinds = Object.keys(PROBLEM_MESSAGES) as SensorProblemKind[]

  it('is said in English as the sensor says it', () => {
    expect(kinds.map((kind) => problemWords(sensorProblem(kind)))).toEqual(Object.values(PROBLEM_MESSAGES))
    expect(problemWords({ kind: 'no-sensor', message: 'No motion.' })).toBe('No motion.')
  })

  it.each(LANGUAGES.filter(({ language }) => language !== 'en'))(
    'has words of its own for each kind in $name, with the names of all that is to be found by name',
    async ({ language }) => {
      const named = /chrome:\/\/\S+\w|“[^”]+s”|Bluefy|Chrome|Edge|iPhone|Android|https|localhost|JSON|NMEA/g
      const problem = sensorProblem('unreachable')
      const english = problemWords(problem)
      await speak(language)
      // one that is on the screen meanwhile is said anew
      expect(problemWords(problem)).not.toBe(english)
      const said = kinds.map((kind) => problemWords(sensorProblem(kind)))
      expect(new Set([...said, ...Object.values(PROBLEM_MESSAGES)]).size).toBe(2 * kinds.length)
      for (const [i, kind] of kinds.entries())
        for (const [name] of PROBLEM_MESSAGES[kind].matchAll(named))
          expect(said[i], kind).toContain(name.replaceAll(/[“”]/g, ''))
    },
  )

  it('is no alarm where a person has changed their mind', () => {
    const kinds = ['cancelled', 'no-file', 'unreachable', 'unreadable-text'] as const
    expect(kinds.map((kind) => problemTone(sensorProblem(kind)))).toEqual(['info', 'info', 'error', 'error'])
  })
})
