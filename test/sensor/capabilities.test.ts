import { describe, expect, it } from 'vitest'
import { capabilities, type BrowserFacts } from '../../src/sensor/capabilities.ts'

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1'
const MACINTOSH = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15'
const FIREFOX = 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'

interface Facts {
  readonly userAgent?: string
  readonly maxTouchPoints?: number
  readonly bluetooth?: () => Promise<boolean>
  readonly isSecureContext?: boolean
  readonly motion?: boolean
}

function browser(facts: Facts): BrowserFacts {
  const { userAgent = CHROME, maxTouchPoints = 0, bluetooth } = facts
  return {
    isSecureContext: facts.isSecureContext ?? true,
    DeviceMotionEvent: facts.motion === false ? undefined : class {},
    navigator: {
      userAgent,
      maxTouchPoints,
      bluetooth: bluetooth === undefined ? undefined : { getAvailability: bluetooth },
    },
  }
}

async function bluetoothOf(facts: Facts) {
  const [bluetooth] = await capabilities(browser(facts))
  return bluetooth
}

describe('what a browser can do', () => {
  it('is told for Bluetooth that is there, off, or shy to say', async () => {
    expect((await bluetoothOf({ bluetooth: () => Promise.resolve(true) }))?.available).toBe('yes')
    expect((await bluetoothOf({ bluetooth: () => Promise.resolve(false) }))?.available).toBe('off')
    expect((await bluetoothOf({ bluetooth: () => Promise.reject(new Error('no')) }))?.available).toBe('yes')
  })

  it.each([
    [IPHONE, 5, 'iPhone: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another phone'],
    [MACINTOSH, 5, 'iPad: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another device'],
    [FIREFOX, 5, 'Firefox has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone'],
    [
      MACINTOSH,
      0,
      'This browser has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone',
    ],
  ])('is told with what to do instead (%s, %i touch points)', async (userAgent, maxTouchPoints, words) => {
    expect(await bluetoothOf({ userAgent, maxTouchPoints })).toEqual({
      kind: 'bluetooth',
      available: 'no',
      words,
    })
  })

  it('is told for motion', async () => {
    const [, present] = await capabilities(browser({}))
    const [, absent] = await capabilities(browser({ motion: false }))
    expect(present).toMatchObject({ kind: 'motion', available: 'yes' })
    expect(absent).toMatchObject({ kind: 'motion', available: 'no' })
  })

  it('is nothing on a page that came over an insecure connection, and that is why', async () => {
    const all = await capabilities(browser({ isSecureContext: false, userAgent: IPHONE }))
    for (const { available, words } of all) {
      expect(available).toBe('no')
      expect(words).toContain('secure connection')
    }
  })
})
