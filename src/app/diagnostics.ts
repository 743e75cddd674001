/**
 * A text that says how Weft is doing on this device, for somebody who helps. Its person reads it first. Nothing of what they
 * wrote, whom they know or what they measured is in it: only numbers, and words out of the program's own lists.
 */
import type { Snapshot } from '../node/api.ts'
import type { Capability } from '../sensor/capabilities.ts'
import type { Fault } from './state/faults.ts'

export interface DiagnosticFacts {
  readonly version: string
  /** ISO 8601. */
  readonly built: string
  readonly nowMs: number
  /** What the browser calls itself. */
  readonly userAgent: string
  /** Yes or no about this browser and this page, by what is asked. */
  readonly browser: Readonly<Record<string, boolean>>
  readonly capabilities: readonly Capability[]
  readonly screen: { readonly widthPx: number; readonly heightPx: number; readonly pixelRatio: number }
  readonly storage:
    { readonly usedBytes: number; readonly quotaBytes: number; readonly persisted: boolean } | undefined
  /** Undefined before the peer has said anything. */
  readonly snapshot: Snapshot | undefined
  readonly faults: readonly Fault[]
}

/** Writes the text. Every line is `name: what`. */
export function diagnosticsText(facts: DiagnosticFacts): string {
  const { version, built, nowMs, userAgent, browser, capabilities, screen, storage, snapshot, faults } = facts
  return [
    `Weft ${version}, built ${built}`,
    `Written: ${new Date(nowMs).toISOString()}`,
    `Browser: ${userAgent}`,
    `Window: ${screen.widthPx} × ${screen.heightPx}, ${screen.pixelRatio} dots a pixel`,
    ...Object.entries(browser).map(([asked, yes]) => `${asked}: ${yes ? 'yes' : 'no'}`),
    ...capabilities.map(({ kind, available }) => `Sensor ${kind}: ${available}`),
    storage
      ? `Storage: ${storage.usedBytes} of ${storage.quotaBytes} bytes, ${storage.persisted ? 'kept' : 'best effort'}`
      : 'Storage: not known',
    ...(snapshot ? peerLines(snapshot, nowMs) : ['Peer: has not answered']),
    `Faults since this page was loaded: ${faults.length}`,
    ...faults.map(({ atMs, name, where }) => `  ${new Date(atMs).toISOString()} ${name} ${where}`.trimEnd()),
  ].join('\n')
}

function peerLines({ network, wallet, things, storage, minesForOthers }: Snapshot, nowMs: number): string[] {
  const { relay, peers, order, catchingUp, stranger } = network
  const direct = peers.filter((peer) => peer.direct).length
  const mine = things.filter((thing) => thing.mine)
  const sum = (of: (thing: Snapshot['things'][number]) => number) =>
    mine.reduce((all, one) => all + of(one), 0)
  return [
    `Storage state: ${storage.state}, ${storage.blocks} blocks, ${storage.bytes} bytes, ${storage.damaged} damaged, ${storage.waitingBlocks} waiting`,
    `Relay: ${relay.type}`,
    `Peers: ${direct} direct, ${peers.length - direct} relayed`,
    `Commits: ${order.index}, the newest ${Math.round((nowMs - order.atMs) / 1000)} s ago`,
    `Validators: ${order.committee.length}, this device: ${order.validator.type}${order.diverged ? ', the others differ' : ''}`,
    `Catching up: ${catchingUp ? `${catchingUp.index} of ${catchingUp.upTo}` : 'no'}`,
    `Met strangers: ${stranger?.type ?? 'none'}`,
    `Works for others: ${minesForOthers ? 'yes' : 'no'}`,
    `Own things: ${mine.length}, by kind: ${tally(mine.map(({ kind }) => kind))}`,
    `Their blocks: ${sum(({ blocks }) => blocks.total)}, final ${sum(({ blocks }) => blocks.committed)}, here only ${sum(({ blocks }) => blocks.hereOnly)}, readings waiting ${sum(({ waiting }) => waiting)}`,
    `Others’ things: ${things.length - mine.length}`,
    `Alerts that hold: ${sum(({ alerts }) => alerts?.length ?? 0)}`,
    `Payments listed, by state: ${tally(wallet.payments.map(({ state }) => state.type))}`,
  ]
}

/** `2 final, 1 pending`. */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ') || 'none'
}
