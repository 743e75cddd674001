/** How often ages on the screen move. */
const TICK_MS = 1000

/** The time as the screen shows it: it moves once a second, so that a hundred ages cost one timer. */
export class ClockState {
  nowMs = $state(0)

  constructor(now: () => number) {
    this.nowMs = now()
    setInterval(() => (this.nowMs = now()), TICK_MS)
  }
}
