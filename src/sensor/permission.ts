/**
 * Whether this page may follow a motion or orientation event. Safari on iOS since 13 asks the person, once a page, for both
 * together and only within a click; Chromium since 150 goes by its site settings; others are not asked. Rejects where it is
 * asked outside a click.
 *
 * Device Orientation and Motion, W3C, `requestPermission()`.
 *
 * @param constructor the event's, such as `window.DeviceMotionEvent`
 */
export async function mayFollow(constructor: unknown): Promise<boolean> {
  return !canAsk(constructor) || (await constructor.requestPermission()) === 'granted'
}

function canAsk(constructor: unknown): constructor is { requestPermission(): Promise<string> } {
  return (
    typeof constructor === 'function' &&
    'requestPermission' in constructor &&
    typeof constructor.requestPermission === 'function'
  )
}
