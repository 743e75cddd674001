import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** The project's folder, where server processes start. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A server is up within a second or two; on a loaded machine it may take longer, and a hang must not last. */
const READY_TIMEOUT_MS = 30_000

/** Time to end in good order before the process is ended for it. */
const STOP_TIMEOUT_MS = 5_000

/** A program of this project, running as a process of its own so that a test can end it. */
export interface Running {
  /** What `ready` matched in its output. */
  readonly ready: RegExpMatchArray
  /** Asks it to end and waits until it has. Harmless when it has ended already. */
  stop(): Promise<void>
  /** Ends it without warning, as a crash or a lost power supply would. */
  kill(): Promise<void>
}

/**
 * Starts `node <args>` with the Node that runs the tests and resolves when its output matches `ready`. Rejects with
 * what it printed when it ends first or stays silent.
 */
export async function startNode(args: readonly string[], ready: RegExp): Promise<Running> {
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let printed = ''
  const match = await new Promise<RegExpMatchArray>((resolve, reject) => {
    const fail = (what: string): void => {
      child.kill('SIGKILL')
      reject(new Error(`node ${args.join(' ')} ${what}. It printed:\n${printed}`))
    }
    const timer = setTimeout(() => fail(`was not ready after ${READY_TIMEOUT_MS} ms`), READY_TIMEOUT_MS)
    const listen = (chunk: Buffer): void => {
      printed += chunk.toString()
      const found = printed.match(ready)
      if (found === null) return
      clearTimeout(timer)
      resolve(found)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', (code) => {
      clearTimeout(timer)
      fail(`ended with code ${code} before it was ready`)
    })
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await ended
    clearTimeout(timer)
  }
  return { ready: match, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

/** A TCP port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}
