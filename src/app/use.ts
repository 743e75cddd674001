/** How often a peer is told that somebody uses the app: it locks after minutes, and touches come by the dozen. */
const TOLD_EVERY_MS = 10_000

/** What a person does with a page, however they hold it. */
const SIGNS = ['pointerdown', 'keydown', 'wheel'] as const

/** Tells of use from now on: touches, keys and scrolling. That readings come in is none. */
export function tellUse(page: EventTarget, now: () => number, tell: () => void): void {
  let toldAtMs = -Infinity
  const used = () => {
    const nowMs = now()
    // a clock set back would otherwise stop it until that time has come again
    if (Math.abs(nowMs - toldAtMs) < TOLD_EVERY_MS) return
    toldAtMs = nowMs
    tell()
  }
  for (const sign of SIGNS) page.addEventListener(sign, used, { capture: true, passive: true })
}
