/** Prints the nonce search in WGSL (https://www.w3.org/TR/WGSL/), for webgpu.ts. */
import { DIGEST, HIGH, KEY, lastWordOfId, LOW } from './compression.ts'
import type { Step, Value } from './program.ts'

/** Invocations in a workgroup: a multiple of what any GPU runs in step, and few enough for every one (limit 256). */
export const WORKGROUP_SIZE = 64

/** The u32 words of `Task` below. */
export const TASK_WORDS = KEY.length + DIGEST.length + 4

/**
 * The shader. Its one entry point `search` tries the nonces high·2^32 + first + i for i in [0, count) and lowers
 * `found` to the smallest i whose last word is at most `last`. first + count is at most 2^32 and count at most 2^31.
 */
export function wgslSearch(): string {
  const { before, loop, result } = lastWordOfId()
  return `
struct Task {
  key: array<vec4<u32>, 2>,
  digest: array<vec4<u32>, 2>,
  high: u32,
  first: u32,
  count: u32,
  last: u32,
}
@group(0) @binding(0) var<uniform> task: Task;
@group(0) @binding(1) var<storage, read_write> found: atomic<u32>;

@compute @workgroup_size(${WORKGROUP_SIZE})
fn search(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let ${HIGH} = task.high;
  ${KEY.map((name, i) => `let ${name} = task.key[${i >> 2}][${i & 3}];`).join('\n  ')}
  ${DIGEST.map((name, i) => `let ${name} = task.digest[${i >> 2}][${i & 3}];`).join('\n  ')}
  ${before.map(line).join('\n  ')}
  for (var i = id.x; i < task.count; i += groups.x * ${WORKGROUP_SIZE}u) {
    let ${LOW} = task.first + i;
    ${loop.map(line).join('\n    ')}
    let word = ${name(result)};
    if (word <= task.last) {
      atomicMin(&found, i);
      return; // what this invocation would try next is greater
    }
  }
}
`
}

function line(step: Step): string {
  return `let ${step.name} = ${expression(step)};`
}

function expression(step: Step): string {
  const left = name(step.left)
  switch (step.operation) {
    case 'add':
      return `${left} + ${name(step.right)}`
    case 'xor':
      return `${left} ^ ${name(step.right)}`
    case 'rotate':
      return `(${left} >> ${step.bits}u) | (${left} << ${32 - step.bits}u)`
  }
}

function name(value: Value): string {
  return value.kind === 'constant' ? `0x${value.word.toString(16)}u` : value.name
}
