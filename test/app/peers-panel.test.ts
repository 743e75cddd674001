import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import PeersPanel from '../../src/app/parts/PeersPanel.svelte'
import type { Snapshot } from '../../src/node/api.ts'
import { snapshotWith } from './views.ts'

const NOW_MS = 1_000_000

/** The panel as a page first shows it. */
function panel(change: Partial<Snapshot['network']>, minesForOthers = false): string {
  const { device, network } = snapshotWith({ peers: [{ id: 'a', direct: true }] })
  const api = {} as never // nothing is asked before it is on a page
  const props = { api, device, network: { ...network, ...change }, minesForOthers, nowMs: NOW_MS }
  return render(PeersPanel, { props }).body.replaceAll(/<!--.*?-->/g, '')
}

describe('the network panel', () => {
  it('shows how catching up goes, for eyes and for screen readers, in the place of the relay', () => {
    const shown = panel({ catchingUp: { index: 1200, upTo: 10_000, leftMs: 3400 } })
    expect(shown).toContain('Catching up: 1,200 of 10,000 commits, about 4 s left.')
    expect(shown).toMatch(/<progress max="1" value="0.12" aria-label="Catching up with the others"/)
    expect(shown).not.toContain('No relay.')
  })

  it('shows nothing of it otherwise', () => {
    const shown = panel({})
    expect(shown).not.toMatch(/progress|Catching up/)
    expect(shown).toContain('No relay.')
  })

  it('says whether this device works for others, for eyes and for screen readers', () => {
    const position = (shown: string) =>
      /role="switch" aria-checked="(true|false)" aria-label="Work for others"/.exec(shown)?.[1]
    expect(position(panel({}))).toBe('false')
    expect(position(panel({}, true))).toBe('true')
  })

  it('tells of a stranger for a while', () => {
    const stranger = { type: 'other-network', network: '1a2b3c4d5e6f7081', atMs: NOW_MS - 1000 } as const
    expect(panel({ stranger })).toContain('Someone nearby is in another network (1a2b3c…).')
    expect(panel({ stranger: { ...stranger, atMs: 0 } })).not.toContain('nearby')
  })
})
