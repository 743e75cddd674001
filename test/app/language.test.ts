import { afterEach, describe, expect, it, vi } from 'vitest'
import { directionOf, language, languageFor, LANGUAGES, speak, texts } from '../../src/app/language.svelte.ts'
import { dayWords } from '../../src/app/moments.ts'
import { count, counted, fixed } from '../../src/app/numbers.ts'
import { timeLabels } from '../../src/app/plot.ts'
import { LanguageState } from '../../src/app/state/language.svelte.ts'
import { en as frame } from '../../src/app/texts/frame/en.ts'
import { frameText } from '../../src/app/texts/frame/text.ts'
import { thingsText } from '../../src/app/texts/things/text.ts'
import { wordsText } from '../../src/app/texts/words/text.ts'
import {
  ageWords,
  bytesWords,
  durationWords,
  quantityWords,
  thingKindWords,
  unitWords,
  valueWords,
} from '../../src/app/words.ts'
import { THING_KINDS } from '../../src/reading/kinds.ts'
import { QUANTITIES } from '../../src/reading/quantities.ts'
import { capabilities, type BrowserFacts } from '../../src/sensor/capabilities.ts'

const DAY_MS = 86_400_000
const OTHERS = ['de', 'es', 'ar'] as const

afterEach(async () => {
  await speak('en')
  vi.unstubAllGlobals()
})

describe('what is spoken', () => {
  it('changes what texts, numbers and words say, and changes back', async () => {
    const said = () => [
      frameText().things,
      count(12_345),
      valueWords('temperature', 21.37),
      valueWords('skin-contact', true),
      durationWords(3 * DAY_MS),
      ageWords(0, 3 * DAY_MS),
      wordsText().blocks(1),
      wordsText().blocks(2),
      bytesWords(1_234_567),
      quantityWords('temperature/2'),
      unitWords('heart-rate'),
    ]
    const english = [
      ...['Things', '12,345', '21.4', 'yes', '3 days', '3 days ago', '1 block', '2 blocks', '1.2 MB'],
      ...['Temperature 2', 'bpm'],
    ]
    expect(said()).toEqual(english)
    await speak('de')
    expect(said()).toEqual([
      ...['Dinge', '12.345', '21,4', 'ja', '3 Tage', 'vor 3 Tagen', '1 Block', '2 Blöcke', '1,2 MB'],
      ...['Temperatur 2', 'S/min'],
    ])
    await speak('es')
    expect(said()).toEqual([
      ...['Cosas', '12.345', '21,4', 'sí', '3 días', 'hace 3 días', '1 bloque', '2 bloques', '1,2 MB'],
      ...['Temperatura 2', 'lpm'],
    ])
    await speak('en')
    expect(said()).toEqual(english)
  })

  it('has a form for two and for few where a language does', async () => {
    await speak('ar')
    expect([0, 1, 2, 3, 11, 100].map((n) => wordsText().blocks(n))).toEqual([
      ...['0 كتلة', 'كتلة واحدة', 'كتلتان', '3 كتل', '11 كتلة', '100 كتلة'],
    ])
    expect(durationWords(2 * DAY_MS)).toBe('يومين')
    expect(counted(2, { one: 'كتلة', two: 'كتلتان', other: 'كتل' })).toBe('2 كتلتان')
  })

  it('writes European digits everywhere, as fields take them', async () => {
    for (const { language } of LANGUAGES) {
      await speak(language)
      expect(`${count(1234)}${fixed(0.5, 1)}${dayWords(0)}${timeLabels([0], 1000)[0]}`).toMatch(
        /^[\d\P{Nd}]*$/u,
      )
    }
  })

  it('is rounded alike in every language', async () => {
    const values = [21.45, 1.005, 0.5, 2.5, -0.04, 8.345]
    await speak('de')
    expect(values.map((value) => fixed(value, 1).replace(',', '.'))).toEqual(
      values.map((value) => value.toFixed(1)),
    )
  })

  it('is what was asked for last, however long the words of an earlier one take', async () => {
    const slow = speak('de')
    await speak('en')
    await slow
    expect(language()).toBe('en')
    await Promise.all([speak('es'), speak('ar')])
    expect(language()).toBe('ar')
  })

  it('is English where there is no book', () => {
    expect(texts('frame', frame)()).toBe(frame)
  })
})

describe('the tables of words', () => {
  it.each(OTHERS)('name every quantity and kind of thing in %s', async (language) => {
    await speak(language)
    const { quantities, kinds } = wordsText()
    expect(Object.keys(quantities)).toEqual(Object.keys(QUANTITIES))
    expect(Object.keys(kinds)).toEqual(THING_KINDS)
  })

  it('leave names that nobody knows as they are', async () => {
    await speak('de')
    expect(quantityWords('bananas')).toBe('bananas')
    expect(quantityWords('constructor')).toBe('constructor')
    expect(unitWords('bananas', 'toString')).toBe('toString')
    expect(thingKindWords('scale')).toBe('Waage')
  })

  it.each(OTHERS)('say in %s whatever a browser can or cannot do', async (language) => {
    await speak(language)
    const agents = ['iPhone', 'Macintosh', 'Android', 'Firefox/140', 'X11; Linux x86_64 Chrome/140', '']
    const poor = agents.map((userAgent): BrowserFacts => ({
      isSecureContext: true,
      navigator: { userAgent, maxTouchPoints: 5 },
    }))
    const bluetooth = (on: boolean) => ({ getAvailability: () => Promise.resolve(on) })
    class Heard {
      watchAdvertisements() {}
    }
    const rich = ['Android', ''].map((userAgent, i): BrowserFacts => ({
      isSecureContext: true,
      ...{ BluetoothDevice: Heard, DeviceMotionEvent: 1, DeviceOrientationEvent: 1, AmbientLightSensor: 1 },
      ...{ AudioContext: 1, ...(i === 0 ? {} : { BarcodeDetector: 1 }) },
      navigator: {
        ...{ userAgent, maxTouchPoints: 0, geolocation: 1, mediaDevices: 1, getBattery: 1, serial: 1 },
        bluetooth: bluetooth(i === 0),
      },
    }))
    const insecure = poor.slice(0, 1).map((browser) => ({ ...browser, isSecureContext: false }))
    const found = await Promise.all([...poor, ...rich, ...insecure].map(capabilities))
    const said = new Set(found.flat().map(({ words }) => words))
    expect(Object.keys(thingsText().capabilities).toSorted()).toEqual([...said].toSorted())
  })
})

describe('the language for a person', () => {
  it('is the first of theirs that there is', () => {
    expect(languageFor(['fr-CA', 'de-CH'])).toBe('de')
    expect(languageFor(['AR-EG', 'en'])).toBe('ar')
    expect(languageFor(['fr', 'defiant'])).toBe('en')
    expect(languageFor([])).toBe('en')
  })

  it('is written from where it is', () => {
    expect(OTHERS.map(directionOf)).toEqual(['ltr', 'ltr', 'rtl'])
  })
})

/** A page with what a browser keeps of it. */
function pageWith(kept: Record<string, string> = {}, { refuses = false } = {}) {
  const store = new Map(Object.entries(kept))
  const page = new EventTarget()
  const refuse = () => {
    throw new DOMException('not here', 'SecurityError')
  }
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('localStorage', {
    getItem: refuses ? refuse : (key: string) => store.get(key) ?? null,
    setItem: refuses ? refuse : (key: string, text: string) => store.set(key, text),
    removeItem: refuses ? refuse : (key: string) => store.delete(key),
  })
  const root = { lang: 'en', dir: 'ltr' }
  const document = { documentElement: root } as Document
  const tellOther = (key: string, newValue: string | null) =>
    page.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }))
  return { document, root, store, page, tellOther }
}

describe('a person’s choice of a language', () => {
  it('begins with the browser’s, and marks the page with it', async () => {
    const { document, root } = pageWith()
    const state = new LanguageState(document, () => ['ar-EG', 'de'])
    await state.ready
    expect(state.choice).toBe('system')
    expect(root).toEqual({ lang: 'ar', dir: 'rtl' })
  })

  it('is remembered until the browser’s is chosen again', async () => {
    const { document, root, store } = pageWith()
    const state = new LanguageState(document, () => ['es'])
    await state.choose('de')
    expect([...store]).toEqual([['weft.language', 'de']])
    expect(root).toEqual({ lang: 'de', dir: 'ltr' })
    const next = new LanguageState(document, () => ['es'])
    await next.ready
    expect([next.choice, language()]).toEqual(['de', 'de'])
    await next.choose('system')
    expect([...store]).toEqual([])
    expect(language()).toBe('es')
  })

  it('takes nothing that is no language of ours', async () => {
    const { document, root } = pageWith({ 'weft.language': 'toString' })
    const state = new LanguageState(document, () => [])
    await state.ready
    expect(state.choice).toBe('system')
    expect(root.lang).toBe('en')
  })

  it('holds in this tab where nothing can be remembered', async () => {
    const { document } = pageWith({}, { refuses: true })
    const state = new LanguageState(document, () => [])
    await state.choose('es')
    expect([state.choice, language(), state.failed]).toEqual(['es', 'es', false])
  })

  it('follows another tab, and the browser where that is chosen', async () => {
    const { document, root, page, tellOther } = pageWith()
    let wanted = ['en']
    const state = new LanguageState(document, () => wanted)
    await state.ready
    tellOther('weft.other', 'ar')
    tellOther('weft.language', 'de')
    await vi.waitFor(() => expect(root.lang).toBe('de'))
    expect(state.choice).toBe('de')
    tellOther('weft.language', null)
    await vi.waitFor(() => expect(root.lang).toBe('en'))
    wanted = ['es-MX']
    page.dispatchEvent(new Event('languagechange'))
    await vi.waitFor(() => expect(root.lang).toBe('es'))
  })

  it('is said to have failed though an earlier one came later, and is tried again with a network', async () => {
    const { document, page } = pageWith()
    const late = Promise.withResolvers<void>()
    vi.resetModules()
    vi.doMock('../../src/app/texts/books/de.ts', async () => {
      await late.promise
      return { book: {} }
    })
    vi.doMock('../../src/app/texts/books/ar.ts', () => {
      throw new Error('no network')
    })
    const anew = await import('../../src/app/state/language.svelte.ts')
    const state = new anew.LanguageState(document, () => [])
    await state.ready
    const first = state.choose('de')
    await state.choose('ar')
    late.resolve()
    await first
    expect(state.failed).toBe(true)
    vi.doUnmock('../../src/app/texts/books/ar.ts')
    page.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect([state.failed, document.documentElement.lang]).toEqual([false, 'ar']))
    vi.doUnmock('../../src/app/texts/books/de.ts')
  })
})
