import type { Component } from 'svelte'
import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import { peerWords, readInvitation } from '../../src/app/network-words.ts'
import NetworkNow from '../../src/app/parts/network/NetworkNow.svelte'
import WorkSwitch from '../../src/app/parts/WorkSwitch.svelte'
import type { Snapshot } from '../../src/node/api.ts'
import { snapshotWith } from './views.ts'

const NOW_MS = 1_000_000

function html<Props extends Record<string, unknown>>(part: Component<Props>, props: Props): string {
  return render(part as Component, { props }).body.replaceAll(/<!--.*?-->/g, '')
}

/** What is said of a network as a page first shows it. */
function shownOf(change: Partial<Snapshot['network']>): string {
  const { device, network } = snapshotWith({ peers: [{ id: 'a', direct: true }] })
  return html(NetworkNow, { device, network: { ...network, ...change }, nowMs: NOW_MS })
}

describe('what is said of a network', () => {
  it('is how catching up goes, for eyes and for screen readers, in the place of the relay', () => {
    const shown = shownOf({ catchingUp: { index: 1200, upTo: 10_000, leftMs: 3400 } })
    expect(shown).toContain('Catching up: 1,200 of 10,000 commits, about 4 s left.')
    expect(shown).toMatch(/<progress max="1" value="0.12" aria-label="Catching up with the others"/)
    expect(shown).not.toContain('No relay.')
  })

  it('is nothing of that otherwise', () => {
    const shown = shownOf({})
    expect(shown).not.toMatch(/progress|Catching up/)
    expect(shown).toContain('No relay.')
  })

  it('tells of a stranger for a while', () => {
    const stranger = { type: 'other-network', network: '1a2b3c4d5e6f7081', atMs: NOW_MS - 1000 } as const
    expect(shownOf({ stranger })).toContain('Someone nearby is in another network (1a2b3c…).')
    expect(shownOf({ stranger: { ...stranger, atMs: 0 } })).not.toContain('nearby')
  })

  it('lists peers with the way to them, the first twenty of many', () => {
    const peers = Array.from({ length: 23 }, (_, i) => ({ id: `peer-${i}`, direct: i > 0, rttMs: 41.6 }))
    const shown = shownOf({ peers })
    expect(shown).toContain('23 peers')
    expect(shown.match(/data-testid="peer"/g)).toHaveLength(20)
    expect(shown).toContain('through the relay, 42 ms')
    expect(shown).toContain('and 3 more')
  })

  it('shows a name with markup in it as text', () => {
    expect(shownOf({ name: '<img src=x>' })).toContain('&lt;img src=x>')
  })
})

describe('working for others', () => {
  it('is said for eyes and for screen readers', () => {
    const position = (on: boolean) =>
      /role="switch" aria-checked="(true|false)" aria-label="Work for others"/.exec(
        html(WorkSwitch, { api: {} as never, on }),
      )?.[1]
    expect([position(false), position(true)]).toEqual(['false', 'true'])
  })
})

describe('the words of a network', () => {
  it('say how long a word takes only where that was measured', () => {
    expect(peerWords({ direct: true })).toBe('direct')
    expect(peerWords({ direct: true, rttMs: 0.2 })).toBe('direct, 1 ms')
  })

  it.each([
    ['https://weft.example/#join=AQ_-9', 'AQ_-9'],
    ['  Come!\nhttps://weft.example/app/#join=AQ9 \n', 'AQ9'],
    ['AQ9', 'AQ9'],
    ['https://weft.example/#join=', undefined],
    ['https://weft.example/', undefined],
    ['<script>', undefined],
    ['', undefined],
  ])('find the invitation in %j', (text, invitation) => {
    expect(readInvitation(text)).toBe(invitation)
  })
})
