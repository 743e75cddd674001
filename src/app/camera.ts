/** Reading QR codes with the camera: with the browser's reader where it has one, else with one that comes late. */

/** What is used of `BarcodeDetector` (WICG Shape Detection), which the compiler's libraries do not name. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}

type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector

/** What came of scanning. `refused`: the person or a policy keeps the camera to itself. */
export type Scan =
  { readonly type: 'found'; readonly text: string } | { readonly type: 'stopped' | 'refused' | 'failed' }

/** Between two looks at the picture: quick for a person, and light work for a phone. */
const LOOK_EVERY_MS = 250

/** Side of the picture our own reader looks at: a code of 150 characters that fills half of it has 6 points a module. */
const PICTURE_SIDE_MAX = 800

/** Whether `scanCode` can be tried here. */
export function canScan(): boolean {
  return 'mediaDevices' in navigator
}

/** Shows the camera's picture in `video` until there is a QR code in it. The camera is off again whatever comes of it. */
export async function scanCode(video: HTMLVideoElement, signal: AbortSignal): Promise<Scan> {
  let stream: MediaStream | undefined
  const turnOff = () => {
    for (const track of stream?.getTracks() ?? []) track.stop()
    video.srcObject = null
  }
  // at once: a picture that is still awaited would keep the camera on
  signal.addEventListener('abort', turnOff)
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    signal.throwIfAborted()
    video.srcObject = stream
    await video.play()
    const look = await reader()
    while (!signal.aborted) {
      const text = await look(video)
      if (text !== undefined && !signal.aborted) return { type: 'found', text }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    return { type: 'stopped' }
  } catch (error) {
    if (signal.aborted) return { type: 'stopped' }
    const refused = error instanceof DOMException && error.name === 'NotAllowedError'
    return { type: refused ? 'refused' : 'failed' }
  } finally {
    turnOff()
    signal.removeEventListener('abort', turnOff)
  }
}

/** The text of the code in the picture, if there is one. */
type Look = (video: HTMLVideoElement) => Promise<string | undefined>

/** What says which code is in the picture, if any. Rejects where there can be no reader. */
async function reader(): Promise<Look> {
  const Reader = Reflect.get(globalThis, 'BarcodeDetector') as DetectorClass | undefined
  if (Reader !== undefined) {
    const detector = new Reader({ formats: ['qr_code'] })
    let own: Look | undefined
    // some browsers name it and lack the service behind it, which is said only when it is asked
    return async (video) => {
      if (own) return own(video)
      try {
        return (await detector.detect(video))[0]?.rawValue
      } catch {
        own = await ownReader()
        return own(video)
      }
    }
  }
  return ownReader()
}

async function ownReader(): Promise<Look> {
  const { decodeQR } = await import('qr/decode.js')
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('there is no canvas to look at the picture with')
  return async (video) => {
    const scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(video.videoWidth, video.videoHeight))
    const [width, height] = [Math.floor(scale * video.videoWidth), Math.floor(scale * video.videoHeight)]
    context.canvas.width = width
    context.canvas.height = height
    context.drawImage(video, 0, 0, width, height)
    try {
      return decodeQR({ width, height, data: context.getImageData(0, 0, width, height).data })
    } catch {
      return undefined // it throws where it finds no code
    }
  }
}
