import { blake3 } from '@noble/hashes/blake3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { utf8 } from '@scure/base'
import type { Genesis, GenesisOutput, Member, Network } from '../model/genesis.ts'
import type { NetworkId } from '../model/id.ts'
import {
  COMMITTEE_MAX,
  GENESIS_BYTES_MAX,
  GENESIS_OUTPUTS_MAX,
  NETWORK_NAME_CHARACTERS_MAX,
  POW_TOTAL_MAX,
  WEIGHT_MAX,
} from '../model/params.ts'
import { decodeDidKey, encodeDidKey } from './did-key.ts'
import { blockIdOf } from './hex.ts'

/** Why bytes are no genesis; `field` is where. */
export type GenesisFault = {
  readonly type: 'bad-genesis'
  readonly reason:
    'too-large' | 'not-json' | 'not-canonical' | 'wrong-fields' | 'out-of-range' | 'duplicate-key'
  readonly field: string
}

/** The canonical bytes of a genesis: RFC 8785 over the fields of protocol §7. */
export function encodeGenesis(genesis: Genesis): Uint8Array<ArrayBuffer> {
  // RFC 8785 sorts names by UTF-16 unit and writes integers and strings as ECMAScript does
  const text = JSON.stringify({
    committee: genesis.committee.map(({ key, weight }) => ({ key: encodeDidKey(key), weight })),
    createdAt: genesis.createdAtMs,
    dataRoundMs: genesis.dataRoundMs,
    dust: genesis.dust,
    leaderTimeoutMs: genesis.leaderTimeoutMs,
    minRoundMs: genesis.minRoundMs,
    name: genesis.name,
    outputs: genesis.outputs.map(({ owner, amount }) => ({ amount, owner: encodeDidKey(owner) })),
    powBase: genesis.powBase,
    powPerKiB: genesis.powPerKiB,
  })
  return Uint8Array.from(utf8ToBytes(text))
}

/** Parses any bytes. Only the canonical form of a genesis within the limits is one. Protocol §7. */
export function decodeGenesis(bytes: Uint8Array): Genesis | GenesisFault {
  if (bytes.length > GENESIS_BYTES_MAX) return bad('too-large', '')
  let json: unknown
  try {
    json = JSON.parse(utf8.encode(bytes))
  } catch {
    return bad('not-json', '')
  }
  const genesis = parse(json)
  if ('type' in genesis) return genesis
  return bytesToHex(encodeGenesis(genesis)) === bytesToHex(bytes) ? genesis : bad('not-canonical', '')
}

/** The network a genesis founds; its id is plain BLAKE3 of the canonical bytes. Protocol §7. */
export function networkOf(genesis: Genesis): Network {
  return { id: blockIdOf(blake3(encodeGenesis(genesis))) as NetworkId, genesis }
}

const NUMBERS = {
  createdAt: 0,
  powBase: 1,
  powPerKiB: 0,
  dust: 1,
  minRoundMs: 1,
  dataRoundMs: 1,
  leaderTimeoutMs: 1,
} as const

function parse(json: unknown): Genesis | GenesisFault {
  if (!hasFields(json, ['name', 'committee', 'outputs', ...Object.keys(NUMBERS)]))
    return bad('wrong-fields', '')
  const { name } = json
  if (typeof name !== 'string' || !name.isWellFormed()) return bad('out-of-range', 'name')
  if (name.length < 1 || name.length > NETWORK_NAME_CHARACTERS_MAX) return bad('out-of-range', 'name')
  for (const [field, least] of Object.entries(NUMBERS))
    if (!isInteger(json[field], least, Number.MAX_SAFE_INTEGER)) return bad('out-of-range', field)
  const numbers = json as Record<keyof typeof NUMBERS, number>
  if (numbers.powBase + 16 * numbers.powPerKiB > POW_TOTAL_MAX) return bad('out-of-range', 'powPerKiB')
  const committee = parseCommittee(json.committee)
  if ('type' in committee) return committee
  const outputs = parseOutputs(json.outputs)
  if ('type' in outputs) return outputs
  return {
    name,
    createdAtMs: numbers.createdAt,
    powBase: numbers.powBase,
    powPerKiB: numbers.powPerKiB,
    dust: numbers.dust,
    minRoundMs: numbers.minRoundMs,
    dataRoundMs: numbers.dataRoundMs,
    leaderTimeoutMs: numbers.leaderTimeoutMs,
    committee,
    outputs,
  }
}

function parseCommittee(json: unknown): readonly Member[] | GenesisFault {
  if (!Array.isArray(json) || json.length < 1 || json.length > COMMITTEE_MAX)
    return bad('out-of-range', 'committee')
  const members: Member[] = []
  for (const entry of json as unknown[]) {
    if (!hasFields(entry, ['key', 'weight'])) return bad('wrong-fields', 'committee')
    const key = typeof entry.key === 'string' ? decodeDidKey(entry.key) : undefined
    if (key === undefined) return bad('out-of-range', 'committee.key')
    if (!isInteger(entry.weight, 1, WEIGHT_MAX)) return bad('out-of-range', 'committee.weight')
    members.push({ key, weight: entry.weight })
  }
  const distinct = new Set(members.map(({ key }) => key)).size === members.length
  return distinct ? members : bad('duplicate-key', 'committee')
}

function parseOutputs(json: unknown): readonly GenesisOutput[] | GenesisFault {
  if (!Array.isArray(json) || json.length > GENESIS_OUTPUTS_MAX) return bad('out-of-range', 'outputs')
  const outputs: GenesisOutput[] = []
  let supply = 0
  for (const entry of json as unknown[]) {
    if (!hasFields(entry, ['owner', 'amount'])) return bad('wrong-fields', 'outputs')
    const owner = typeof entry.owner === 'string' ? decodeDidKey(entry.owner) : undefined
    if (owner === undefined) return bad('out-of-range', 'outputs.owner')
    if (!isInteger(entry.amount, 1, Number.MAX_SAFE_INTEGER - supply))
      return bad('out-of-range', 'outputs.amount')
    supply += entry.amount
    outputs.push({ owner, amount: entry.amount })
  }
  return outputs
}

function hasFields(json: unknown, fields: readonly string[]): json is Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false
  return Object.keys(json).length === fields.length && fields.every((field) => Object.hasOwn(json, field))
}

function isInteger(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

function bad(reason: GenesisFault['reason'], field: string): GenesisFault {
  return { type: 'bad-genesis', reason, field }
}
