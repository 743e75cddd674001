import { describe, it } from 'vitest'
import type { ContractCase } from './cases.ts'

/** Runs contract cases under vitest. `open` opens the store of a name; cases use different names. */
export function describeContract<Store>(
  name: string,
  cases: readonly ContractCase<Store>[],
  open: (name: string) => Promise<Store>,
): void {
  describe(name, () => {
    for (const { name, run } of cases) it(name, () => run(open))
  })
}
