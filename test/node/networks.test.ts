import { describe, expect, it } from 'vitest'
import { decodeGenesis, encodeGenesis } from '../../src/core/codec/genesis.ts'
import { Committee } from '../../src/core/model/committee.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { DEFAULT_PARAMS, DEFAULT_SUPPLY } from '../../src/core/model/params.ts'
import { committeeWarnings, foundNetwork, networkOfOne, type Founding } from '../../src/node/networks.ts'
import { ALICE, BOB, CREATED_AT_MS, idOf } from '../core/make.ts'

/** Validators with these weights; nobody has their secrets. */
const membersOf = (...weights: readonly number[]) =>
  weights.map((weight, i) => ({ key: idOf(i + 1) as string as PublicKey, weight }))

const FOUNDING: Founding = {
  name: 'ours',
  createdAtMs: CREATED_AT_MS,
  committee: [
    { key: BOB, weight: 3 },
    { key: ALICE, weight: 1 },
  ],
  outputs: [{ owner: ALICE, amount: DEFAULT_SUPPLY }],
}

/** What founding says once some of it is other. */
const foundWith = (other: Partial<Founding>) => foundNetwork({ ...FOUNDING, ...other })

describe('Founding a network', () => {
  it('gives a genesis that everybody can decode, with the defaults', () => {
    const network = foundNetwork(FOUNDING)
    if ('type' in network) throw new Error(network.reason)
    expect(network.genesis).toEqual({ ...DEFAULT_PARAMS, ...FOUNDING })
    expect(decodeGenesis(encodeGenesis(network.genesis))).toEqual(network.genesis)
  })

  it('takes other parameters', () => {
    expect(foundWith({ dust: 1, minRoundMs: 50 })).toMatchObject({ genesis: { dust: 1, minRoundMs: 50 } })
  })

  it.each<[string, Partial<Founding>, string, string]>([
    ['no validators', { committee: [] }, 'out-of-range', 'committee'],
    ['65', { committee: membersOf(...new Array<number>(65).fill(1)) }, 'out-of-range', 'committee'],
    [
      'one validator twice',
      { committee: [...FOUNDING.committee, { key: BOB, weight: 1 }] },
      'duplicate-key',
      'committee',
    ],
    ['a weight of 0', { committee: membersOf(0) }, 'out-of-range', 'committee.weight'],
    ['a weight of 2^32', { committee: membersOf(2 ** 32) }, 'out-of-range', 'committee.weight'],
    [
      'money beyond 2^53 − 1',
      {
        outputs: [
          { owner: ALICE, amount: Number.MAX_SAFE_INTEGER },
          { owner: BOB, amount: 1 },
        ],
      },
      'out-of-range',
      'outputs.amount',
    ],
    ['half a coin', { outputs: [{ owner: ALICE, amount: 1.5 }] }, 'out-of-range', 'outputs.amount'],
    ['no name', { name: '' }, 'out-of-range', 'name'],
    ['a name that is no text', { name: '\ud800' }, 'out-of-range', 'name'],
    ['a time that is none', { createdAtMs: Number.NaN }, 'out-of-range', 'createdAt'],
    ['no least amount', { dust: 0 }, 'out-of-range', 'dust'],
    ['work no phone can do', { powBase: 2 ** 29 }, 'out-of-range', 'powPerKiB'],
  ])('with %s is refused, and says where', (_, other, reason, field) => {
    expect(foundWith(other)).toEqual({ type: 'bad-genesis', reason, field })
  })

  it('takes 64 validators', () => {
    expect(foundWith({ committee: membersOf(...new Array<number>(64).fill(1)) })).toHaveProperty('id')
  })

  it('of one makes the device its only validator, who owns everything', () => {
    expect(networkOfOne(ALICE, CREATED_AT_MS).genesis).toEqual({
      ...DEFAULT_PARAMS,
      name: 'My network',
      createdAtMs: CREATED_AT_MS,
      committee: [{ key: ALICE, weight: 1 }],
      outputs: [{ owner: ALICE, amount: DEFAULT_SUPPLY }],
    })
  })
})

describe('Before founding, a person is warned that one lost device stops payments', () => {
  it.each([
    ['with two or three of equal weight', [1, 1], true],
    ['with two or three of equal weight', [1, 1, 1], true],
    ['where one holds a third', [1, 2, 2, 1], true],
    ['not with four of equal weight', [1, 1, 1, 1], false],
    ['not with 64', new Array<number>(64).fill(1), false],
    ['not with seven of many weights, none a third', [3, 3, 3, 2, 2, 1, 1], false],
    ['not with one, who knows', [1], false],
  ])('%s: %j', (_, weights, warned) => {
    expect(committeeWarnings(membersOf(...weights))).toEqual(warned ? ['one-loss-stops'] : [])
  })

  it('which is so of one validator too, though there it needs no saying', () => {
    expect(new Committee(membersOf(1)).oneLossStops).toBe(true)
  })
})
