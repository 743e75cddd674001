import { describe, expect, it } from 'vitest'
import { Certificates } from '../../src/core/consensus/certificates.ts'
import type { Hash } from '../../src/core/model/id.ts'
import { committeeOf } from './make-proposals.ts'
import { idOf } from './make.ts'

const DIGEST = idOf(1) as string as Hash
const OTHER = idOf(2) as string as Hash

const vote = (author: number, commitIndex: number, commitDigest = DIGEST) => ({
  author,
  commitIndex,
  commitDigest,
})

describe('a certificate of a commit', () => {
  it('is there once a quorum has named one digest', () => {
    const certificates = new Certificates(committeeOf([1, 1, 1, 1]))
    expect(certificates.add(vote(0, 5))).toBeUndefined()
    expect(certificates.add(vote(1, 5))).toBeUndefined()
    expect(certificates.newest).toBeUndefined()
    expect(certificates.add(vote(2, 5))).toEqual({ index: 5, digest: DIGEST })
    expect(certificates.newest).toEqual({ index: 5, digest: DIGEST })
  })

  it('lacks a vote that is given twice by one author', () => {
    const certificates = new Certificates(committeeOf([1, 1, 1, 1]))
    for (let i = 0; i < 3; i++) expect(certificates.add(vote(0, 5))).toBeUndefined()
    expect(certificates.add(vote(1, 5))).toBeUndefined()
  })

  it('lacks a vote for another digest', () => {
    const certificates = new Certificates(committeeOf([1, 1, 1, 1]))
    for (const author of [0, 1]) certificates.add(vote(author, 5))
    expect(certificates.add(vote(2, 5, OTHER))).toBeUndefined()
    expect(certificates.add(vote(3, 5))).toEqual({ index: 5, digest: DIGEST })
  })

  it('is made by weight', () => {
    const certificates = new Certificates(committeeOf([5, 1, 1, 1]))
    for (const author of [1, 2, 3]) expect(certificates.add(vote(author, 5))).toBeUndefined()
    expect(certificates.add(vote(0, 5))).toBeDefined()
  })

  it('says nothing about commits before the newest certified one, nor about none', () => {
    const certificates = new Certificates(committeeOf([1, 1, 1, 1]))
    for (const author of [0, 1, 2, 3]) expect(certificates.add(vote(author, 0))).toBeUndefined()
    for (const author of [0, 1, 2]) certificates.add(vote(author, 5))
    for (const author of [0, 1, 2, 3]) expect(certificates.add(vote(author, 4))).toBeUndefined()
    expect(certificates.newest?.index).toBe(5)
  })

  it('comes about among validators of which one names no end of commits that are not there', () => {
    const certificates = new Certificates(committeeOf([1, 1, 1, 1]))
    for (let index = 1e6; index < 1e6 + 5000; index++) certificates.add(vote(3, index))
    for (const author of [0, 1]) expect(certificates.add(vote(author, 5))).toBeUndefined()
    expect(certificates.add(vote(2, 5))).toEqual({ index: 5, digest: DIGEST })
  })

  it('counts a validator for the digest it named first, so that naming ever others costs no memory', () => {
    const certificates = new Certificates(committeeOf([1, 1, 1, 1]))
    certificates.add(vote(3, 5, OTHER))
    for (const author of [0, 1]) certificates.add(vote(author, 5))
    expect(certificates.add(vote(3, 5))).toBeUndefined()
    expect(certificates.add(vote(2, 5))).toEqual({ index: 5, digest: DIGEST })
  })
})
