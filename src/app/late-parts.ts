/** The parts that are not in the app's first script: the chart, QR codes and the camera come with them. */
import { LateState } from './state/late.svelte.ts'

export type LateParts = ReturnType<typeof lateParts>

/** None of them is loaded yet. */
export function lateParts() {
  return {
    thing: new LateState(() => import('./screens/Thing.svelte')),
    wallet: new LateState(() => import('./screens/Wallet.svelte')),
    peers: new LateState(() => import('./parts/PeersPanel.svelte')),
  }
}
