import { describe, expect, it } from 'vitest'
import { TEXT_CHARACTERS_MAX } from '../../src/reading/check.ts'
import {
  barcodeSensor,
  CODES_PER_LOOK_MAX,
  FAILED_LOOKS_MAX,
  GONE_MS,
  LOOK_EVERY_MS,
  type CodeBrowser,
  type CodeCamera,
} from '../../src/sensor/barcode.ts'
import { browserError, ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

class FakeCamera implements CodeCamera {
  codes: readonly string[] | DOMException = []
  open = true
  looks = 0
  unplug: () => void = () => undefined

  look(): Promise<readonly string[]> {
    this.looks += 1
    return this.codes instanceof DOMException ? Promise.reject(this.codes) : Promise.resolve(this.codes)
  }

  close(): void {
    this.open = false
  }
}

async function watching(openCamera?: CodeBrowser['openCamera']) {
  const camera = new FakeCamera()
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const open = (onEnded: () => void) => {
    camera.unplug = onEnded
    return Promise.resolve(camera)
  }
  const sensor = barcodeSensor({ isSecureContext: true, openCamera: openCamera ?? open }, time, witness)
  void sensor.start()
  await settled()
  return { camera, time, witness, sensor }
}

describe('a code before the camera', () => {
  it('is told once while it is held there, and again when it comes back', async () => {
    const { camera, time, witness, sensor } = await watching()
    expect(sensor.state.type).toBe('live')
    camera.codes = ['4006381333931']
    await time.pass(10_000)
    camera.codes = []
    await time.pass(GONE_MS - LOOK_EVERY_MS)
    camera.codes = ['4006381333931']
    await time.pass(1000)
    expect(witness.values('barcode')).toEqual(['4006381333931'])
    camera.codes = []
    await time.pass(GONE_MS + LOOK_EVERY_MS)
    camera.codes = ['4006381333931', 'A-7']
    await time.pass(1000)
    expect(witness.values('barcode')).toEqual(['4006381333931', '4006381333931', 'A-7'])
    expect(camera.looks).toBeLessThanOrEqual(2 + (time.nowMs() - NOW_MS) / LOOK_EVERY_MS)
  })

  it('is told on after the clock was set back', async () => {
    const { camera, time, witness } = await watching()
    camera.codes = ['A']
    await time.pass(1000)
    time.setBack(3_600_000)
    camera.codes = []
    await time.pass(GONE_MS)
    camera.codes = ['A']
    await time.pass(1000)
    expect(witness.values('barcode')).toEqual(['A', 'A'])
  })

  it('that is no text, or too long for one, is counted; of very many the first are told', async () => {
    const { camera, time, witness, sensor } = await watching()
    camera.codes = ['', 'x'.repeat(TEXT_CHARACTERS_MAX + 1), '\ud800', 'x'.repeat(TEXT_CHARACTERS_MAX)]
    await time.pass(5000)
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 3 })
    expect(witness.values('barcode')).toHaveLength(1)
    camera.codes = Array.from({ length: 1000 }, (_, i) => `code ${i}`)
    await time.pass(1000)
    expect(witness.values('barcode')).toHaveLength(1 + CODES_PER_LOOK_MAX)
  })

  it('is still found after looks that failed; with nothing but those the camera is given up', async () => {
    const { camera, time, witness, sensor } = await watching()
    camera.codes = browserError('InvalidStateError', 'no frame')
    await time.pass((FAILED_LOOKS_MAX - 2) * LOOK_EVERY_MS)
    camera.codes = ['A']
    await time.pass(LOOK_EVERY_MS)
    expect(witness.values('barcode')).toEqual(['A'])
    camera.codes = browserError('InvalidStateError', 'no frame')
    await time.pass(FAILED_LOOKS_MAX * LOOK_EVERY_MS)
    expect(sensor.state).toMatchObject({
      type: 'failed',
      problem: { kind: 'camera-failed', detail: 'InvalidStateError: no frame' },
    })
    expect([camera.open, time.pending]).toEqual([false, 0])
  })

  it.each([
    ['NotAllowedError', 'camera-refused'],
    ['NotFoundError', 'camera-failed'],
  ])('cannot be read without a camera (%s), and what to do is said', async (name, kind) => {
    const { sensor } = await watching(() => Promise.reject(browserError(name)))
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind } })
  })

  it('is not told once stopped, not even of a look that was under way, and the camera is off', async () => {
    const { camera, time, witness, sensor } = await watching()
    const answer = Promise.withResolvers<readonly string[]>()
    camera.look = () => answer.promise
    await time.pass(LOOK_EVERY_MS)
    sensor.stop()
    answer.resolve(['A'])
    await settled()
    expect(witness.readings).toEqual([])
    expect([sensor.state.type, camera.open, time.pending]).toEqual(['stopped', false, 0])
  })

  it('is not looked for where it was stopped before the person answered, or the camera went at once', async () => {
    const answer = Promise.withResolvers<CodeCamera>()
    const { camera, time, sensor } = await watching(() => answer.promise)
    sensor.stop()
    answer.resolve(camera)
    await settled()
    expect([sensor.state.type, camera.open, time.pending]).toEqual(['stopped', false, 0])
    const gone = await watching()
    gone.camera.unplug()
    expect(gone.sensor.state).toMatchObject({ problem: { kind: 'camera-failed' } })
    expect([gone.camera.open, gone.time.pending]).toEqual([false, 0])
  })
})
