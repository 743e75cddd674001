import { describe, expect, it } from 'vitest'
import { PeerState } from '../../src/app/state/peer.svelte.ts'
import type { Api, Snapshot } from '../../src/node/api.ts'
import { snapshotWith, thingWith } from './views.ts'

const snapshotOf = (name: string) => snapshotWith({ things: [thingWith({ name })] })

/** A page's state, and its peer and its screen in the test's hands. */
function stage() {
  let tell: (snapshot: Snapshot) => void = () => undefined
  const frames: (() => void)[] = []
  const client = {
    api: {} as Api, // nothing is asked
    onSnapshot: (listener: typeof tell) => {
      tell = listener
      return () => undefined
    },
  }
  const peer = new PeerState(client, (run) => frames.push(run))
  return {
    peer,
    shown: () => peer.snapshot?.things[0]?.name,
    tell: (snapshot: Snapshot) => tell(snapshot),
    paint: () => frames.splice(0).forEach((run) => run()),
  }
}

describe('what a page shows of its peer', () => {
  it('is what was known last until the peer says how things are', () => {
    const { peer, shown, tell, paint } = stage()
    expect(shown()).toBeUndefined()
    peer.showKnown(snapshotOf('known'))
    expect(shown()).toBe('known')
    tell(snapshotOf('told'))
    paint()
    expect(shown()).toBe('told')
  })

  it('is not what was known last where that comes after the peer', () => {
    const { peer, shown, tell, paint } = stage()
    tell(snapshotOf('told'))
    peer.showKnown(snapshotOf('known'))
    expect(shown()).toBeUndefined()
    paint()
    peer.showKnown(snapshotOf('known'))
    expect(shown()).toBe('told')
  })
})
