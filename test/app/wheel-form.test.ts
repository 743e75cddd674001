import { describe, expect, it } from 'vitest'
import { readWheel, wheelText } from '../../src/app/wheel-form.ts'
import { readSource, writeSource } from '../../src/app/source.ts'
import { WHEEL_MM } from '../../src/sensor/parse/cycling.ts'

describe('a wheel as it is typed', () => {
  it('is that of a road bicycle until a person says otherwise', () => {
    expect([wheelText(undefined), readWheel(' '), readWheel(String(WHEEL_MM))]).toEqual([
      '2105',
      undefined,
      undefined,
    ])
    expect([wheelText(2326), readWheel(' 2326 ')]).toEqual(['2326', 2326])
  })

  it.each(['499', '4001', '2105.5', '-2105', 'large'])('%s is none', (typed) => {
    expect(readWheel(typed)).toMatch(/from 500 to 4000/)
  })

  it.each([500, 4000])('of %i mm can be kept', (wheelMm) => {
    expect(readWheel(String(wheelMm))).toBe(wheelMm)
    expect(readSource(writeSource({ type: 'profile', wheelMm }))).toEqual({ type: 'profile', wheelMm })
  })
})
