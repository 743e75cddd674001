// Tabs part columns; every other control character says that this is no line of text.
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/

/** A frame as text without the space around it; `undefined` where it is not UTF-8 or holds control characters. */
export function textOf(frame: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(frame)
    return CONTROLS.test(text) ? undefined : text.trim()
  } catch {
    // The decoder reports bytes that are no UTF-8 only by throwing.
    return undefined
  }
}
