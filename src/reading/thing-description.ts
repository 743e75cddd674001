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
  /** The newest reading of each quantity. */
  readonly latest: readonly Reading[]
}

const JSON_TYPES = { number: 'number', boolean: 'boolean', string: 'string' } as const

/** The description as JSON-LD. Properties are the quantities, read-only and observable; units by the SenML registry. */
export function thingDescription({ key, title, kind, latest }: Described): object {
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
  return {
    '@context': ['https://www.w3.org/2022/wot/td/v1.1'],
    '@type': 'Thing',
    id: `urn:weft:stream:${key}`,
    title,
    description: kind,
    securityDefinitions: { nosec_sc: { scheme: 'nosec' } },
    security: ['nosec_sc'],
    properties: Object.fromEntries(properties) as object,
  }
}
