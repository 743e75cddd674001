import { describe, expect, it } from 'vitest'
import { lastPaidFirst, matching, namesOf } from '../../src/app/contacts.ts'
import { ANN, BEN, DEVICE, paymentWith } from './views.ts'

const ANNA = { name: 'Anna', key: ANN }
const BENJAMIN = { name: 'Benjamin', key: BEN }
const SELF = { name: 'Cem', key: DEVICE }
const ALL = [ANNA, BENJAMIN, SELF]

describe('contacts', () => {
  it('are found by a part of their name or id, in any letters', () => {
    expect(matching(ALL, '')).toEqual(ALL)
    expect(matching(ALL, ' NN ')).toEqual([ANNA])
    expect(matching(ALL, BEN.slice(-10).toLowerCase())).toEqual([BENJAMIN])
    expect(matching(ALL, '.*')).toEqual([])
  })

  it('who were paid lately come first, the others stay in their order', () => {
    const payments = [
      paymentWith({ id: 1, who: [DEVICE], atMs: 10 }),
      paymentWith({ id: 2, who: [BEN], atMs: 20 }),
      paymentWith({ id: 3, who: [ANN], atMs: 30, direction: 'received' }),
    ]
    expect(lastPaidFirst(ALL, payments)).toEqual([BENJAMIN, SELF, ANNA])
    expect(lastPaidFirst(ALL, [])).toEqual(ALL)
    expect(namesOf(ALL).get(BEN)).toBe('Benjamin')
  })
})
