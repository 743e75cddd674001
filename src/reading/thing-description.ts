/**
 * A W3C Web of Things Thing Description 1.1 (W3C Recommendation of 5 December 2023): what a thing measures, in a form that
 * other programs read. How to reach it is not in it: readings come as blocks, not by a request to the thing.
 */
import { quantityOf } from './quantities.ts'
import type { Reading } from './reading.ts'

export interface Described {
  /** Names its stream for good: `<issuer>:<stream id>`. */
  readonly key: string
  readonly title: string
  readonly kind: string
  /** Whether anybody may read it, or only who has its keys. */
  readonly open: boolean
  /** The newest reading of each quantity. */
  readonly latest: readonly Reading[]
}

/**
 * `nosec` says that nothing is needed to get at what a thing offers ("Security Vocabulary Definitions"), which is so of an open
 * stream only. None of the other schemes there says what a private one asks for, so one of our own is named, as "Adding
 * Security Schemes" has it: whoever does not know it does not try.
 */
const OPEN = { nosec_sc: { scheme: 'nosec' } }
const PRIVATE = {
  epoch_key_sc: {
    scheme: 'weft:epoch-key',
    description:
      'Readings are encrypted. Whoever is to read them needs the keys of their epochs from the owner.',
  },
}

const JSON_TYPES = { number: 'number', boolean: 'boolean', string: 'string' } as const

/** The description as JSON-LD. Properties are the quantities, read-only and observable; units by the SenML registry. */
export function thingDescription({ key, title, kind, open, latest }: Described): object {
  const properties = latest.map(({ quantity, unit, value }) => [
    quantity,
    {
      title: quantityOf(quantity)?.label ?? quantity,
      type: JSON_TYPES[typeof value as keyof typeof JSON_TYPES],
      ...(unit !== undefined && { unit }),
      readOnly: true,
      observable: true,
      forms: [
        { href: `urn:weft:stream:${key}`, contentType: 'application/senml+cbor', op: ['observeproperty'] },
      ],
    },
  ])
  const securityDefinitions = open ? OPEN : PRIVATE
  return {
    '@context': ['https://www.w3.org/2022/wot/td/v1.1', ...(open ? [] : [{ weft: 'urn:weft:' }])],
    '@type': 'Thing',
    id: `urn:weft:stream:${key}`,
    title,
    description: kind,
    securityDefinitions,
    security: Object.keys(securityDefinitions),
    properties: Object.fromEntries(properties) as object,
  }
}
