/** What nodes do that do not keep the rules. */
import type { CheckedBlock } from '../../../src/core/model/block.ts'
import type { BlockId, Hash, PublicKey } from '../../../src/core/model/id.ts'
import type { ProposalPlan } from '../../../src/core/model/proposal.ts'
import type { Conduct, Outgoing } from '../conduct.ts'
import { withFlippedSignature } from '../forge.ts'
import type { SimNode } from '../node.ts'
import type { Chance } from '../random.ts'
import { misissue } from './misissue.ts'

type Proposals = readonly [Pick<Outgoing, 'checked'>, ...Outgoing[]]

/** Each takes a plan an honest validator would follow and makes something else of it. */
const SCHEMES: Readonly<Record<string, (node: SimNode, plan: ProposalPlan) => Proposals>> = {
  equivocate,
  withhold,
  lie,
  breakRules,
  misdate,
}

/**
 * A validator that does one thing or another at each of its proposals, and misbehaves as a peer.
 *
 * @param key its own: its own proposals go only where the scheme sends them
 */
export function byzantineValidator(key: PublicKey, chance: Chance): Conduct {
  const names = chance.shuffled(Object.keys(SCHEMES)).slice(0, chance.between(1, 3))
  const peer = maliciousPeer(chance)
  return {
    ...peer,
    propose: (node, plan) => {
      const scheme = SCHEMES[node.chance.pick(names)]
      if (scheme === undefined) throw new Error('no such scheme')
      return scheme(node, plan)
    },
    relay: (checked, to) =>
      checked.block.kind === 'proposal' && checked.block.issuer === key
        ? undefined
        : peer.relay
          ? peer.relay(checked, to)
          : checked.bytes,
  }
}

/** Anybody: issues what should not be, spoils what it passes on, or keeps it to itself. */
export function maliciousPeer(chance: Chance): Conduct {
  const spoils = chance.happens(0.4) ? 0.3 : 0
  const keeps = chance.happens(0.4) ? chance.unit() : 0
  const relay = (checked: CheckedBlock) => {
    if (chance.happens(keeps)) return undefined
    return chance.happens(spoils) ? withFlippedSignature(checked) : checked.bytes
  }
  return { relay, answers: chance.happens(0.7), act: misissue }
}

/** Two or three proposals for one round, each told to some. */
function equivocate(node: SimNode, plan: ProposalPlan): Proposals {
  const { chance, spec } = node
  const first = node.makeProposal(plan)
  const second = node.makeProposal(twinOf(plan, node), 1)
  const third = node.makeProposal(plan, 2)
  const shuffled = chance.shuffled(spec.neighbours)
  const half = chance.between(0, shuffled.length)
  const outgoing: Outgoing[] = [
    { checked: first, to: shuffled.slice(0, half) },
    { checked: second, to: shuffled.slice(half) },
  ]
  if (chance.happens(0.3)) outgoing.push({ checked: third, to: [chance.pick(spec.neighbours)], delayMs: 300 })
  if (chance.happens(0.5)) outgoing.push({ checked: second, delayMs: chance.between(0, 3000) })
  return [{ checked: first }, ...outgoing]
}

/** The same round with other strong parents, or fewer other parents. */
function twinOf(plan: ProposalPlan, { engine, chance, world }: SimNode): ProposalPlan {
  const roundOf = (id: BlockId) => {
    const handle = engine.graph.handleOf(id)
    return handle === undefined ? undefined : engine.graph.proposalAt(handle)
  }
  const strong = chance.shuffled(plan.parents.filter((id) => roundOf(id)?.round === plan.payload.round - 1))
  const kept: BlockId[] = []
  for (const id of strong) {
    const authors = kept.map((each) => roundOf(each)?.author ?? 0)
    if (!world.committee.isQuorum(world.committee.weightOfAll(authors))) kept.push(id)
  }
  const rest = plan.parents.filter((id) => !strong.includes(id) && chance.happens(0.5))
  const parents = [...kept, ...rest]
  return { ...plan, parents: parents.length > 0 ? parents : plan.parents }
}

/** Told to some at once and to the others late or never. */
function withhold(node: SimNode, plan: ProposalPlan): Proposals {
  const { chance, spec } = node
  const checked = node.makeProposal(plan)
  const shuffled = chance.shuffled(spec.neighbours)
  const soon = chance.between(0, shuffled.length)
  const late = chance.happens(0.7) ? shuffled.slice(soon) : []
  return [
    { checked },
    { checked, to: shuffled.slice(0, soon) },
    { checked, to: late, delayMs: chance.between(200, 6000) },
  ]
}

/** Names a commit or a digest that is not so. */
function lie(node: SimNode, plan: ProposalPlan): Proposals {
  const { chance } = node
  const digest = Array.from(chance.bytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('') as Hash
  const payload = chance.happens(0.5)
    ? { ...plan.payload, commitDigest: digest }
    : {
        ...plan.payload,
        commitIndex: plan.payload.commitIndex + chance.between(1, 1000),
        commitDigest: digest,
      }
  const checked = node.makeProposal({ ...plan, payload })
  return [{ checked }, { checked }]
}

/** A proposal that no rule allows, and the good one or none. */
function breakRules(node: SimNode, plan: ProposalPlan): Proposals {
  const { chance, world } = node
  const { payload } = plan
  const strange: readonly ProposalPlan[] = [
    { ...plan, payload: { ...payload, epoch: 1 } },
    { ...plan, payload: { ...payload, round: 0 } },
    { ...plan, payload: { ...payload, round: payload.round + 1 } },
    { ...plan, payload: { ...payload, round: Math.max(1, payload.round - 1) } },
    { ...plan, payload: { ...payload, round: payload.round + 1000 } },
    { ...plan, parents: [world.network.id], issuedAtMs: plan.issuedAtMs },
    { ...plan, parents: plan.parents.slice(0, 1) },
    { ...plan, issuedAtMs: world.network.genesis.createdAtMs },
    { ...plan, parents: [...plan.parents, ...proposalsAround(payload.round, node)].slice(0, 255) },
    { ...plan, parents: [...plan.parents, ...proposalsAround(payload.round - 1, node)].slice(0, 255) },
  ]
  const bad = node.makeProposal(chance.pick(strange), 3)
  const good = node.makeProposal(plan)
  const isGoodTold = chance.happens(0.7)
  return [{ checked: good }, { checked: bad }, ...(isGoodTold ? [{ checked: good }] : [])]
}

/** All proposals of a round it holds, twins too. */
function proposalsAround(round: number, { disk, engine }: SimNode): BlockId[] {
  const found = disk.blocks().filter((checked) => engine.entryOf(checked).slot?.round === round)
  return found.map(({ id }) => id)
}

/** As early as its parents allow, or ahead of the clock. */
function misdate(node: SimNode, plan: ProposalPlan): Proposals {
  const { chance, engine } = node
  const newest = Math.max(...plan.parents.map((id) => engine.graph.issuedAtMsOf(id)))
  const issuedAtMs = chance.happens(0.5)
    ? newest + 1
    : Math.max(newest + 1, node.nowMs() + chance.between(1000, 15_000))
  const checked = node.makeProposal({ ...plan, issuedAtMs })
  return [{ checked }, { checked }]
}
