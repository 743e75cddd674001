/** A sensor on a serial port: chosen by a person, understood, followed, and brought back when it was unplugged. */
import { KINDS } from '../reading/kinds.ts'
import { Hearing } from './hearing.ts'
import { timely } from './intake.ts'
import type { Parsed } from './parse/parse.ts'
import { sensorProblem, type SensorProblem } from './problem.ts'
import type { Sensor, SensorHandlers, SensorState } from './sensor.ts'
import { choosePort, closedPorts, makeOf, type SerialEnvironment } from './serial-choosing.ts'
import { isAsked, ratesOf, type SerialConfig, type SerialKind } from './serial-config.ts'
import { SerialLine, type Port } from './serial-port.ts'
import { Steps } from './steps.ts'

/** Time to be understood at one speed: receivers speak once a second, and an adapter takes one to wake up. */
export const UNDERSTAND_MS = 2500

/** How one speed went: understood, or why not. */
type Outcome = 'understood' | 'silent' | SensorProblem

/** Frames that cannot be read and errors of the line are counted and never end it; a port that is gone is waited for. */
export class SerialSensor implements Sensor {
  readonly kind: SerialKind
  readonly #environment: SerialEnvironment
  readonly #handlers: SensorHandlers
  readonly #steps: Steps
  #config: SerialConfig
  #port: Port | undefined
  /** Resolves when no line of ours holds the port. */
  #free: Promise<void> = Promise.resolve()
  #hearing: Hearing | undefined
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
    const { time } = environment
    this.#steps = new Steps({ time, handlers, live: () => ({ name: KINDS[kind].label }) })
  }

  get state(): SensorState {
    return this.#steps.state
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
    if (!this.#steps.mayStart) return
    const step = this.#steps.begin()
    this.#startAnew(false)
    const port = (await this.#findPort()) ?? (await this.#choose(step))
    if (port !== undefined && !step.aborted) await this.#connect(port, step)
  }

  /** Where several ports of the make are plugged in there is no telling which it was, and a click has to. */
  async resume(deviceId: string): Promise<boolean> {
    if (this.state.type !== 'stopped') return false
    const step = this.#steps.begin()
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
    if (this.#port === undefined || this.state.type === 'stopped') return
    this.#startAnew(false)
    await this.#connect(this.#port, this.#steps.begin())
  }

  stop(): void {
    this.#steps.stop()
  }

  async #choose(step: AbortSignal): Promise<Port | undefined> {
    this.#steps.become({ type: 'choosing' })
    const chosen = await choosePort(this.#environment)
    if (!('message' in chosen)) return chosen
    if (!step.aborted) this.#fail(chosen)
    return undefined
  }

  async #connect(port: Port, step: AbortSignal): Promise<void> {
    this.#port = port
    this.#steps.become({ type: 'connecting' })
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
        if (this.state.type === 'live' && !ended.aborted) this.#lose()
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
    this.#steps.becomeLive()
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
    if (this.state.type === 'live') {
      if (this.#steps.intake.take(parse)) this.#steps.isBack()
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
    this.#steps.isBack()
    this.#handlers.onReadings(timely(parsed, this.#environment.time.nowMs()))
  }

  #lose(): void {
    const again = () => void this.#reconnect(this.#steps.begin())
    const step = this.#steps.lose('port-lost', again)
    if (step !== undefined) this.#environment.serial?.addEventListener('connect', again, { signal: step })
  }

  async #reconnect(step: AbortSignal): Promise<void> {
    this.#steps.become({ type: 'connecting' })
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
    // It may have been the wrong port, so the next start asks again.
    if (problem.kind === 'no-data') this.#port = undefined
    this.#steps.fail(problem)
  }

  #startAnew(isKnown: boolean): void {
    this.#steps.startAnew()
    this.#established = isKnown
  }
}
