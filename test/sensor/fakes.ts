/** A clock that stands still until told, a strap without hardware, and a place to look at what a sensor says. */
import type { BluetoothChooser, GattCharacteristic, GattDevice, GattServer } from '../../src/sensor/gatt.ts'
import type { Reading } from '../../src/reading/reading.ts'
import type { SensorHandlers, SensorState, SensorTime } from '../../src/sensor/sensor.ts'

export class ManualTime implements SensorTime {
  #nowMs: number
  #tasks: { readonly atMs: number; readonly task: () => void }[] = []

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  /** Timers not yet run or called off. */
  get pending(): number {
    return this.#tasks.length
  }

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, task }
    this.#tasks.push(entry)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry)
    }
  }

  /** Lets time pass, running what falls due on the way, each at its own time. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    for (;;) {
      const [next] = this.#tasks.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      this.#tasks = this.#tasks.filter((other) => other !== next)
      this.#nowMs = next.atMs
      next.task()
      await settled()
    }
    this.#nowMs = endMs
  }
}

/** Resolves when everything that waits only for promises has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export class Witness implements SensorHandlers {
  readonly readings: Reading[] = []
  readonly states: SensorState[] = []

  onReadings(readings: readonly Reading[]): void {
    this.readings.push(...readings)
  }

  onState(state: SensorState): void {
    this.states.push(state)
  }

  /** The states seen so far by their types, and nothing seen any more. */
  takeStates(): string[] {
    return this.states.splice(0).map(({ type }) => type)
  }

  /** Values of one quantity, in the order they came. */
  values(quantity: string): Reading['value'][] {
    return this.readings.filter((reading) => reading.quantity === quantity).map(({ value }) => value)
  }
}

/** What a browser throws, by its name. */
export function browserError(name: string, message = ''): DOMException {
  return new DOMException(message, name)
}

/** One characteristic whose value a test sets. */
class FakeCharacteristic extends EventTarget implements GattCharacteristic {
  value: DataView | undefined
  readonly #initial: Uint8Array

  constructor(initial: Uint8Array) {
    super()
    this.#initial = initial
  }

  readValue(): Promise<DataView> {
    this.notify(this.#initial)
    return Promise.resolve(new DataView(this.#initial.slice().buffer))
  }

  startNotifications(): Promise<this> {
    return Promise.resolve(this)
  }

  notify(bytes: Uint8Array): void {
    this.value = new DataView(bytes.slice().buffer)
    this.dispatchEvent(new Event('characteristicvaluechanged'))
  }
}

/** A strap whose connection, services and failures a test decides. */
export class FakeStrap extends EventTarget implements GattDevice, GattServer {
  readonly name: string | undefined = 'Strap 7'
  readonly gatt: GattServer = this
  /** What the next connections do: fail so, hang, or, with the list at its end, succeed. */
  connects: (DOMException | 'hang')[] = []
  batteryLevel: number | undefined = 87
  hasHeartRate = true
  disconnections = 0
  heartRate = new FakeCharacteristic(new Uint8Array(0))
  battery = new FakeCharacteristic(new Uint8Array(0))

  connect(): Promise<GattServer> {
    const outcome = this.connects.shift()
    if (outcome === 'hang') return new Promise(() => undefined)
    if (outcome !== undefined) return Promise.reject(outcome)
    // A browser forgets a device's characteristics with each connection.
    this.heartRate = new FakeCharacteristic(new Uint8Array(0))
    this.battery = new FakeCharacteristic(Uint8Array.of(this.batteryLevel ?? 0))
    return Promise.resolve(this)
  }

  disconnect(): void {
    this.disconnections += 1
  }

  getPrimaryService(service: string): Promise<{ getCharacteristic(): Promise<GattCharacteristic> }> {
    const present = service === 'heart_rate' ? this.hasHeartRate : this.batteryLevel !== undefined
    if (!present) return Promise.reject(browserError('NotFoundError', 'No Services matching UUID'))
    const characteristic = service === 'heart_rate' ? this.heartRate : this.battery
    return Promise.resolve({ getCharacteristic: () => Promise.resolve(characteristic) })
  }

  /** The strap walks out of range. */
  vanish(): void {
    this.dispatchEvent(new Event('gattserverdisconnected'))
  }

  beat(...bytes: number[]): void {
    this.heartRate.notify(Uint8Array.from(bytes))
  }
}

/** A browser's chooser that answers with the strap, or with what it throws. */
export class FakeBluetooth implements BluetoothChooser {
  readonly asked: unknown[] = []
  answer: FakeStrap | DOMException | Promise<FakeStrap>
  available = true

  constructor(answer: FakeStrap | DOMException | Promise<FakeStrap>) {
    this.answer = answer
  }

  requestDevice(options: unknown): Promise<GattDevice> {
    this.asked.push(options)
    return this.answer instanceof DOMException ? Promise.reject(this.answer) : Promise.resolve(this.answer)
  }

  getAvailability(): Promise<boolean> {
    return Promise.resolve(this.available)
  }
}
