import type { PublicKey } from '../../src/core/model/id.ts'
import type { Weather } from './network.ts'
import { Chance } from './random.ts'
import type { Verification } from './verification.ts'

/** What a person may ask of a run. What is left out is drawn from the seed. */
export interface Options {
  readonly seed: number
  readonly validators?: number
  /** Validators that break the rules or fail for good. */
  readonly byzantine?: number
  readonly others?: number
  /** Virtual time with faults and business; some quiet time comes after it. */
  readonly activeMs?: number
  /** `twins`: validators of more than a third run honest code on both sides of a partition. */
  readonly mode?: 'mixed' | 'twins'
  /** How those validators fail, all alike. */
  readonly failing?: Failing
  /** A fault in the nodes themselves, to see that it is noticed: who lost its store proposes as if nothing had been. */
  readonly isForgetful?: boolean
}

/** How a validator within the third fails. */
export const FAILINGS = ['byzantine', 'twins', 'silent', 'loses-store', 'skewed'] as const

type Failing = (typeof FAILINGS)[number]

interface Validator {
  readonly key: PublicKey
  readonly weight: number
  readonly failing: Failing | undefined
}

export interface Scenario {
  readonly seed: number
  readonly mode: 'mixed' | 'twins'
  readonly isForgetful: boolean
  readonly validators: readonly Validator[]
  /** Nodes that are no validators; the `malicious` ones come last. */
  readonly others: readonly PublicKey[]
  readonly malicious: number
  readonly activeMs: number
  readonly minRoundMs: number
  readonly dataRoundMs: number
  readonly leaderTimeoutMs: number
  readonly weather: Weather
  /** How many faults of links and nodes there are to every minute. */
  readonly faultsPerMinute: number
  readonly dataEveryMs: number
  readonly paymentEveryMs: number
  /** How long single proposals are held back on their way to single nodes. */
  readonly holdBackMs: number
  readonly miningMs: number
  readonly proposalMiningMs: number
  readonly windowBlocksMax: number
  /** How far honest clocks are off at most. */
  readonly clockOffMsMax: number
  /** Whether everybody knows everybody. */
  readonly isMesh: boolean
  readonly powBase: number
  /** What checking blocks costs; nothing where it is left out. */
  readonly verification?: Verification
}

const COMMITTEES = [1, 4, 7, 10]

/** Draws what a run is made of. */
export function drawScenario(options: Options): Scenario {
  const { seed, mode = 'mixed' } = options
  const chance = new Chance(seed, `scenario ${mode}`)
  const size =
    options.validators ?? (mode === 'twins' ? chance.pick(COMMITTEES.slice(1)) : chance.pick(COMMITTEES))
  const others = options.others ?? Math.floor(chance.unit() * chance.unit() * 31)
  const nodes = size + others
  const minDelayMs = chance.between(3, 40)
  const isRough = mode === 'mixed' && chance.happens(0.6)
  // rounds that are shorter than the way between validators leave votes and certificates scattered
  const isRagged = mode === 'mixed' && nodes <= 16 && chance.happens(0.4)
  const upTo = (share: number) => (isRough ? chance.unit() * share : 0)
  return {
    seed,
    mode,
    isForgetful: options.isForgetful ?? false,
    validators: drawValidators(size, options, chance),
    others: Array.from({ length: others }, () => drawKey(chance)),
    malicious: mode === 'twins' ? 0 : chance.between(0, others),
    activeMs: options.activeMs ?? chance.between(20, isRagged || nodes > 20 ? 30 : 60) * 1000,
    // larger networks go slower, so that every seed costs about the same
    minRoundMs: isRagged ? chance.between(30, 150) : chance.between(150, 300) + 15 * nodes,
    dataRoundMs: chance.between(1500, 8000),
    leaderTimeoutMs: isRagged ? chance.between(5, 200) : chance.between(500, 1500),
    weather: {
      delayMs: [minDelayMs, minDelayMs + chance.between(10, 200)],
      jitterMs: isRagged ? chance.between(20, 400) : chance.between(0, 20),
      loss: upTo(0.1),
      duplication: upTo(0.1),
      reordering: isRagged ? chance.unit() : upTo(0.3),
    },
    faultsPerMinute: mode === 'twins' ? 0 : chance.pick([0, 4, 8, 16]),
    dataEveryMs: chance.between(400, 3000),
    paymentEveryMs: chance.pick([500, 1000, 2000, 5000, 20_000]),
    holdBackMs: isRagged && chance.happens(0.7) ? chance.between(100, 1500) : 0,
    miningMs: chance.between(0, 300),
    proposalMiningMs: chance.between(0, 30),
    windowBlocksMax: chance.happens(0.3) ? 1024 : 131_072,
    clockOffMsMax: chance.happens(0.5) ? 900 : 0,
    isMesh: false,
    powBase: 1,
  }
}

/** A key nobody has the secret of: signatures are simulated. */
function drawKey(chance: Chance): PublicKey {
  return Array.from(chance.bytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('') as PublicKey
}

function drawValidators(size: number, options: Options, chance: Chance): Validator[] {
  const isEqual = options.mode === 'twins' || options.byzantine !== undefined || chance.happens(0.7)
  const drawn = Array.from({ length: size }, () => ({
    key: drawKey(chance),
    weight: isEqual ? 1 : chance.between(1, 5),
  }))
  const failing = options.mode === 'twins' ? twinsAboveAThird(drawn) : drawFailing(drawn, options, chance)
  return drawn.map((validator) => ({ ...validator, failing: failing.get(validator.key) }))
}

/** The fewest validators of more than a third. */
function twinsAboveAThird(validators: readonly { readonly key: PublicKey }[]): Map<PublicKey, Failing> {
  const count = Math.floor(validators.length / 3) + 1
  return new Map(validators.slice(0, count).map(({ key }) => [key, 'twins']))
}

/** Those that fail weigh less than a third together, which is what the protocol bears. */
function drawFailing(
  validators: readonly { readonly key: PublicKey; readonly weight: number }[],
  { byzantine, failing: alike }: Options,
  chance: Chance,
): Map<PublicKey, Failing> {
  const total = validators.reduce((sum, { weight }) => sum + weight, 0)
  const failing = new Map<PublicKey, Failing>()
  const most = byzantine ?? chance.between(0, validators.length)
  const kinds: readonly Failing[] =
    byzantine === undefined
      ? ['byzantine', 'byzantine', 'twins', 'silent', 'loses-store', 'skewed']
      : ['byzantine', 'byzantine', 'twins']
  let left = total
  for (const { key, weight } of chance.shuffled(validators)) {
    if (failing.size >= most || 3 * (total - left + weight) >= total) continue
    left -= weight
    failing.set(key, alike ?? chance.pick(kinds))
  }
  return failing
}
