import { describe, expect, it } from 'vitest'
import { publicKeyOf } from '../../src/core/codec/hex.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { unpackBatch, type Answers, type Batch, type Port } from '../../src/crypto/verify-messages.ts'
import { VerifierPool, verifyWorkers } from '../../src/crypto/verify-pool.ts'
import { serveVerifier } from '../../src/crypto/verify-serve.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import type { Verifier } from '../../src/ports.ts'
import { honest } from '../contract/signatures.ts'
import { verifierContract, type OpenVerifier } from '../contract/verifier.ts'
import { threadPort } from './verify-port.ts'

const KEY = publicKeyOf(honest(1).key)

verifierContract('one worker thread', () => threads(1))
verifierContract('two worker threads', () => threads(2))
verifierContract('workers that crash', () => {
  const pool = new VerifierPool(() => failingPort(3), 2, webCryptoVerifier(crypto.subtle))
  return { verifier: pool, close: () => pool.close() }
})
verifierContract('workers that cannot be started', () => ({
  verifier: new VerifierPool(
    () => {
      throw new Error('no workers here')
    },
    2,
    webCryptoVerifier(crypto.subtle),
  ),
}))

function threads(workers: number): OpenVerifier {
  const pool = new VerifierPool(() => threadPort(), workers, never)
  return { verifier: pool, close: () => pool.close() }
}

/** The verifier of this thread, where it must not be asked. */
const never: Verifier = {
  verify: () => {
    throw new Error('asked on this thread')
  },
}

/** A true worker that crashes with every so manieth batch. */
function failingPort(every: number): Port {
  const port = threadPort()
  const events = new EventTarget()
  let batches = 0
  return {
    ...port,
    postMessage: (batch, transfer) => {
      if (++batches % every === 0) queueMicrotask(() => events.dispatchEvent(new Event('error')))
      else port.postMessage(batch, transfer)
    },
    addEventListener: (type: 'message' | 'error', listener: (event: never) => void) => {
      if (type === 'error') events.addEventListener('error', () => listener(undefined as never))
      else port.addEventListener('message', listener as (event: { readonly data: Answers }) => void)
    },
  }
}

/** A worker played by the test. */
class HandPort implements Port {
  readonly heard: Batch[] = []
  isTerminated = false
  #onMessage: (event: { readonly data: Answers }) => void = () => undefined
  #onError: () => void = () => undefined

  postMessage(batch: Batch): void {
    this.heard.push(batch)
  }

  addEventListener(type: 'message' | 'error', listener: (event: never) => void): void {
    if (type === 'message') this.#onMessage = listener as (event: { readonly data: Answers }) => void
    else this.#onError = () => listener(undefined as never)
  }

  terminate(): void {
    this.isTerminated = true
  }

  say(...answers: readonly number[]): void {
    this.#onMessage({ data: Uint8Array.from(answers) })
  }

  crash(): void {
    this.#onError()
  }
}

/** A pool whose workers and own thread the test plays. */
function playedPool(workers: number) {
  const ports: HandPort[] = []
  const here: number[] = []
  const pool = new VerifierPool(
    () => {
      const port = new HandPort()
      ports.push(port)
      return port
    },
    workers,
    {
      verify: async (_signature, [number = 0]) => {
        here.push(number)
        return true
      },
    },
  )
  return { pool, ports, here }
}

/** Asks about `count` signatures whose messages are their numbers. */
function ask(verifier: Verifier, count: number, first = 0, key: PublicKey = KEY): Promise<boolean>[] {
  return Array.from({ length: count }, (_, i) =>
    verifier.verify(new Uint8Array(64), Uint8Array.of(first + i), key),
  )
}

const numbersIn = (batch: Batch | undefined) => (batch ? unpackBatch(batch).map(({ message: [n] }) => n) : [])
const turn = () => Promise.resolve()

describe('the pool of verify workers', () => {
  it('starts none before there is something to verify', async () => {
    const { ports } = playedPool(2)
    await turn()
    expect(ports).toHaveLength(0)
  })

  it('sends a lone signature at once', async () => {
    const { pool, ports } = playedPool(2)
    const [answer] = ask(pool, 1, 9)
    await turn()
    expect(ports.map(({ heard }) => heard.map(numbersIn))).toEqual([[[9]]])
    ports[0]?.say(1)
    expect(await answer).toBe(true)
  })

  it('sends together what is asked in one turn, shared among the workers', async () => {
    const { pool, ports } = playedPool(2)
    const answers = ask(pool, 134)
    await turn()
    expect(ports.map(({ heard }) => heard.map((batch) => numbersIn(batch).length))).toEqual([[64, 6], [64]])
    ports[1]?.say(...Array.from({ length: 64 }, (_, i) => (i === 5 ? 0 : 1)))
    ports[0]?.say(...Array.from({ length: 64 }, () => 1))
    ports[0]?.say(1, 1, 0, 1, 1, 1)
    const wrong = (await Promise.all(answers)).flatMap((holds, i) => (holds ? [] : [i]))
    expect(wrong).toEqual([64 + 5, 128 + 2])
  })

  it('gives a worker two batches at most; the rest waits and goes as one has been answered', async () => {
    const { pool, ports } = playedPool(1)
    const answers = ask(pool, 200)
    await turn()
    const [port] = ports
    expect(pool.atOnce).toBe(128)
    expect(port?.heard).toHaveLength(2)
    port?.say(...Array.from({ length: 64 }, () => 1))
    expect(port?.heard).toHaveLength(3)
    expect(numbersIn(port?.heard[2])).toEqual(Array.from({ length: 64 }, (_, i) => 128 + i))
    expect(await Promise.all(answers.slice(0, 64))).not.toContain(false)
  })

  it('checks here what a worker had that crashed, and starts another for what comes next', async () => {
    const { pool, ports, here } = playedPool(1)
    const lost = ask(pool, 40)
    await turn()
    ports[0]?.crash()
    expect(await Promise.all(lost)).not.toContain(false)
    expect(here).toEqual(Array.from({ length: 40 }, (_, i) => i))
    expect(ports[0]?.isTerminated).toBe(true)
    const [next] = ask(pool, 1, 50)
    await turn()
    expect(numbersIn(ports[1]?.heard[0])).toEqual([50])
    ports[0]?.say(0) // what it still had on the way
    ports[1]?.say(1)
    expect(await next).toBe(true)
  })

  it('does the same with one that answers what it was not asked', async () => {
    const { pool, ports, here } = playedPool(1)
    const answers = ask(pool, 3)
    await turn()
    ports[0]?.say(1, 1)
    expect(await Promise.all(answers)).toEqual([true, true, true])
    expect(here).toEqual([0, 1, 2])
    expect(ports[0]?.isTerminated).toBe(true)
  })

  it('gives a place up whose workers only fail, and goes on without', async () => {
    const { pool, ports, here } = playedPool(1)
    for (let i = 0; i < 10; i++) {
      const [answer] = ask(pool, 1, i)
      await turn()
      ports.at(-1)?.crash()
      expect(await answer).toBe(true)
    }
    expect(ports).toHaveLength(3)
    expect(here).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('does not give up one that answers now and then', async () => {
    const { pool, ports } = playedPool(1)
    for (let i = 0; i < 10; i++) {
      const first = ask(pool, 1)
      await turn()
      ports.at(-1)?.say(1)
      await first[0]
      const second = ask(pool, 1)
      await turn()
      ports.at(-1)?.crash()
      await second[0]
    }
    expect(ports).toHaveLength(10)
  })

  it('answers what it holds when it is closed, and what comes later', async () => {
    const { pool, ports } = playedPool(2)
    const held = ask(pool, 100)
    await turn()
    pool.close()
    expect(ports.every(({ isTerminated }) => isTerminated)).toBe(true)
    expect(await Promise.all([...held, ...ask(pool, 2)])).not.toContain(false)
    expect(ports).toHaveLength(2)
  })
})

describe('the verify worker', () => {
  it('says that it failed where it did, and goes on', async () => {
    const answers: Answers[] = []
    let listen: (event: { readonly data: Batch }) => void = () => undefined
    serveVerifier(
      {
        postMessage: (message) => answers.push(message),
        addEventListener: (_type, listener) => {
          listen = listener
        },
      },
      {
        verify: async (_signature, [number = 0]) => {
          if (number === 1) throw new Error('a bug')
          return number === 2
        },
      },
    )
    const { pool, ports } = playedPool(1)
    void ask(pool, 2)
    await turn()
    void ask(pool, 2, 2)
    await turn()
    for (const data of ports[0]?.heard ?? []) listen({ data })
    await new Promise((resolve) => setImmediate(resolve))
    expect(answers.map((each) => [...each])).toEqual([[], [1, 0]])
  })
})

describe('verifyWorkers', () => {
  it('leaves a small device its cores', () => {
    expect([1, 2, 3, 4, 8, 64].map(verifyWorkers)).toEqual([1, 1, 1, 2, 2, 2])
  })
})
