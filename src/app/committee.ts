/** What the validators of a network mean to a person: who they are to be, and what losing one does. */
import type { OrderView, ValidatorState } from '../node/api.ts'
import { quorumOf } from '../core/model/committee.ts'
import { COMMITTEE_MAX } from '../core/model/params.ts'
import { durationWords, plural } from './words.ts'

/** A did:key of an Ed25519 key, `did:key:z6Mk` and 44 characters of base58. Only its form: the peer reads the key. */
const DID_KEY = /^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/

/** The device's id in `text`, or nothing where it is none. */
export function readDidKey(text: string): string | undefined {
  const key = text.trim()
  return DID_KEY.test(key) ? key : undefined
}

/** The validators a person wrote, one did:key a line, or what is wrong with them, in words. */
export function readValidators(text: string): readonly string[] | string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return 'A network needs at least one validator.'
  if (lines.length > COMMITTEE_MAX) return `A network has at most ${COMMITTEE_MAX} validators.`
  const keys = lines.map(readDidKey)
  const wrong = keys.indexOf(undefined)
  if (wrong >= 0)
    return `Line ${wrong + 1} is no id of a device. An id starts with did:key:z6Mk; the wallet shows it under Receive.`
  if (new Set(keys).size < keys.length) return 'One validator is there twice.'
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
  const [heaviest = 0] = [...weights].sort((a, b) => b - a)
  if (weights.length === 1) return 'There is one validator. If it is lost, payments stop.'
  const bearable = bearableLosses(weights)
  if (bearable > 0)
    return `Any ${bearable} of ${plural(weights.length, 'validator')} may be lost and payments go on. If ${bearable + 1} are, payments ${weights.every((weight) => weight === heaviest) ? 'stop' : 'may stop'}.`
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const needed = weights.filter((weight) => total - weight < quorumOf(total)).length
  if (needed === weights.length) return 'If any one of them is lost, payments stop.'
  return needed === 1
    ? 'If the heaviest of them is lost, payments stop.'
    : `If any one of the ${needed} heaviest is lost, payments stop.`
}

/** This device as a validator, in words. */
export function validatorWords(state: ValidatorState): string {
  switch (state.type) {
    case 'none':
      return 'This device is not a validator: it pays, and others agree.'
    case 'proposing':
      return 'This device is a validator and takes part in agreeing.'
    case 'listening':
      return 'This device is a validator whose identity was typed in here, so it waits to hear the other validators. Then it takes part in agreeing.'
    case 'alone':
      return 'This device is a validator whose identity was typed in here. It takes part in agreeing once you say that no other copy of it is running. Two running copies of one validator break the network: what is final for some is not for others.'
    case 'diverged':
      return 'This device is a validator and has stopped taking part in agreeing.'
    case 'clock-off':
      return `This device’s clock is ${durationWords(Math.abs(state.offsetMs))} ${state.offsetMs > 0 ? 'behind' : 'ahead of'} the others’. Set it right; until then it does not take part in agreeing.`
  }
}

/** How many commits there are, and how old the newest is, in words. */
export function orderWords({ index }: Pick<OrderView, 'index'>, age: string): string {
  return index === 0 ? 'none yet' : `${plural(index, 'commit')}, the newest ${age}`
}
