import { describe, expect, it } from 'vitest'
import { GROUPS, hindrance, possibleFirst, SIMULATED } from '../../src/app/choices.ts'
import { RememberingChooser } from '../../src/app/page-devices.ts'
import { readSource } from '../../src/app/source.ts'
import { ar } from '../../src/app/texts/adding/ar.ts'
import { de } from '../../src/app/texts/adding/de.ts'
import { en } from '../../src/app/texts/adding/en.ts'
import { es } from '../../src/app/texts/adding/es.ts'
import { THING_KINDS } from '../../src/reading/kinds.ts'
import type { Capability } from '../../src/sensor/capabilities.ts'
import type { GattDevice } from '../../src/sensor/gatt.ts'

const choices = GROUPS.flatMap((group) => group.choices.map((choice) => ({ group, choice })))

/** A browser in which each kind of sensor is as said. */
const all = (available: Capability['available']): readonly Capability[] =>
  (
    [
      'bluetooth',
      'adverts',
      'serial',
      'motion',
      'orientation',
      'light',
      'location',
      'sound',
      'phone-battery',
      'barcode',
    ] as const
  ).map((kind) => ({ kind, available, words: `About ${kind}` }))

describe('what can be added', () => {
  it('is every kind of thing there is', () => {
    const kinds = new Set([SIMULATED.kind, ...choices.map(({ choice }) => choice.kind)])
    expect(THING_KINDS.filter((kind) => !kinds.has(kind))).toEqual([])
  })

  it('is pressed by a name that no other has, in its group', () => {
    for (const { choices } of [en, de, es, ar])
      for (const group of GROUPS) {
        const titles = group.choices.map(({ name }) => choices[name].title)
        expect(new Set(titles).size).toBe(titles.length)
      }
  })

  it('says by a source that can be read which sensor it is', () => {
    for (const { choice } of choices)
      if (choice.source !== undefined) expect(readSource(choice.source), choice.name).toBeDefined()
  })
})

describe('what this browser cannot do', () => {
  it('is said with what to do instead, of everything but a file', () => {
    const possible = choices.filter(({ choice, group }) => hindrance(choice, group, all('no')) === undefined)
    expect(possible.map(({ choice }) => choice.name)).toEqual(['text'])
    const [strap] = choices
    expect(strap && hindrance(strap.choice, strap.group, all('no'))).toBe('About bluetooth.')
  })

  it('comes after what it can, which is found without looking through the rest', () => {
    const serial = GROUPS.find(({ id }) => id === 'serial')
    if (serial === undefined) throw new Error('no such group')
    const [first, second] = possibleFirst(serial, all('no'))
    expect(first?.row.name).toBe('text')
    expect(second).toMatchObject({ row: { name: 'gps' }, reason: 'About serial.' })
    expect(possibleFirst(serial, all('yes')).map(({ row }) => row)).toEqual(serial.choices)
  })

  it('is not what is off, for it may be on by then, nor what is not known yet', () => {
    for (const can of [all('off'), all('yes'), []])
      for (const { choice, group } of choices) expect(hindrance(choice, group, can)).toBeUndefined()
  })
})

describe('a device chosen on this page', () => {
  const device = (id: string): GattDevice => ({ id, addEventListener: () => undefined })

  /** A browser that lets choose one device after the other and remembers none. */
  function forgetfulBrowser() {
    let count = 0
    return {
      requestDevice: () => Promise.resolve(device(String(++count))),
      getAvailability: () => Promise.resolve(true),
    }
  }

  it('is found again on it, though the browser forgets it', async () => {
    const chooser = new RememberingChooser(forgetfulBrowser())
    expect(await chooser.getDevices()).toEqual([])
    const chosen = await chooser.requestDevice({ acceptAllDevices: true })
    expect(await chooser.getDevices()).toEqual([chosen])
    expect(chooser.newestId).toBe('1')
  })

  it('is found beside what the browser knows, and so many are remembered', async () => {
    const browser = { ...forgetfulBrowser(), getDevices: () => Promise.resolve([device('known')]) }
    const chooser = new RememberingChooser(browser)
    for (let i = 0; i < 40; i++) await chooser.requestDevice({ acceptAllDevices: true })
    const ids = (await chooser.getDevices()).map(({ id }) => id)
    expect(ids).toHaveLength(33)
    expect(ids.at(0)).toBe('9')
    expect(ids.at(-1)).toBe('known')
  })

  it('does not hang on a browser that fails to say what it knows', async () => {
    const browser = { ...forgetfulBrowser(), getDevices: () => Promise.reject(new Error('no')) }
    expect(await new RememberingChooser(browser).getDevices()).toEqual([])
  })
})
