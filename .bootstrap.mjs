/**
 * Puts in place what the scripts need, and nothing when it is there: the packages of the lockfile (with the
 * pinned Node among them) and, with `--browser`, a Chromium. npm runs it before `start` and `test`.
 *
 * Plain JavaScript on built-in modules only: on a fresh clone it runs before anything is installed, on
 * whichever Node the machine has (20 or later).
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 24

const root = dirname(fileURLToPath(import.meta.url))
const pinnedNode =
  process.platform === 'win32'
    ? join(root, 'node_modules', 'node', 'bin', 'node.exe')
    : join(root, 'node_modules', '.bin', 'node')

/** When a file was last written, in milliseconds; 0 where there is none. */
function writtenAt(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Why the packages have to be installed, or `undefined` where they are as the lockfile says. */
function reasonToInstall() {
  const installedAt = writtenAt('node_modules/.package-lock.json')
  if (installedAt === 0) return 'nothing is installed yet'
  if (installedAt < writtenAt('package-lock.json')) return 'the lockfile is newer than what is installed'
  const version = spawnSync(pinnedNode, ['-v'], { encoding: 'utf8' }).stdout?.trim() ?? ''
  if (!version.startsWith(`v${NODE_MAJOR}.`)) return `Node ${NODE_MAJOR} is not among the installed packages`
  return undefined
}

/** Runs `npm ci` with the npm that started us, so that it does not depend on the packages it replaces. */
function installPackages() {
  const { npm_node_execpath: node, npm_execpath: npm } = process.env
  const options = ['ci', '--no-fund', '--no-audit', '--loglevel=error']
  const result =
    node !== undefined && npm !== undefined
      ? spawnSync(node, [npm, ...options], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', options, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  return result.status === 0
}

/** Ends the process with a sentence that says what happened and what to do. */
function giveUp(message) {
  console.error(`bootstrap: ${message}`)
  process.exit(1)
}

const reason = reasonToInstall()
if (reason !== undefined) {
  console.log(`bootstrap: installing packages, because ${reason}. This takes a minute or two.`)
  if (!installPackages()) {
    giveUp('"npm ci" failed; its own words are above. Check the network connection, then run this again.')
  }
  const left = reasonToInstall()
  if (left !== undefined) {
    giveUp(`"npm ci" ran, and yet ${left}. Delete node_modules and run this again.`)
  }
}

if (process.argv.includes('--browser')) {
  const browser = spawnSync(pinnedNode, [join(root, 'test', 'browser', 'chromium.ts')], { stdio: 'inherit' })
  if (browser.status !== 0) process.exit(1)
}
