/** The time. */

/** The wall clock, handed in so that a simulation can own time. */
export interface Clock {
  nowMs(): number
}
