import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LineSpeech } from '../../src/sensor/serial-config.ts'
import {
  BAD_ROWS_MAX,
  SLICE_BYTES,
  SLICE_EVERY_MS,
  TextSource,
  type TextFile,
  type TextProgress,
} from '../../src/sensor/text-source.ts'
import { ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

const GUESS: LineSpeech = { decoder: 'guess', framing: 'guess' }
const JSON_LINES: LineSpeech = { decoder: 'json', framing: { type: 'line' } }

function file(text: string): TextFile {
  return new File([text], 'barn.txt')
}

function source(from: TextFile, speech: LineSpeech) {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const progress: TextProgress[] = []
  /** What whoever stores the readings says. */
  const stored: { known: number | undefined | Promise<number | undefined> } = { known: 0 }
  const sensor = new TextSource(from, speech, time, {
    onReadings: (readings) => witness.onReadings(readings),
    onState: (state) => witness.onState(state),
    onProgress: (now) => progress.push(now),
    store: async (readings) => {
      witness.onReadings(readings)
      return stored.known
    },
  })
  return { time, witness, progress, stored, sensor }
}

/** Reads all there is. */
async function read(from: TextFile, speech = GUESS) {
  const all = source(from, speech)
  await all.sensor.start()
  while (all.sensor.state.type === 'live') {
    await settled()
    await all.time.pass(SLICE_EVERY_MS)
  }
  return { ...all, last: all.progress.at(-1) }
}

describe('a text', () => {
  it('is understood and read, the times in it kept', async () => {
    const { witness, last, time, sensor } = await read(
      file('{"time":1699999000,"temperature":20}\n{"time":1699999060,"temperature":21}\n{"temperature":22}'),
    )
    expect(witness.readings.map(({ value, atMs }) => [value, atMs])).toEqual([
      [20, 1_699_999_000_000],
      [21, 1_699_999_060_000],
      [22, NOW_MS - 92 + 2],
    ])
    expect(last).toEqual({ bytes: 92, bytesTotal: 92, good: 3, bad: 0, badRows: [], known: 0 })
    expect(witness.takeStates()).toEqual(['connecting', 'live', 'stopped'])
    expect([sensor.state.type, time.pending]).toEqual(['stopped', 0])
  })

  it('may be one row without an end', async () => {
    const { witness } = await read(file('{"temperature":20.5}'))
    expect(witness.values('temperature')).toEqual([20.5])
  })

  it.each([
    ['\n', 'LF'],
    ['\r\n', 'CR LF'],
    ['\r', 'CR'],
  ])('with bad rows keeps the good ones and says which were bad, ends of line being %j (%s)', async (end) => {
    const rows = [
      '{"temperature":1}',
      '',
      '{"temperature":',
      'hello',
      '{"temperature":2}',
      '\u0007',
      '{"temperature":3}',
    ]
    const { witness, last } = await read(file(rows.join(end)), JSON_LINES)
    expect(witness.values('temperature')).toEqual([1, 2, 3])
    expect(last).toMatchObject({ good: 3, bad: 3, badRows: [3, 4, 6] })
  })

  it('with very many bad rows names the first of them and counts all', async () => {
    const { last, witness } = await read(file('{"temperature":1}\n' + 'bad\n'.repeat(5000)), JSON_LINES)
    expect(last).toMatchObject({ good: 1, bad: 5000 })
    expect(last?.badRows.length).toBe(BAD_ROWS_MAX)
    expect(last?.badRows[0]).toBe(2)
    expect(witness.states.find((state) => state.type === 'live' && state.malformed > 0)).toBeDefined()
  })

  it('is taken a slice at a time, tells how far it is and can be stopped', async () => {
    const rows = file('{"temperature":1}\n'.repeat(10_000))
    const { time, progress, sensor, witness } = source(rows, JSON_LINES)
    await sensor.start()
    await settled()
    expect(progress.map(({ bytes }) => bytes)).toEqual([0, SLICE_BYTES])
    await time.pass(SLICE_EVERY_MS)
    expect(progress.map(({ bytes }) => bytes)).toEqual([0, SLICE_BYTES, 2 * SLICE_BYTES])
    const { length } = witness.readings
    sensor.stop()
    await settled()
    await time.pass(10 * SLICE_EVERY_MS)
    expect(witness.readings.length).toBe(length)
    expect([sensor.state.type, time.pending]).toEqual(['stopped', 0])
  })

  it('waits for what it has read to be stored, and says so far only', async () => {
    const { time, progress, stored, sensor, witness } = source(
      file('{"temperature":1}\n'.repeat(10_000)),
      JSON_LINES,
    )
    const disk = Promise.withResolvers<number>()
    stored.known = disk.promise
    await sensor.start()
    await settled()
    await time.pass(60_000)
    const { length } = witness.readings
    expect([length < 10_000, progress.map(({ bytes }) => bytes)]).toEqual([true, [0]])
    disk.resolve(7)
    await settled()
    expect(progress.at(-1)).toMatchObject({ bytes: SLICE_BYTES, known: 7 })
    await time.pass(SLICE_EVERY_MS)
    expect(witness.readings.length).toBeGreaterThan(length)
  })

  it('that cannot be stored is read no further', async () => {
    const { time, progress, stored, sensor } = source(file('{"temperature":1}\n'.repeat(10_000)), JSON_LINES)
    stored.known = undefined
    await sensor.start()
    await settled()
    expect([sensor.state.type, progress.map(({ bytes }) => bytes), time.pending]).toEqual(['stopped', [0], 0])
  })

  it('with a head and blank lines has its rows named as an editor counts them', async () => {
    const rows = [
      'time,temperature',
      '',
      '1699999000,20',
      '1699999060,20,7',
      '',
      '1699999120,21',
      '1699999180,',
    ]
    const { witness, last } = await read(file(rows.join('\n')), {
      decoder: 'csv',
      framing: { type: 'line' },
    })
    expect(witness.values('temperature')).toEqual([20, 21])
    expect(last?.badRows).toEqual([4])
  })

  it.each(['', 'once upon a time there was a farmer', '\u0000\u0001\u0002'.repeat(50)])(
    'that says nothing to be read (%j) is told so',
    async (text) => {
      const { sensor } = await read(file(text))
      expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'unreadable-text' } })
    },
  )

  it('stopped by the one who hears it stays so, bad rows and all', async () => {
    const { witness, time, sensor } = source(file('{"temperature":20}\n{"temperature":\n'), JSON_LINES)
    witness.onReadings = () => sensor.stop()
    await sensor.start()
    await settled()
    expect([sensor.state.type, time.pending]).toEqual(['stopped', 0])
  })

  it('that cannot be opened is told so', async () => {
    const gone: TextFile = {
      name: 'gone.txt',
      size: 1,
      stream: () => {
        throw new TypeError('gone')
      },
    }
    const { sensor } = source(gone, GUESS)
    await sensor.start()
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'unreadable-text' } })
  })

  it('that was not chosen after all is told so', async () => {
    const none: TextFile = {
      name: '',
      size: 0,
      stream: () => {
        throw new DOMException('no file was chosen', 'AbortError')
      },
    }
    const { sensor, witness } = source(none, GUESS)
    await sensor.start()
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'no-file' } })
    expect(witness.takeStates()).toEqual(['connecting', 'failed'])
  })

  it('that goes away while it is read is told so, and what was read is kept', async () => {
    let pulls = 0
    const stream = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulls += 1
          if (pulls > 3) controller.error(new DOMException('changed', 'NotReadableError'))
          else controller.enqueue(new TextEncoder().encode('{"temperature":1}\n'.repeat(100)))
        },
      })
    const { sensor, witness } = await read({ name: 'barn.txt', size: 9999, stream }, JSON_LINES)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'unreadable-text' } })
    expect(witness.values('temperature').length).toBeGreaterThan(0)
  })

  it('reads alike however its stream is cut', async () => {
    const text = new TextEncoder().encode('{"temperature":1}\r\nbad\r\n\r\n{"temperature":2}\r\n')
    const cut = fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(cut, async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length]
        const chunks = at.slice(1).map((end, index) => text.slice(at[index], end))
        const stream = () =>
          new ReadableStream<Uint8Array>({
            start: (controller) => {
              for (const chunk of chunks) controller.enqueue(chunk)
              controller.close()
            },
          })
        const { witness, last } = await read({ name: 'barn.txt', size: text.length, stream }, JSON_LINES)
        expect(witness.values('temperature')).toEqual([1, 2])
        expect(last).toMatchObject({ good: 2, bad: 1, badRows: [2] })
      }),
      { seed: 6, numRuns: 60 },
    )
  })
})
