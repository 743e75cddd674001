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
import { graphText } from './texts/graph/text.ts'
import { bytesWords, clip, nameWords } from './words.ts'

const DAY_MS = 86_400_000

/** Characters of a topic that this version does not know. */
const TOPIC_CHARACTERS_MAX = 32

/** What a block is called by its kind. */
export function kindWords(kind: BlockKind): string {
  return graphText().kinds[kind]
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
  const text = graphText()
  if (!committed) return text.notFinal
  return commit ? text.finalIn(commit) : text.final
}

/** When a block was made, to the second; with the day where that was not today's. */
export function madeWords(atMs: number, nowMs: number): string {
  return momentWords(atMs, Math.abs(nowMs - atMs) > DAY_MS / 2 ? 2 * DAY_MS : 0, undefined, true)
}

/** Who else holds a block. */
export function heldWords({ heldBy, mine }: Pick<BlockFacts, 'heldBy' | 'mine'>): string {
  const text = graphText()
  if (heldBy > 0) return text.heldByOthers(heldBy)
  return mine ? text.heldByNobody : text.heldHere
}

/** How much work went into a block. */
export function workWords(hashes: number): string {
  const text = graphText()
  return hashes <= 1 ? text.noWork : text.hashes(hashes)
}

/** How long a block is. */
export function sizeWords(bytes: number): string {
  return bytes < 10_000 ? graphText().bytes(bytes) : bytesWords(bytes)
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
  const text = graphText()
  switch (content.type) {
    case 'readings': {
      const thing = things.find(({ key }) => key === content.thing)
      if (thing) {
        const name = nameWords(thing.name)
        return content.sealed ? text.sealedOf(name) : text.openOf(name)
      }
      return content.sealed ? text.sealed : text.open
    }
    case 'payment':
      return text.paymentSeen
    case 'proposal':
      return text.ofRound(content.round)
    case 'other':
      return content.topic === ''
        ? text.unreadable
        : text.unknownKind(clip(content.topic, TOPIC_CHARACTERS_MAX))
    case 'erased':
      return text.erased
  }
}

/** One sentence on a block that was just chosen, for a screen reader. */
export function chosenWords(facts: BlockFacts, nowMs: number): string {
  const text = graphText()
  return text.chosen(
    kindWords(facts.kind),
    facts.mine ? text.thisDevice : text.anotherDevice,
    madeWords(facts.issuedAtMs, nowMs),
    standingWords(facts.committed, facts.commit),
  )
}

/** What is not in the list yet. */
export function newerWords(blocks: number): string {
  return graphText().showNewer(blocks)
}
