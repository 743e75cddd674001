import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GROUPS } from '../../src/app/choices.ts'
import { makeLateSensor } from '../../src/app/late-sensors.ts'
import { readSource, writeSource, type Source } from '../../src/app/source.ts'
import type { Reading } from '../../src/reading/reading.ts'
import type { SensorState } from '../../src/sensor/sensor.ts'
import { SERIAL_DEFAULTS } from '../../src/sensor/serial-config.ts'
import type { TextHandlers, TextProgress } from '../../src/sensor/text-source.ts'

/** A page of a browser that has no sensors at all. */
beforeEach(() => {
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('window', { isSecureContext: true, navigator: {} })
})
afterEach(() => vi.unstubAllGlobals())

/** What a sensor says, and when it has become a state. */
function ear() {
  const readings: Reading[] = []
  const progress: TextProgress[] = []
  const waiting = new Map<SensorState['type'], () => void>()
  const handlers: TextHandlers = {
    onReadings: (some) => void readings.push(...some),
    onState: ({ type }) => waiting.get(type)?.(),
    onProgress: (some) => void progress.push(some),
    store: (some) => Promise.resolve(readings.push(...some) && 0),
  }
  const until = (type: SensorState['type']) => new Promise<void>((resolve) => waiting.set(type, resolve))
  return { readings, progress, handlers, until }
}

const choices = GROUPS.flatMap((group) => group.choices).filter(({ kind }) => kind !== 'motion')

describe('what is chosen', () => {
  it('becomes a sensor of its kind, that says why it does not work here', async () => {
    for (const { kind, source, step, name } of choices) {
      if (step === 'raw' || step === 'text') continue
      const made = makeLateSensor({ kind, source }, ear().handlers)
      expect(made.sensor.kind, name).toBe(kind)
      await made.sensor.start()
      expect(made.sensor.state, name).toMatchObject({
        type: 'failed',
        problem: { kind: expect.stringMatching(/unsupported/) as unknown },
      })
    }
  })

  it('is kept so that the same sensor is made of it again', () => {
    const sources: Source[] = [
      { type: 'profile', deviceId: 'a' },
      { type: 'profile', deviceId: 'a', wheelMm: 1500 },
      { type: 'location', precise: true },
      { type: 'serial', deviceId: '1a86:7523', config: SERIAL_DEFAULTS.gps },
      { type: 'uart', deviceId: 'b', decoder: 'nmea', framing: { type: 'line' } },
      { type: 'uart', deviceId: 'b', decoder: 'elm327' },
    ]
    const kinds = ['heart-rate', 'cycling', 'location', 'gps', 'gps', 'car'] as const
    for (const [i, source] of sources.entries()) {
      const kind = kinds[i]
      if (kind === undefined) throw new Error('a kind is missing')
      const made = makeLateSensor({ kind, source: writeSource(source) }, ear().handlers)
      expect(readSource(made.source())).toEqual(source)
    }
  })

  it('begins as most of its kind do where what is kept is of something else', () => {
    for (const source of [undefined, '', '{"version":9}', writeSource({ type: 'text' })]) {
      const made = makeLateSensor({ kind: 'heart-rate', source }, ear().handlers)
      expect(readSource(made.source())).toEqual({ type: 'profile' })
    }
  })

  it('takes a click where no device is known, and where it is a camera or a microphone', async () => {
    for (const kind of ['heart-rate', 'tyres', 'gps', 'sound', 'barcode', 'location'] as const) {
      const made = makeLateSensor({ kind }, ear().handlers)
      expect(await made.resume(), kind).toBe(false)
      expect(made.sensor.state.type).toBe('stopped')
    }
  })
})

describe('where this device is', () => {
  it('is not told unasked of a thing that was never started here, though the browser would allow it', async () => {
    vi.stubGlobal('navigator', { permissions: { query: () => Promise.resolve({ state: 'granted' }) } })
    const resumes = (source: string | undefined) =>
      makeLateSensor({ kind: 'location', source }, ear().handlers).resume()
    expect(await resumes(undefined)).toBe(false)
    expect(await resumes(writeSource({ type: 'location', precise: false }))).toBe(true)
  })
})

describe('a serial line', () => {
  it('is set anew, and what is set is kept', async () => {
    const made = makeLateSensor({ kind: 'lines' }, ear().handlers)
    const slow: Source = { type: 'serial', config: { ...SERIAL_DEFAULTS.lines, baudRate: 1200 } }
    await made.change?.(writeSource(slow) ?? '')
    expect(readSource(made.source())).toEqual(slow)
  })
})

describe('a text', () => {
  it('is read to its end, and the next time another one is asked for', async () => {
    const { handlers, readings, progress, until } = ear()
    const file = new File(['{"temperature": 20}\n{"temperature": 21}\nno reading\n'], 'log.txt')
    const source = writeSource({ type: 'text' })
    const made = makeLateSensor({ kind: 'lines', source, file }, handlers)
    const ended = until('stopped')
    await made.sensor.start()
    expect(made.sensor.state).toMatchObject({ type: 'live', name: 'log.txt' })
    await ended
    expect(readings.map(({ value }) => value)).toEqual([20, 21])
    expect(progress.at(-1)).toMatchObject({ bytes: file.size, bytesTotal: file.size, bad: 1, badRows: [3] })

    const input = Object.assign(new EventTarget(), { files: [], click: () => undefined })
    vi.stubGlobal('document', { createElement: () => input })
    const again = made.sensor.start()
    input.dispatchEvent(new Event('cancel'))
    await again
    expect(made.sensor.state).toMatchObject({
      type: 'failed',
      problem: { kind: 'no-file', message: expect.stringMatching(/^No file was chosen/) as unknown },
    })
    expect(readings).toHaveLength(2)
  })
})
