import type { Figure } from './figure.ts'
import type { IntakeBench } from './intake.ts'
import type { Found } from './runner.ts'

/** Blocks each contender takes: thirty batches. */
export const INTAKE_BLOCKS = 30 * 256

/** An intake's row, and the ratio in it: a quotient of medians, where the rounds stay inside. */
export function ofIntake(row: IntakeBench): Found {
  const ratio: Figure = {
    name: '256 together, to one by one',
    unit: 'times',
    better: 'more',
    rounds: [row.timesSingle],
  }
  return { rows: [row], figures: [ratio] }
}
