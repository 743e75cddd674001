import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alertLines, ruleWords } from '../../src/app/alert-words.ts'
import {
  EVERY_MS,
  KEEP_MS,
  lengthWords,
  offered,
  readAlertForm,
  readShapingForm,
  SAVE_EVERY_MS,
  shapingForm,
  STALE_MS,
  withKeeping,
  withShaping,
  type AlertForm,
} from '../../src/app/thing-form.ts'
import { keptNumber, plainNumber, shownNumber, typedNumber } from '../../src/app/units.ts'
import { SettingsForm } from '../../src/node/settings-form.ts'
import { QUANTITIES } from '../../src/reading/quantities.ts'
import { ALERTS_MAX, DEFAULT_SETTINGS, type AlertRule } from '../../src/reading/thing-settings.ts'
import * as v from 'valibot'

const SEED = 62

const anyQuantity = fc.constantFrom(...Object.keys(QUANTITIES), 'temperature/2', 'soup')

/** What people type: up to nine digits, somewhere among them a point. */
const anyTyped = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, decimals]) => Number((digits / 10 ** decimals).toFixed(decimals)))

describe('numbers in the unit that is shown', () => {
  it('come back as they were typed, whatever the quantity', () => {
    fc.assert(
      fc.property(anyQuantity, anyTyped, (quantity, typed) => {
        expect(shownNumber(quantity, keptNumber(quantity, typed))).toBe(plainNumber(typed))
      }),
      { seed: SEED, numRuns: 1000 },
    )
  })

  it('are kept in the unit of the table', () => {
    expect(keptNumber('pressure', 1013.25)).toBeCloseTo(101_325)
    expect(keptNumber('speed', 36)).toBeCloseTo(10)
    expect(keptNumber('temperature', 21.5)).toBe(21.5)
    expect(shownNumber('tyre-pressure', 230_000)).toBe('2.3')
  })

  it('are read with a point or a comma, and nothing else is a number', () => {
    expect(['12.5', '12,5', ' -0,5 ', '\u22124', '.5', '1e3', '5.'].map(typedNumber)).toEqual([
      12.5, 12.5, -0.5, -4, 0.5, 1000, 5,
    ])
    for (const text of [
      '',
      'x',
      '1.2.3',
      '1,000.5',
      'Infinity',
      'NaN',
      '0x10',
      '1e999',
      '--1',
      '1'.repeat(99),
    ])
      expect(typedNumber(text), text).toBeUndefined()
  })
})

describe('how a quantity is measured, as a form', () => {
  const EMPTY = shapingForm('pressure')

  it('is in the unit shown and kept in the other: an offset and a deadband are scaled, a gain is not', () => {
    const form = { everyMs: 5000, deadband: '0.5', gain: '1.02', offset: '-1,5' }
    const shaping = readShapingForm('pressure', form)
    expect(shaping).toEqual({ everyMs: 5000, deadband: 50, gain: 1.02, offset: -150 })
    if ('faults' in shaping) throw new Error('it was read')
    expect(shapingForm('pressure', shaping)).toEqual({ ...form, offset: '-1.5' })
  })

  it('changes what is shown as the form says', () => {
    fc.assert(
      fc.property(
        anyQuantity,
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -100, max: 100 }),
        (quantity, value, gain, offset) => {
          const shaping = readShapingForm(quantity, { ...EMPTY, gain: String(gain), offset: String(offset) })
          if ('faults' in shaping) throw new Error('it was read')
          const calibrated = value * (shaping.gain ?? 1) + (shaping.offset ?? 0)
          const shown = Number(shownNumber(quantity, calibrated))
          const expected = Number(shownNumber(quantity, value)) * gain + offset
          expect(Math.abs(shown - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
        },
      ),
      { seed: SEED },
    )
  })

  it('says nothing where nothing is filled in, and then is dropped', () => {
    expect(readShapingForm('pressure', EMPTY)).toEqual({})
    const shaped = withShaping(DEFAULT_SETTINGS, 'pressure', { gain: 2 })
    expect(shaped.shaping).toEqual({ pressure: { gain: 2 } })
    expect(withShaping(shaped, 'pressure', {}).shaping).toEqual({})
  })

  it('says which field is wrong', () => {
    const read = readShapingForm('pressure', { everyMs: 0, deadband: '-1', gain: '0', offset: 'x' })
    expect('faults' in read ? Object.keys(read.faults) : []).toEqual(['deadband', 'gain', 'offset'])
  })
})

describe('settings that are offered', () => {
  it('are all taken by the peer', () => {
    const alerts: AlertRule[] = STALE_MS.map((afterMs) => ({
      quantity: 'temperature',
      type: 'stale',
      afterMs,
    }))
    for (const everyMs of EVERY_MS.filter((ms) => ms > 0))
      for (const saveEveryMs of SAVE_EVERY_MS)
        for (const keepMs of KEEP_MS) {
          const kept = withKeeping({ ...DEFAULT_SETTINGS, alerts }, saveEveryMs, keepMs)
          const settings = withShaping(kept, 'temperature', { everyMs })
          expect(v.is(SettingsForm, settings)).toBe(true)
        }
  })

  it('are in words, and show what holds now though it is none of them', () => {
    expect(KEEP_MS.map((ms) => lengthWords(ms, 'none'))).toEqual(['none', '7 days', '30 days', '1 year'])
    expect(lengthWords(86_400_000)).toBe('1 day')
    expect(offered([0, 1000, 5000], 2000)).toEqual([0, 1000, 2000, 5000])
    expect(offered([0, 1000], 1000)).toEqual([0, 1000])
  })

  it('keep no time to keep for where all is kept for good', () => {
    expect(withKeeping({ ...DEFAULT_SETTINGS, keepMs: 1e9 }, 5000, 0)).not.toHaveProperty('keepMs')
  })
})

describe('an alert as it is filled in', () => {
  const FORM: AlertForm = { quantity: 'pressure', type: 'over', value: '1030', afterMs: 60_000 }

  it('is a rule in the unit that is kept, and reads as it was typed', () => {
    const rule = readAlertForm(FORM, [])
    expect(rule).toEqual({ quantity: 'pressure', type: 'over', value: 103_000 })
    if ('fault' in rule) throw new Error('it was read')
    expect(ruleWords(rule)).toBe('Air pressure over 1030 hPa')
    expect(alertLines([rule], 'pressure')).toEqual([{ value: 1030, label: 'over 1030' }])
    expect(alertLines([rule], 'temperature')).toEqual([])
  })

  it('may be about time or change', () => {
    const words = (change: Partial<AlertForm>) => {
      const rule = readAlertForm({ ...FORM, ...change }, [])
      return 'fault' in rule ? rule.fault : ruleWords(rule)
    }
    expect(words({ type: 'stale', value: '' })).toBe('No reading of Air pressure for 1 min')
    expect(words({ type: 'changes', value: '2' })).toBe('Air pressure changes by 2 hPa or more in a minute')
  })

  it('needs a number, a change of more than nothing, and a place on the list', () => {
    const rule = readAlertForm(FORM, [])
    if ('fault' in rule) throw new Error('it was read')
    const many = Array.from({ length: ALERTS_MAX }, () => rule)
    for (const [form, rules] of [
      [{ ...FORM, value: 'high' }, []],
      [{ ...FORM, type: 'changes' as const, value: '0' }, []],
      [FORM, [rule]],
      [{ ...FORM, value: '1031' }, many],
    ] as const)
      expect(readAlertForm(form, rules)).toHaveProperty('fault')
  })
})
