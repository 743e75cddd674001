/** What the validators of a network mean to a person: who they are to be, and what losing one does. */
import type { OrderView, ValidatorState } from '../node/api.ts'
import { quorumOf } from '../core/model/committee.ts'
import { COMMITTEE_MAX } from '../core/model/params.ts'
import { validatorsText } from './texts/validators/text.ts'
import { durationWords } from './words.ts'

/** A did:key of an Ed25519 key, `did:key:z6Mk` and 44 characters of base58. Only its form: the peer reads the key. */
const DID_KEY = /^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/

/** The device's id in `text`, or nothing where it is none. */
export function readDidKey(text: string): string | undefined {
  const key = text.trim()
  return DID_KEY.test(key) ? key : undefined
}

/** The validators a person wrote, one did:key a line, or what is wrong with them, in words. */
export function readValidators(text: string): readonly string[] | string {
  const words = validatorsText()
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return words.atLeastOne
  if (lines.length > COMMITTEE_MAX) return words.atMost(COMMITTEE_MAX)
  const keys = lines.map(readDidKey)
  const wrong = keys.indexOf(undefined)
  if (wrong >= 0) return words.noId(wrong + 1)
  if (new Set(keys).size < keys.length) return words.twice
  return keys.filter((key) => key !== undefined)
}

/** How many validators may be lost, whichever they are, with payments going on. */
export function bearableLosses(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let left = total
  const heaviestFirst = [...weights].sort((a, b) => b - a)
  return heaviestFirst.filter((weight) => (left -= weight) >= quorumOf(total)).length
}

/** What losing validators of these weights would mean, in a sentence or two. */
export function lossWords(weights: readonly number[]): string {
  const words = validatorsText()
  const [heaviest = 0] = [...weights].sort((a, b) => b - a)
  if (weights.length === 1) return words.oneOnly
  const bearable = bearableLosses(weights)
  if (bearable > 0)
    return words.someMayBeLost({
      bearable,
      of: weights.length,
      stops: weights.every((weight) => weight === heaviest),
    })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const needed = weights.filter((weight) => total - weight < quorumOf(total)).length
  if (needed === weights.length) return words.noneMayBeLost
  return needed === 1 ? words.heaviestNeeded : words.heavyNeeded(needed)
}

/** This device as a validator, in words. */
export function validatorWords(state: ValidatorState): string {
  const words = validatorsText()
  if (state.type !== 'clock-off') return words.states[state.type]
  const off = durationWords(Math.abs(state.offsetMs))
  return state.offsetMs > 0 ? words.clockBehind(off) : words.clockAhead(off)
}

/** How many commits there are, and how old the newest is, in words. */
export function orderWords({ index }: Pick<OrderView, 'index'>, age: string): string {
  const words = validatorsText()
  return index === 0 ? words.noCommits : words.commits(index, age)
}
