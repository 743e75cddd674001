/** The microphone and the camera of this device, as `sound.ts` and `barcode.ts` want them. Nothing of either is kept. */
import type { CodeCamera } from './barcode.ts'
import type { SensorProblemKind } from './problem.ts'
import type { Microphone } from './sound.ts'

/** What it means that `getUserMedia` rejected. Names by Media Capture and Streams, W3C, `getUserMedia()`. */
export function captureProblem(cause: unknown, what: 'microphone' | 'camera'): SensorProblemKind {
  const name = cause instanceof Error ? cause.name : ''
  return name === 'NotAllowedError' || name === 'SecurityError' ? `${what}-refused` : `${what}-failed`
}

/** Samples at a time, a power of two for the analyser: 341 ms at the usual 48 kHz. */
const SAMPLES = 16_384

/**
 * Turns the microphone on, without what makes speech clear and levels alike. Rejects as `getUserMedia` does.
 *
 * @param onEnded called when it is unplugged or taken away
 */
export async function openMicrophone(devices: MediaDevices, onEnded: () => void): Promise<Microphone> {
  // Made before anything is awaited: within the click it may run at once.
  const context = new AudioContext()
  const stream = await devices
    .getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } })
    .catch(async (error: unknown) => {
      await context.close()
      throw error
    })
  const analyser = new AnalyserNode(context, { fftSize: SAMPLES })
  // It is not connected to the speakers.
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(SAMPLES)
  for (const track of stream.getTracks()) track.addEventListener('ended', onEnded)
  return {
    newest: () => {
      // A call interrupts it on an iPhone.
      if (context.state !== 'running') {
        context.resume().catch(() => undefined)
        return undefined
      }
      analyser.getFloatTimeDomainData(samples)
      return samples
    },
    close: () => {
      stopAll(stream)
      context.close().catch(() => undefined)
    },
  }
}

/** What is used of `BarcodeDetector` (WICG Shape Detection), which the compiler's libraries do not name. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}

interface DetectorClass {
  new (options: { readonly formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

/** Finds the QR code in a picture; `undefined` where there is none. */
export type ReadQr = (picture: ImageData) => string | undefined

/** A picture is made this large for our own reader, in pixels on its longer side: it shows a code a hand's breadth away. */
const PICTURE_SIDE_MAX = 800

/**
 * Turns the camera on. Codes are read by the browser where it can, all formats it knows, and else by `loadReader`'s.
 * Rejects as `getUserMedia` does.
 *
 * @param onEnded called when it is unplugged or taken away
 */
export async function openCodeCamera(
  devices: MediaDevices,
  loadReader: () => Promise<ReadQr>,
  onEnded: () => void,
): Promise<CodeCamera> {
  const stream = await devices.getUserMedia({ video: { facingMode: 'environment' } })
  try {
    const video = document.createElement('video')
    // Safari on an iPhone otherwise wants the whole screen for it, and a tap.
    video.playsInline = true
    video.muted = true
    video.srcObject = stream
    const detector = await makeDetector()
    const look = detector === undefined ? lookWith(await loadReader(), video) : lookOf(detector, video)
    await video.play()
    for (const track of stream.getTracks()) track.addEventListener('ended', onEnded)
    return {
      look,
      close: () => {
        stopAll(stream)
        video.srcObject = null
      },
    }
  } catch (error) {
    stopAll(stream)
    throw error
  }
}

/** Chromium on some systems has the class and nothing behind it: then it names no formats. */
async function makeDetector(): Promise<Detector | undefined> {
  const Class = Reflect.get(globalThis, 'BarcodeDetector') as DetectorClass | undefined
  const formats = (await Class?.getSupportedFormats().catch(() => [])) ?? []
  return Class === undefined || formats.length === 0 ? undefined : new Class({ formats })
}

function lookOf(detector: Detector, video: HTMLVideoElement): CodeCamera['look'] {
  return async () => (await detector.detect(video)).map(({ rawValue }) => rawValue)
}

function lookWith(read: ReadQr, video: HTMLVideoElement): CodeCamera['look'] {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  return async () => {
    const { videoWidth, videoHeight } = video
    if (context === null || videoWidth === 0 || videoHeight === 0) throw new Error('there is no picture')
    const scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(videoWidth, videoHeight))
    const width = Math.max(1, Math.round(videoWidth * scale))
    const height = Math.max(1, Math.round(videoHeight * scale))
    context.canvas.width = width
    context.canvas.height = height
    context.drawImage(video, 0, 0, width, height)
    const code = read(context.getImageData(0, 0, width, height))
    return code === undefined ? [] : [code]
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
