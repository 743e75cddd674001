/** A sensor on a serial port: chosen by a person, understood, followed, and brought back when it was unplugged. */
import { KINDS } from '../reading/kinds.ts'
import { RETRY_DELAYS_MS } from './bluetooth.ts'
import { Hearing } from './hearing.ts'
import { Intake, timely } from './intake.ts'
import type { Parsed } from './parse/parse.ts'
import { sensorProblem, type SensorProblem } from './problem.ts'
import type { Sensor, SensorHandlers, SensorState } from './sensor.ts'
import { choosePort, closedPorts, makeOf, type SerialEnvironment } from './serial-choosing.ts'
import { isAsked, ratesOf, type SerialConfig, type SerialKind } from './serial-config.ts'
import { SerialLine, type Port } from './serial-port.ts'

/** Time to be understood at one speed: receivers speak once a second, and an adapter takes one to wake up. */
export const UNDERSTAND_MS = 2500

/** How one speed went: understood, or why not. */
type Outcome = 'understood' | 'silent' | SensorProblem

/** Frames that cannot be read and errors of the line are counted and never end it; a port that is gone is waited for. */
export class SerialSensor implements Sensor {
  readonly kind: SerialKind
  readonly #environment: SerialEnvironment
  readonly #handlers: SensorHandlers
  readonly #intake: Intake
  #config: SerialConfig
  #state: SensorState = { type: 'stopped' }
  #port: Port | undefined
  /** Of the present step, which a person or a timer took; aborted with the next, and with it the line that it opened. */
  #step = new AbortController()
  /** Resolves when no line of ours holds the port. */
  #free: Promise<void> = Promise.resolve()
  #hearing: Hearing | undefined
  /** Attempts since a reading last came. */
  #attempts = 0
  /** False until it is first understood since `start`: a failure then is told at once, with a person present. */
  #established = false

  constructor(
    kind: SerialKind,
    config: SerialConfig,
    environment: SerialEnvironment,
    handlers: SensorHandlers,
  ) {
    this.kind = kind
    this.#config = config
    this.#environment = environment
    this.#handlers = handlers
    this.#intake = new Intake({
      time: environment.time,
      onReadings: (readings) => this.#handlers.onReadings(readings),
      onCounts: () => this.#tellCounts(),
    })
  }

  get state(): SensorState {
    return this.#state
  }

  /** How the line is set, with what has been guessed so far. */
  get config(): SerialConfig {
    return { ...this.#config, speech: this.#hearing?.speech ?? this.#config.speech }
  }

  /** The make of its USB port. */
  get deviceId(): string | undefined {
    return this.#port && makeOf(this.#port)
  }

  /** Opens the chooser the first time; afterwards it opens the same port. */
  async start(): Promise<void> {
    if (!['stopped', 'lost', 'failed'].includes(this.#state.type)) return
    const step = this.#begin()
    this.#startAnew(false)
    const port = (await this.#findPort()) ?? (await this.#choose(step))
    if (port !== undefined && !step.aborted) await this.#connect(port, step)
  }

  /** Where several ports of the make are plugged in there is no telling which it was, and a click has to. */
  async resume(deviceId: string): Promise<boolean> {
    if (this.#state.type !== 'stopped') return false
    const step = this.#begin()
    const [port, another] = await closedPorts(this.#environment, deviceId)
    if (port === undefined || another !== undefined || step.aborted) return false
    this.#startAnew(true)
    await this.#connect(port, step)
    return true
  }

  /** Closes the line and opens it as `config` says, if it was open. */
  async reconfigure(config: SerialConfig): Promise<void> {
    this.#config = config
    this.#hearing = undefined
    if (this.#port === undefined || this.#state.type === 'stopped') return
    this.#startAnew(false)
    await this.#connect(this.#port, this.#begin())
  }

  stop(): void {
    this.#begin()
    this.#intake.reset()
    this.#become({ type: 'stopped' })
  }

  async #choose(step: AbortSignal): Promise<Port | undefined> {
    this.#become({ type: 'choosing' })
    const chosen = await choosePort(this.#environment)
    if (!('message' in chosen)) return chosen
    if (!step.aborted) this.#fail(chosen)
    return undefined
  }

  async #connect(port: Port, step: AbortSignal): Promise<void> {
    this.#port = port
    this.#become({ type: 'connecting' })
    let outcome: Outcome = 'silent'
    for (const baudRate of ratesOf(this.#config)) {
      outcome = await this.#tryRate(port, baudRate, step)
      if (outcome !== 'silent' || step.aborted) break
    }
    if (step.aborted || outcome === 'understood') return
    if (this.#established) this.#lose()
    else if (outcome === 'silent') this.#fail(sensorProblem('no-data'))
    else this.#fail(outcome)
  }

  /** Opens the port at one speed. It stays open, and the sensor is live, only if it is understood. */
  async #tryRate(port: Port, baudRate: number, step: AbortSignal): Promise<Outcome> {
    const { time } = this.#environment
    const { speech } = this.config
    const attempt = new AbortController()
    const ended = AbortSignal.any([step, attempt.signal])
    const line = await this.#open(port, baudRate, ended)
    if (!(line instanceof SerialLine)) return line
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const hearing = new Hearing(speech, {
      time,
      write: (bytes) => line.write(bytes),
      onFrame: (parse) => this.#onFrame(parse, () => resolve('understood')),
    })
    const cancel = time.after(UNDERSTAND_MS, () => resolve('silent'))
    ended.addEventListener('abort', () => {
      cancel()
      hearing.stop()
      resolve('silent')
    })
    let isGone = false
    line.listen({
      onChunk: (chunk) => !ended.aborted && hearing.hear(chunk),
      onFault: () => !ended.aborted && hearing.fault(),
      onEnd: () => {
        isGone = true
        if (this.#state.type === 'live' && !ended.aborted) this.#lose()
        resolve(sensorProblem('port-lost'))
      },
    })
    hearing.start()
    // Some devices speak once a day: a person who names the speed has said enough.
    if (this.#config.baudRate !== 'guess' && !isAsked(speech)) resolve('understood')
    const outcome = await promise
    cancel()
    if (step.aborted || outcome !== 'understood' || isGone) {
      attempt.abort()
      return isGone ? sensorProblem('port-lost') : outcome
    }
    this.#hearing = hearing
    this.#config = { ...this.#config, baudRate }
    this.#established = true
    this.#becomeLive()
    return outcome
  }

  /** Opens the port, once it is free, until `ended`. */
  async #open(port: Port, baudRate: number, ended: AbortSignal): Promise<SerialLine | Outcome> {
    const before = this.#free
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#free = promise
    await before
    try {
      const line = ended.aborted ? undefined : await SerialLine.open(port, baudRate, this.#config.bits)
      const hangUp = () => void line?.close().then(resolve)
      if (line === undefined) resolve()
      else if (ended.aborted) hangUp()
      else ended.addEventListener('abort', hangUp)
      return line === undefined || ended.aborted ? 'silent' : line
    } catch (error) {
      resolve()
      return sensorProblem('port-busy', error)
    }
  }

  #onFrame(parse: (atMs: number) => Parsed, understood: () => void): void {
    if (this.#state.type === 'live') {
      if (this.#intake.take(parse)) this.#attempts = 0
      return
    }
    // At a wrong speed everything is malformed, and that is nothing to count.
    const parsed = parse(this.#environment.time.nowMs())
    if ('type' in parsed) {
      if (parsed.reason === 'not-known') understood()
      return
    }
    understood()
    if (parsed.length === 0) return
    this.#attempts = 0
    this.#handlers.onReadings(timely(parsed, this.#environment.time.nowMs()))
  }

  #lose(): void {
    const nextMs = RETRY_DELAYS_MS[this.#attempts]
    if (nextMs === undefined) {
      this.#fail(sensorProblem('port-lost'))
      return
    }
    const step = this.#begin()
    this.#attempts += 1
    this.#become({ type: 'lost', attempt: this.#attempts, nextMs })
    const again = () => void this.#reconnect(this.#begin())
    const cancel = this.#environment.time.after(nextMs, again)
    step.addEventListener('abort', cancel)
    this.#environment.serial?.addEventListener('connect', again, { signal: step })
  }

  async #reconnect(step: AbortSignal): Promise<void> {
    this.#become({ type: 'connecting' })
    const port = await this.#findPort()
    if (step.aborted) return
    if (port === undefined) this.#lose()
    else await this.#connect(port, step)
  }

  /** The port of before, or after it was plugged in again one of its make that nobody has open. */
  async #findPort(): Promise<Port | undefined> {
    if (this.#port === undefined) return undefined
    await this.#free
    const make = makeOf(this.#port)
    const ports = await closedPorts(this.#environment, make)
    return ports.includes(this.#port) ? this.#port : make === undefined ? undefined : ports[0]
  }

  #fail(problem: SensorProblem): void {
    this.#begin()
    // It may have been the wrong port, so the next start asks again.
    if (problem.kind === 'no-data') this.#port = undefined
    this.#become({ type: 'failed', problem })
  }

  #startAnew(isKnown: boolean): void {
    this.#attempts = 0
    this.#intake.reset()
    this.#established = isKnown
  }

  #becomeLive(): void {
    this.#become({ type: 'live', name: KINDS[this.kind].label, ...this.#intake.counts })
  }

  #tellCounts(): void {
    if (this.#state.type === 'live') this.#becomeLive()
  }

  #begin(): AbortSignal {
    this.#step.abort()
    this.#step = new AbortController()
    return this.#step.signal
  }

  #become(state: SensorState): void {
    this.#state = state
    this.#handlers.onState(state)
  }
}
