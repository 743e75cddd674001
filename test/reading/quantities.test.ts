import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { KINDS } from '../../src/reading/kinds.ts'
import { measured } from '../../src/reading/measured.ts'
import { QUANTITIES, quantityOf } from '../../src/reading/quantities.ts'

describe('known quantities', () => {
  it('can all be packed, in primary units of the registry', () => {
    // RFC 8428 §12.1 and RFC 8798 §2, those that are used here
    const primary = 'm kg s A Cel Pa J W V lx lat lon deg % dB / %RH %EL 1/min beat/min count m/s m/s2 kg/m3'
    for (const [name, { unit }] of Object.entries(QUANTITIES)) {
      expect(readingFault(measured(name, 1, 1_700_000_000_000))).toBeUndefined()
      if (unit !== undefined) expect(primary.split(' ')).toContain(unit)
    }
  })

  it('are what kinds of thing show large', () => {
    for (const { main } of Object.values(KINDS))
      if (main !== undefined) expect(quantityOf(main)).toBeDefined()
  })

  it('may come several times in one thing', () => {
    expect(quantityOf('tyre-pressure/2')).toMatchObject({ label: 'Tyre pressure 2', unit: 'Pa' })
    expect(measured('temperature/2', 21, 0).unit).toBe('Cel')
  })

  it('are no names that every object has', () => {
    for (const name of ['constructor', 'toString/1', '__proto__', '/temperature', ''])
      expect(quantityOf(name)).toBeUndefined()
  })
})
