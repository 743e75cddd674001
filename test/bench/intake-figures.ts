import type { Figure } from './figure.ts'
import type { IntakeBench } from './intake.ts'
import type { Found } from './runner.ts'

/** Blocks each contender takes: thirty batches. */
export const INTAKE_BLOCKS = 30 * 256

/** An intake's row, and the ratio in it. */
export function ofIntake(row: IntakeBench): Found {
  return { rows: [row], figures: [times('256 together, to one by one', row.timesSingle)] }
}

/** A quotient of medians, where the rounds stay inside. */
export function times(name: string, value: number): Figure {
  return { name, unit: 'times', better: 'more', rounds: [value] }
}
