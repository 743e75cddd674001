/** The sensors that the first screen does without: their code comes when one is added, or when there is time. */
import type { ThingKind } from '../reading/kinds.ts'
import { AdvertsSensor } from '../sensor/adverts-sensor.ts'
import { barcodeSensor } from '../sensor/barcode.ts'
import { BluetoothSensor } from '../sensor/bluetooth.ts'
import { openCodeCamera, openMicrophone, type ReadQr } from '../sensor/capture.ts'
import { lightSensor } from '../sensor/light.ts'
import { locationSensor } from '../sensor/location.ts'
import { orientationSensor } from '../sensor/orientation.ts'
import { batterySensor } from '../sensor/phone-battery.ts'
import { isWheeled, mappedProfile, PROFILES, uartProfile, wheelProfile } from '../sensor/profiles.ts'
import { SerialSensor } from '../sensor/serial.ts'
import { readerOf, SERIAL_DEFAULTS, type SerialKind } from '../sensor/serial-config.ts'
import type { Sensor, SensorHandlers } from '../sensor/sensor.ts'
import { soundSensor } from '../sensor/sound.ts'
import { TextSource, type TextFile, type TextHandlers } from '../sensor/text-source.ts'
import { pageBluetooth, pageSerial } from './page-devices.ts'
import { isGranted, pageTime, pickFile } from './platform.ts'
import { readSource, writeSource, type Source } from './source.ts'
import { startsAlone, type Made, type Wanted } from './state/feed.ts'

/** @param kept the source that is kept of the thing */
type MakeHere = (handlers: SensorHandlers, kept: string | undefined) => Made

/** What this device measures by itself, but for where it is. */
const OF_THIS_DEVICE: Readonly<Partial<Record<ThingKind, MakeHere>>> = {
  orientation: (handlers, kept) => startsAlone(orientationSensor(window, pageTime, handlers), kept),
  light: (handlers, kept) => startsAlone(lightSensor(window, pageTime, handlers), kept),
  'phone-battery': (handlers, kept) => startsAlone(batterySensor(window, pageTime, handlers), kept),
  sound: (handlers) => byClick(sound(handlers)),
  barcode: (handlers) => byClick(codes(handlers)),
}

/** Makes a sensor of any kind but those that are there from the start. */
export function makeLateSensor({ kind, source: text, file }: Wanted, handlers: TextHandlers): Made {
  const source = readSource(text)
  if (kind === 'location') return location(source?.type === 'location' ? source : undefined, handlers)
  const make = OF_THIS_DEVICE[kind]
  if (make !== undefined) return make(handlers, text)
  return isOnLine(kind) ? overLine(kind, source, file, handlers) : overBluetooth(kind, source, handlers)
}

function isOnLine(kind: ThingKind): kind is SerialKind {
  return Object.hasOwn(SERIAL_DEFAULTS, kind)
}

/** A camera or a microphone never comes on by itself. */
function byClick(sensor: Sensor): Made {
  return { sensor, source: () => undefined, resume: () => Promise.resolve(false) }
}

function location(kept: (Source & { type: 'location' }) | undefined, handlers: SensorHandlers): Made {
  const source: Source & { type: 'location' } = kept ?? { type: 'location', precise: false }
  const sensor = locationSensor(window, pageTime, handlers, source)
  const resume = async () => {
    if (kept === undefined || !(await isGranted('geolocation'))) return false
    await sensor.start()
    return true
  }
  return { sensor, source: () => writeSource(source), resume }
}

function sound(handlers: SensorHandlers): Sensor {
  const open = (onEnded: () => void) => openMicrophone(navigator.mediaDevices, onEnded)
  const browser = { isSecureContext, openMicrophone: 'mediaDevices' in navigator ? open : undefined }
  return soundSensor(browser, pageTime, handlers)
}

function codes(handlers: SensorHandlers): Sensor {
  const open = (onEnded: () => void) => openCodeCamera(navigator.mediaDevices, loadQrReader, onEnded)
  const browser = { isSecureContext, openCamera: 'mediaDevices' in navigator ? open : undefined }
  return barcodeSensor(browser, pageTime, handlers)
}

/** Our own reader of QR codes, loaded once a camera is on. It throws where there is no code. */
async function loadQrReader(): Promise<ReadQr> {
  const { decodeQR } = await import('qr/decode.js')
  return (picture) => {
    try {
      return decodeQR(picture)
    } catch {
      return undefined
    }
  }
}

/** What speaks lines: over a cable, over a Nordic UART, or out of a file. */
function overLine(
  kind: SerialKind,
  source: Source | undefined,
  file: TextFile | undefined,
  handlers: TextHandlers,
): Made {
  if (source?.type === 'text') {
    const speech = { decoder: 'guess', framing: 'guess' } as const
    const text = new TextSource(new ChosenFile(file), speech, pageTime, handlers)
    return { ...byClick(text), source: () => writeSource(source) }
  }
  if (source?.type === 'uart') {
    const profile = uartProfile(kind, () => readerOf(source))
    return found(new BluetoothSensor(profile, pageBluetooth(), handlers), source)
  }
  const config = source?.type === 'serial' ? source.config : SERIAL_DEFAULTS[kind]
  const sensor = new SerialSensor(kind, config, pageSerial(), handlers)
  const { deviceId } = source?.type === 'serial' ? source : {}
  return {
    sensor,
    source: () => writeSource({ ...deviceIdOf(sensor, deviceId), type: 'serial', config: sensor.config }),
    resume: async () => deviceId !== undefined && sensor.resume(deviceId),
    change: async (changed) => {
      const next = readSource(changed)
      if (next?.type === 'serial') await sensor.reconfigure(next.config)
    },
  }
}

function overBluetooth(kind: ThingKind, source: Source | undefined, handlers: SensorHandlers): Made {
  const bluetooth = pageBluetooth()
  if (kind === 'tyres' || (kind === 'environment' && source?.type === 'adverts')) {
    const kept = source?.type === 'adverts' ? source : { type: 'adverts' as const }
    return found(new AdvertsSensor(kind, bluetooth, handlers), kept)
  }
  if (source?.type === 'mapping')
    return found(new BluetoothSensor(mappedProfile(source.mapping), bluetooth, handlers), source)
  const kept: Source & { type: 'profile' } = source?.type === 'profile' ? source : { type: 'profile' }
  const { wheelMm } = kept
  const profile = wheelMm !== undefined && isWheeled(kind) ? wheelProfile(kind, wheelMm) : PROFILES.get(kind)
  if (profile === undefined) throw new Error(`nothing is known of how ${kind} is measured`)
  return found(new BluetoothSensor(profile, bluetooth, handlers), kept)
}

/** A sensor that is found again by its device. */
function found(sensor: Sensor, source: Source & { readonly deviceId?: string }): Made {
  const { deviceId } = source
  return {
    sensor,
    source: () => writeSource({ ...source, ...deviceIdOf(sensor, deviceId) }),
    resume: async () => deviceId !== undefined && ((await sensor.resume?.(deviceId)) ?? false),
  }
}

function deviceIdOf(sensor: Sensor, before: string | undefined): { readonly deviceId?: string } {
  const deviceId = sensor.deviceId ?? before
  return deviceId === undefined ? {} : { deviceId }
}

/** A file that its person chooses when it is read; the first time it may be there already. Each reading asks for another. */
class ChosenFile implements TextFile {
  #file: TextFile | undefined
  #next: TextFile | undefined

  constructor(first: TextFile | undefined) {
    this.#next = first
  }

  get name(): string {
    return this.#file?.name ?? ''
  }

  get size(): number {
    return this.#file?.size ?? 0
  }

  /** Where no file is chosen it fails with an `AbortError`. */
  stream(): ReadableStream<Uint8Array> {
    const chosen = this.#next === undefined ? pickFile() : Promise.resolve(this.#next)
    this.#next = undefined
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const read = async () => {
      this.#file = await chosen
      if (this.#file === undefined) await writable.abort(new DOMException('no file', 'AbortError'))
      else await this.#file.stream().pipeTo(writable)
    }
    // what reads the other end is told, and says it
    read().catch(() => undefined)
    return readable
  }
}
