/** What the app says about blocks on the graph. Pure: what the peer said in, words out. */
import { KIND_BYTES } from '../core/model/block.ts'
import {
  GRAPH_BITS,
  type BlockContent,
  type BlockFacts,
  type BlockKind,
  type ThingView,
} from '../node/api.ts'
import { momentWords } from './plot.ts'
import { bytesWords, clip, count, nameWords, plural } from './words.ts'

const DAY_MS = 86_400_000

/** Characters of a topic that this version does not know. */
const TOPIC_CHARACTERS_MAX = 32

/** What a block is called by its kind. */
export function kindWords(kind: BlockKind): string {
  return { data: 'Readings', transaction: 'Payment', proposal: 'Proposal' }[kind]
}

/** The kind that a block's bits say. */
export function kindOf(bits: number): BlockKind {
  const byte = bits & GRAPH_BITS.kind
  return byte === KIND_BYTES.data ? 'data' : byte === KIND_BYTES.transaction ? 'transaction' : 'proposal'
}

/** A block's short name. @param name as in `GraphChanges` */
export function shortNameOf(name: number): string {
  return `${name.toString(16).padStart(8, '0')}…`
}

/** The same of its id, whose end shows the work and is alike in all. */
export function shortNameIn(id: BlockFacts['id']): string {
  return `${id.slice(0, 8)}…`
}

/** How far a block has got. */
export function standingWords(committed: boolean, commit: number | undefined): string {
  if (!committed) return 'not yet final'
  return commit ? `final, in commit ${count(commit)}` : 'final'
}

/** When a block was made, to the second; with the day where that was not today's. */
export function madeWords(atMs: number, nowMs: number, locale?: string): string {
  return momentWords(atMs, Math.abs(nowMs - atMs) > DAY_MS / 2 ? 2 * DAY_MS : 0, locale, true)
}

/** Who else holds a block. */
export function heldWords({ heldBy, mine }: Pick<BlockFacts, 'heldBy' | 'mine'>): string {
  if (heldBy > 0) return `${plural(heldBy, 'other device')} that this one knows of`
  return mine ? 'nobody else that this device knows of' : 'this device, and whoever it came from'
}

/** How much work went into a block. */
export function workWords(hashes: number): string {
  return hashes <= 1 ? 'none' : `about ${count(hashes)} hashes`
}

/** How long a block is. */
export function sizeWords(bytes: number): string {
  return bytes < 10_000 ? plural(bytes, 'byte') : bytesWords(bytes)
}

/**
 * What may be told of a block's content, in a sentence; of a payment the list of who gets what comes beside it.
 *
 * @param things those of the snapshot, to name the one that was read
 */
export function contentWords(
  content: BlockContent,
  things: readonly Pick<ThingView, 'key' | 'name' | 'mine'>[],
): string {
  switch (content.type) {
    case 'readings': {
      const thing = things.find(({ key }) => key === content.thing)
      if (thing)
        return content.sealed
          ? `Of “${nameWords(thing.name)}”, sealed.`
          : `Of “${nameWords(thing.name)}”, open to all.`
      return content.sealed
        ? 'Of a thing whose owner alone can read them.'
        : 'Of a thing that everyone here can read.'
    }
    case 'payment':
      return 'Everyone in this network can see who gets what. Change goes back to whoever paid.'
    case 'proposal':
      return `Of round ${count(content.round)}. By proposals validators agree on what is final.`
    case 'other':
      return content.topic === ''
        ? 'This version of Weft cannot read it.'
        : `Of a kind this version of Weft does not know: ${clip(content.topic, TOPIC_CHARACTERS_MAX)}.`
    case 'erased':
      return 'Its owner has deleted what was in it.'
  }
}

/** One sentence on a block that was just chosen, for a screen reader. */
export function chosenWords(facts: BlockFacts, nowMs: number): string {
  const who = facts.mine ? 'this device' : 'another device'
  return `${kindWords(facts.kind)} by ${who}, ${madeWords(facts.issuedAtMs, nowMs)}, ${standingWords(facts.committed, facts.commit)}`
}

/** What is not in the list yet. */
export function newerWords(blocks: number): string {
  return `Show ${plural(blocks, 'newer block')}`
}
