/** The parts that are not in the app's first script: the chart, QR codes and the camera come with them. */
import { LateState } from './state/late.svelte.ts'

export type LateParts = ReturnType<typeof lateParts>

/** None of them is loaded yet. */
export function lateParts() {
  return {
    thing: new LateState(() => import('./screens/Thing.svelte')),
    settings: new LateState(() => import('./parts/ThingSettings.svelte')),
    wallet: new LateState(() => import('./screens/Wallet.svelte')),
    network: new LateState(() => import('./screens/Network.svelte')),
    preferences: new LateState(() => import('./screens/Settings.svelte')),
    unlock: new LateState(() => import('./screens/Unlock.svelte')),
    reminder: new LateState(() => import('./parts/identity/BackupReminder.svelte')),
    choices: new LateState(() => import('./parts/AddChoices.svelte')),
  }
}
