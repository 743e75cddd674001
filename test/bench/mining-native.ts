/** The nonce search in C for AVX2, of the same description as the kernels: what one core can do at all. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DIGEST, HIGH, KEY, lastWordOfId, LOW } from '../../src/mining/kernel/compression.ts'
import type { Step, Value } from '../../src/mining/kernel/program.ts'

const run = promisify(execFile)

/** Tried in this order. Their vectors are the same extension of C. */
const COMPILERS = ['cc', 'gcc', 'clang']

/** A compiled search with a key and a digest of zeros. */
export interface NativeSearch {
  /** The compiler and its flags. */
  readonly made: string
  /**
   * Tries the nonces from 0 on. Resolves with the first whose last word is at most `last`, or `count`, and with the
   * processor's time it took.
   */
  search(count: number, last: number): Promise<{ readonly found: number; readonly cpuMs: number }>
  close(): Promise<void>
}

/** Undefined where there is no compiler, or no AVX2 to run what it makes. */
export async function compileNative(): Promise<NativeSearch | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-native-'))
  const close = () => rm(folder, { recursive: true, force: true })
  const [source, program] = [join(folder, 'search.c'), join(folder, 'search')]
  await writeFile(source, cSearch())
  for (const compiler of COMPILERS) {
    const flags = ['-O3', '-mavx2']
    try {
      await run(compiler, [...flags, '-o', program, source])
      await run(program, ['8', '0'])
    } catch {
      continue
    }
    return {
      made: [compiler, ...flags].join(' '),
      async search(count, last) {
        const { stdout } = await run(program, [String(count), String(last)])
        const [found = Number.NaN, cpuMs = Number.NaN] = stdout.split(' ').map(Number)
        return { found, cpuMs }
      },
      close,
    }
  }
  await close()
  return undefined
}

function cSearch(): string {
  const { before, loop, result } = lastWordOfId()
  return `
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
typedef uint32_t word;
typedef word lanes __attribute__((vector_size(32)));
typedef uint8_t bytes __attribute__((vector_size(32)));
#define SHIFTED(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
#define TURNED(x, n) ((lanes)__builtin_shufflevector((bytes)(x), (bytes)(x), ${turned()}))

static uint32_t search(const word *key, const word *digest, word ${HIGH}, word first, uint32_t count, word last) {
  ${KEY.map((name, i) => `const word ${name} = key[${i}];`).join('\n  ')}
  ${DIGEST.map((name, i) => `const word ${name} = digest[${i}];`).join('\n  ')}
  ${before.map((step) => `const word ${step.name} = ${expression(step, false)};`).join('\n  ')}
  lanes ${LOW} = first + (lanes){0, 1, 2, 3, 4, 5, 6, 7};
  for (uint32_t i = 0; i < count; i += 8) {
    ${loop.map((step) => `const lanes ${step.name} = ${expression(step, true)};`).join('\n    ')}
    const lanes hits = (lanes)(${name(result)} <= last);
    typedef uint64_t pairs __attribute__((vector_size(32)));
    const pairs both = (pairs)hits;
    if (__builtin_expect((both[0] | both[1] | both[2] | both[3]) != 0, 0))
      for (uint32_t lane = 0; lane < 8; lane++)
        if (hits[lane]) return i + lane < count ? i + lane : count;
    ${LOW} += 8;
  }
  return count;
}

int main(int argc, char **argv) {
  static volatile word zeros[8]; // volatile: what is known when compiling would be calculated then
  word key[8], digest[8];
  for (int i = 0; i < 8; i++) key[i] = zeros[i], digest[i] = zeros[i];
  const uint32_t count = strtoul(argv[1], 0, 10), last = strtoul(argv[2], 0, 10);
  struct timespec from, to;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  const uint32_t found = search(key, digest, zeros[0], zeros[1], count, last);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  printf("%u %f", found, (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6);
  return argc != 3;
}
`
}

function expression(step: Step, isVector: boolean): string {
  const left = name(step.left)
  switch (step.operation) {
    case 'add':
      return `${left} + ${name(step.right)}`
    case 'xor':
      return `${left} ^ ${name(step.right)}`
    case 'rotate':
      return `${isVector && step.bits % 8 === 0 ? 'TURNED' : 'SHIFTED'}(${left}, ${step.bits})`
  }
}

function name(value: Value): string {
  return value.kind === 'constant' ? `0x${value.word.toString(16)}u` : value.name
}

/** For each byte of eight words: where it comes from when each word is rotated to the right by n bits. */
function turned(): string {
  return Array.from({ length: 32 }, (_, i) => `${i & ~3} + (${i & 3} + (n) / 8) % 4`).join(', ')
}
