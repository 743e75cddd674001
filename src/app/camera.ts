/** Reading QR codes with the camera, in browsers that have a reader of their own. */

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

/** Whether `scanCode` can be tried here. */
export function canScan(): boolean {
  return 'BarcodeDetector' in globalThis && 'mediaDevices' in navigator
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
    const Reader = Reflect.get(globalThis, 'BarcodeDetector') as DetectorClass
    const reader = new Reader({ formats: ['qr_code'] })
    while (!signal.aborted) {
      const [code] = await reader.detect(video)
      if (code !== undefined && !signal.aborted) return { type: 'found', text: code.rawValue }
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
