/** The parts that are not in the app's first script: the chart, QR codes and the camera come with them. */
import { LateState } from './state/late.svelte.ts'

export type LateParts = ReturnType<typeof lateParts>

/** None of them is loaded yet. */
export function lateParts() {
  return {
    thing: new LateState(() => import('./screens/Thing.svelte')),
    settings: new LateState(() => import('./parts/ThingSettings.svelte')),
    wallet: new LateState(() => import('./screens/Wallet.svelte')),
    choices: new LateState(() => import('./parts/AddChoices.svelte')),
    peers: new LateState(() => import('./parts/PeersPanel.svelte')),
  }
}
