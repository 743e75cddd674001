/**
 * A calculation on u32 words as a straight line of steps, each value set once, for the printers beside this file.
 * Building one already does what an optimiser would: constants are folded, and what no result needs is left out.
 */

/** What a step works on. */
export type Value =
  | { readonly kind: 'constant'; readonly word: number }
  /** A word the caller gives. `varies`: it is another one for each nonce. */
  | { readonly kind: 'input'; readonly name: string; readonly varies: boolean }
  | Step

/** One operation; `name` is unique. It varies where anything it works on does. */
export type Step = { readonly kind: 'step'; readonly name: string; readonly varies: boolean } & (
  | { readonly operation: 'add' | 'xor'; readonly left: Value; readonly right: Value }
  /** To the right, by 1 … 31 bits. */
  | { readonly operation: 'rotate'; readonly left: Value; readonly bits: number }
)

/** Steps in the order of their execution. */
export interface Program {
  /** What is the same for all nonces of a search: done once, ahead of the loop. */
  readonly before: readonly Step[]
  readonly loop: readonly Step[]
  readonly result: Value
}

export function constant(word: number): Value {
  return { kind: 'constant', word: word >>> 0 }
}

export function input(name: string, varies = false): Value {
  return { kind: 'input', name, varies }
}

/** Writes down steps, and only those that have to be done when the program runs. */
export class ProgramWriter {
  readonly #steps: Step[] = []

  add(left: Value, right: Value): Value {
    if (isZero(left)) return right
    if (isZero(right)) return left
    if (left.kind === 'constant' && right.kind === 'constant') return constant(left.word + right.word)
    return this.#step({ ...this.#next(left, right), operation: 'add', left, right })
  }

  /** Adds those first that do not vary: their sum then needs no loop. */
  sum(terms: readonly Value[]): Value {
    const varying = terms.filter(varies)
    return [...terms.filter((term) => !varies(term)), ...varying].reduce((left, right) =>
      this.add(left, right),
    )
  }

  xor(left: Value, right: Value): Value {
    if (isZero(left)) return right
    if (isZero(right)) return left
    if (left.kind === 'constant' && right.kind === 'constant') return constant(left.word ^ right.word)
    return this.#step({ ...this.#next(left, right), operation: 'xor', left, right })
  }

  /** To the right, by 1 … 31 bits. */
  rotate(left: Value, bits: number): Value {
    if (left.kind === 'constant') return constant((left.word >>> bits) | (left.word << (32 - bits)))
    return this.#step({ ...this.#next(left), operation: 'rotate', left, bits })
  }

  /** The program that calculates `result`: of the steps written down, those that lead to it. */
  finish(result: Value): Program {
    const needed = new Set<Value>([result])
    for (const step of this.#steps.toReversed()) {
      if (!needed.has(step)) continue
      needed.add(step.left)
      if (step.operation !== 'rotate') needed.add(step.right)
    }
    const steps = this.#steps.filter((step) => needed.has(step))
    return {
      before: steps.filter((step) => !step.varies),
      loop: steps.filter((step) => step.varies),
      result,
    }
  }

  #next(...operands: readonly Value[]) {
    return { kind: 'step', name: `t${this.#steps.length}`, varies: operands.some(varies) } as const
  }

  #step(step: Step): Step {
    this.#steps.push(step)
    return step
  }
}

function varies(value: Value): boolean {
  return value.kind !== 'constant' && value.varies
}

function isZero(value: Value): boolean {
  return value.kind === 'constant' && value.word === 0
}
