/** The least page that reads serial devices with the app's own sensor. Bundled by a browser test. */
import type { Reading } from '../../../../src/reading/reading.ts'
import { SERIAL_DEFAULTS, type SerialKind } from '../../../../src/sensor/serial-config.ts'
import type { PortChooser } from '../../../../src/sensor/serial-port.ts'
import { SerialSensor } from '../../../../src/sensor/serial.ts'

declare global {
  /** What the page has heard. */
  var serialSeen: { state: string; malformed: number; readonly readings: Reading[] }
}

globalThis.serialSeen = { state: 'stopped', malformed: 0, readings: [] }

const time = {
  nowMs: () => Date.now(),
  after: (delayMs: number, task: () => void) => {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

function add(kind: SerialKind): void {
  const { serial } = navigator as { readonly serial?: PortChooser }
  const sensor = new SerialSensor(
    kind,
    SERIAL_DEFAULTS[kind],
    { serial, isSecureContext, time },
    {
      onReadings: (readings) => serialSeen.readings.push(...readings),
      onState: (state) => {
        serialSeen.state = state.type
        if (state.type === 'live') serialSeen.malformed = state.malformed
      },
    },
  )
  void sensor.start()
}

for (const kind of ['gps', 'lines'] as const) {
  const button = document.createElement('button')
  button.textContent = kind
  button.addEventListener('click', () => add(kind))
  document.body.append(button)
}
