import { blake3 } from '@noble/hashes/blake3.js'
import { describe, expect, it } from 'vitest'
import { encodeDidKey } from '../../src/core/codec/did-key.ts'
import { decodeGenesis, encodeGenesis, networkOf } from '../../src/core/codec/genesis.ts'
import type { Genesis } from '../../src/core/model/genesis.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import {
  COMMITTEE_MAX,
  DEFAULT_PARAMS,
  DEFAULT_SUPPLY,
  GENESIS_BYTES_MAX,
  GENESIS_OUTPUTS_MAX,
  POW_TOTAL_MAX,
  WEIGHT_MAX,
} from '../../src/core/model/params.ts'
import { ALICE, BOB, CREATED_AT_MS } from './make.ts'

const ALICE_DID = 'did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw'
const NAME = 'first'

const FIRST: Genesis = {
  ...DEFAULT_PARAMS,
  name: NAME,
  createdAtMs: CREATED_AT_MS,
  committee: [{ key: ALICE, weight: 1 }],
  outputs: [{ owner: ALICE, amount: DEFAULT_SUPPLY }],
}

/** The canonical text of `FIRST`, written by hand after RFC 8785. */
const TEXT =
  `{"committee":[{"key":"${ALICE_DID}","weight":1}],"createdAt":1700000000000,"dataRoundMs":30000,"dust":1000,` +
  `"leaderTimeoutMs":1500,"minRoundMs":200,"name":"first","outputs":[{"amount":1000000000000000,"owner":` +
  `"${ALICE_DID}"}],"powBase":4194304,"powPerKiB":262144}`

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text))
const decodeText = (text: string) => decodeGenesis(bytesOf(text))

/** What decoding says once one piece of the canonical text is another. */
function decodeWith(piece: string, other: string): ReturnType<typeof decodeGenesis> {
  expect(TEXT.split(piece)).toHaveLength(2)
  return decodeText(TEXT.replace(piece, () => other))
}

const bad = (reason: string, field = '') => ({ type: 'bad-genesis', reason, field })

/** Distinct keys; nobody has their secrets. */
const keys = (count: number) =>
  Array.from({ length: count }, (_, i) => i.toString(16).padStart(64, '0') as PublicKey)

const committeeOf = (members: readonly PublicKey[], weight = 1) => members.map((key) => ({ key, weight }))

describe('the canonical form', () => {
  it('is the text RFC 8785 gives', () => {
    expect(encodeDidKey(ALICE)).toBe(ALICE_DID)
    expect(Buffer.from(encodeGenesis(FIRST)).toString()).toBe(TEXT)
    expect(decodeText(TEXT)).toEqual(FIRST)
  })

  it('gives the network id: plain BLAKE3 of the bytes, pinned', () => {
    const { id, genesis } = networkOf(FIRST)
    expect(id).toBe(Buffer.from(blake3(bytesOf(TEXT))).toString('hex'))
    expect(id).toBe('8c15c8fb3c3c6542ccc9e4e00510b539b7d8819a1e0a89f5374a42d72b8d5b94')
    expect(genesis).toBe(FIRST)
  })

  it('escapes a name as RFC 8785 does and no further', () => {
    const name = 'a"\\/\b\n\u001f\u007f€\u{1f41d}é\u2028'
    const text = Buffer.from(encodeGenesis({ ...FIRST, name })).toString()
    expect(text).toContain(`"name":"a\\"\\\\/\\b\\n\\u001f\u007f€\u{1f41d}é\u2028"`)
    expect(decodeText(text)).toEqual({ ...FIRST, name })
  })

  it.each([
    ['a space', '"dust":1000', '"dust": 1000'],
    ['a number written another way', '"dust":1000', '"dust":1e3'],
    ['minus zero', '"powPerKiB":262144', '"powPerKiB":-0'],
    ['an escape that is not needed', NAME, 'f\\u0069rst'],
    ['fields in another order', '"dust":1000,"leaderTimeoutMs":1500', '"leaderTimeoutMs":1500,"dust":1000'],
    ['a field given twice', '"dust":1000', '"dust":1000,"dust":1000'],
  ])('is the only one taken: not %s', (_, piece, other) => {
    expect(decodeWith(piece, other)).toEqual(bad('not-canonical'))
  })

  it('has nothing before or after it', () => {
    for (const text of [` ${TEXT}`, `${TEXT}\n`, `\ufeff${TEXT}`])
      expect(decodeText(text)).toHaveProperty('type', 'bad-genesis')
  })
})

describe('bytes that are no genesis', () => {
  it.each(['', '{', 'weft', `${TEXT}}`])('%j is not JSON', (text) => {
    expect(decodeText(text)).toEqual(bad('not-json'))
  })

  it('bytes that are not UTF-8 are not JSON', () => {
    const bytes = bytesOf(TEXT)
    const at = TEXT.indexOf(NAME)
    for (const wrong of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
      const copy = Uint8Array.from(bytes)
      copy.set(wrong, at)
      expect(decodeGenesis(copy)).toEqual(bad('not-json'))
    }
  })

  it('a byte more than the limit is too large, unread', () => {
    expect(decodeGenesis(new Uint8Array(GENESIS_BYTES_MAX + 1))).toEqual(bad('too-large'))
    expect(decodeGenesis(new Uint8Array(GENESIS_BYTES_MAX))).toEqual(bad('not-json'))
  })

  it.each(['null', '1', '"x"', '[]', '{}', 'true'])('%s has not the fields', (text) => {
    expect(decodeText(text)).toEqual(bad('wrong-fields'))
  })

  it('an unknown field', () => {
    expect(decodeWith('"dust":1000', '"dust":1000,"fee":1')).toEqual(bad('wrong-fields'))
    expect(decodeWith('"dust":1000', '"__proto__":1,"dust":1000')).toEqual(bad('wrong-fields'))
  })

  it('a missing field', () => {
    expect(decodeWith('"dust":1000,', '')).toEqual(bad('wrong-fields'))
  })

  it('an unknown or missing field of a validator or an output', () => {
    expect(decodeWith('"weight":1', '"weight":1,"x":1')).toEqual(bad('wrong-fields', 'committee'))
    expect(decodeWith(',"weight":1', '')).toEqual(bad('wrong-fields', 'committee'))
    expect(decodeWith('"amount":1000000000000000,', '')).toEqual(bad('wrong-fields', 'outputs'))
    expect(decodeWith('"amount":1000000000000000', '"amount":1000000000000000,"memo":1')).toEqual(
      bad('wrong-fields', 'outputs'),
    )
  })
})

describe('the name', () => {
  it.each([
    ['empty', '""'],
    ['65 characters', `"${'x'.repeat(65)}"`],
    ['no text', '1'],
    ['a lone surrogate', '"\\ud800"'],
    ['surrogates the wrong way round', '"\\udc00\\ud800"'],
  ])('is not %s', (_, json) => {
    expect(decodeWith('"name":"first"', `"name":${json}`)).toEqual(bad('out-of-range', 'name'))
  })

  it('has up to 64 characters', () => {
    const name = 'x'.repeat(64)
    expect(decodeGenesis(encodeGenesis({ ...FIRST, name }))).toHaveProperty('name', name)
  })
})

describe('the numbers', () => {
  it.each([
    ['createdAt', '"createdAt":1700000000000', ['-1', '9007199254740992', '1.5', 'null', '"1"']],
    ['powBase', '"powBase":4194304', ['0', '-1', '0.5', `${POW_TOTAL_MAX}.5`, '9007199254740992']],
    ['powPerKiB', '"powPerKiB":262144', ['-1', '0.5', '[]']],
    ['dust', '"dust":1000', ['0', '-1', '1.5', '9007199254740992']],
    ['minRoundMs', '"minRoundMs":200', ['0', '-1', 'false']],
    ['dataRoundMs', '"dataRoundMs":30000', ['0', '-1', '{}']],
    ['leaderTimeoutMs', '"leaderTimeoutMs":1500', ['0', '-1', '1e400']],
  ])('%s out of range is refused', (field, piece, values) => {
    for (const value of values)
      expect(decodeWith(piece, `"${field}":${value}`), value).toEqual(bad('out-of-range', field))
  })

  it('the dearest block may cost 2^28 and no more', () => {
    const withPow = (powBase: number, powPerKiB: number) =>
      decodeGenesis(encodeGenesis({ ...FIRST, powBase, powPerKiB }))
    expect(withPow(POW_TOTAL_MAX, 0)).toHaveProperty('powBase', POW_TOTAL_MAX)
    expect(withPow(POW_TOTAL_MAX - 16, 1)).toHaveProperty('powPerKiB', 1)
    expect(withPow(1, 0)).toHaveProperty('powBase', 1)
    expect(withPow(POW_TOTAL_MAX, 1)).toEqual(bad('out-of-range', 'powPerKiB'))
    expect(withPow(POW_TOTAL_MAX + 1, 0)).toEqual(bad('out-of-range', 'powPerKiB'))
    expect(withPow(1, POW_TOTAL_MAX / 16)).toEqual(bad('out-of-range', 'powPerKiB'))
  })

  it('createdAt may be 0', () => {
    expect(decodeGenesis(encodeGenesis({ ...FIRST, createdAtMs: 0 }))).toHaveProperty('createdAtMs', 0)
  })
})

describe('the committee', () => {
  const withCommittee = (committee: Genesis['committee']) =>
    decodeGenesis(encodeGenesis({ ...FIRST, committee }))

  it.each([1, 2, 3, 4, COMMITTEE_MAX])('may be %i validators', (count) => {
    expect(withCommittee(committeeOf(keys(count)))).toHaveProperty('committee.length', count)
  })

  it.each([0, COMMITTEE_MAX + 1])('may not be %i', (count) => {
    expect(withCommittee(committeeOf(keys(count)))).toEqual(bad('out-of-range', 'committee'))
  })

  it('is a list of objects', () => {
    const list = `[{"key":"${ALICE_DID}","weight":1}]`
    expect(decodeWith(list, '{}')).toEqual(bad('out-of-range', 'committee'))
    expect(decodeWith(list, '[1]')).toEqual(bad('wrong-fields', 'committee'))
    expect(decodeWith(list, '[null]')).toEqual(bad('wrong-fields', 'committee'))
  })

  it('has distinct keys', () => {
    expect(withCommittee(committeeOf([ALICE, BOB, ALICE]))).toEqual(bad('duplicate-key', 'committee'))
  })

  it('has keys that are did:keys', () => {
    for (const key of ['"x"', '1', `"${ALICE}"`])
      expect(decodeWith(`"key":"${ALICE_DID}"`, `"key":${key}`)).toEqual(bad('out-of-range', 'committee.key'))
  })

  it('has weights from 1 to 2^32 − 1', () => {
    expect(withCommittee(committeeOf([ALICE], WEIGHT_MAX))).toHaveProperty('committee.length', 1)
    for (const weight of [0, -1, 1.5, WEIGHT_MAX + 1])
      expect(withCommittee(committeeOf([ALICE], weight))).toEqual(bad('out-of-range', 'committee.weight'))
  })
})

describe('the outputs', () => {
  const withAmounts = (...amounts: readonly number[]) =>
    decodeGenesis(encodeGenesis({ ...FIRST, outputs: amounts.map((amount) => ({ owner: ALICE, amount })) }))

  it('may be none, and may repeat an owner', () => {
    expect(withAmounts()).toHaveProperty('outputs', [])
    expect(withAmounts(1, 1)).toHaveProperty('outputs.length', 2)
  })

  it('sum to at most 2^53 − 1', () => {
    const most = Number.MAX_SAFE_INTEGER
    expect(withAmounts(most)).toHaveProperty('outputs.length', 1)
    expect(withAmounts(most - 1, 1)).toHaveProperty('outputs.length', 2)
    expect(withAmounts(most, 1)).toEqual(bad('out-of-range', 'outputs.amount'))
    expect(withAmounts(most - 1, 2)).toEqual(bad('out-of-range', 'outputs.amount'))
    expect(withAmounts(most + 1)).toEqual(bad('out-of-range', 'outputs.amount'))
  })

  it('are at least 1 each, and whole', () => {
    for (const amount of [0, -1, 0.5])
      expect(withAmounts(amount)).toEqual(bad('out-of-range', 'outputs.amount'))
  })

  it('belong to did:keys', () => {
    expect(decodeWith(`"owner":"${ALICE_DID}"`, '"owner":"x"')).toEqual(bad('out-of-range', 'outputs.owner'))
    expect(decodeWith(`"owner":"${ALICE_DID}"`, '"owner":{}')).toEqual(bad('out-of-range', 'outputs.owner'))
  })

  it('are at most 256, in a list', () => {
    const amounts = (count: number) => Array.from({ length: count }, () => 1)
    expect(withAmounts(...amounts(GENESIS_OUTPUTS_MAX))).toHaveProperty('outputs.length', GENESIS_OUTPUTS_MAX)
    expect(withAmounts(...amounts(GENESIS_OUTPUTS_MAX + 1))).toEqual(bad('out-of-range', 'outputs'))
    const list = `[{"amount":1000000000000000,"owner":"${ALICE_DID}"}]`
    expect(decodeWith(list, '{}')).toEqual(bad('out-of-range', 'outputs'))
  })
})

describe('the largest genesis', () => {
  it('fits the limit on bytes', () => {
    const largest: Genesis = {
      name: '\u0001'.repeat(64),
      createdAtMs: Number.MAX_SAFE_INTEGER,
      powBase: 2 ** 27,
      powPerKiB: 2 ** 23,
      dust: Number.MAX_SAFE_INTEGER,
      minRoundMs: Number.MAX_SAFE_INTEGER,
      dataRoundMs: Number.MAX_SAFE_INTEGER,
      leaderTimeoutMs: Number.MAX_SAFE_INTEGER,
      committee: committeeOf(keys(COMMITTEE_MAX), WEIGHT_MAX),
      outputs: Array.from({ length: GENESIS_OUTPUTS_MAX }, () => ({
        owner: ALICE,
        amount: 35_184_372_088_831,
      })),
    }
    const bytes = encodeGenesis(largest)
    expect(decodeGenesis(bytes)).toEqual(largest)
    expect(bytes.length).toBeLessThan(GENESIS_BYTES_MAX)
  })
})
