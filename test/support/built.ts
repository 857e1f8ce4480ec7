import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const STAMP = join(ROOT, 'dist', '.built')
const LOCK = join(ROOT, 'node_modules', '.cache', 'sotto-build.lock')
const LOCK_STALE_MS = 60_000

/** Compiled entry of an app. */
export function builtApp(app: string, entry = 'main'): string {
  return join(ROOT, 'dist', 'apps', app, 'src', `${entry}.js`)
}

function newestSource(directory: string): number {
  let newest = 0
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || /\.(spec|suite)\.ts$/.test(entry.name)) continue
    newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
  }
  return newest
}

function isFresh(): boolean {
  if (!existsSync(STAMP)) return false
  return statSync(STAMP).mtimeMs >= Math.max(newestSource(join(ROOT, 'apps')), newestSource(join(ROOT, 'libs')))
}

let built: Promise<void> | undefined

/** Builds `dist/` once when it is missing or older than the sources. Several test processes may ask at once; one builds, the others wait. */
export function ensureBuilt(): Promise<void> {
  built ??= buildWhenStale()
  return built
}

async function buildWhenStale(): Promise<void> {
  mkdirSync(join(LOCK, '..'), { recursive: true })
  while (!isFresh()) {
    try {
      mkdirSync(LOCK)
    } catch {
      // Another process builds; a lock that has not moved for minutes belongs to one that was killed.
      if (existsSync(LOCK) && Date.now() - statSync(LOCK).mtimeMs > LOCK_STALE_MS) {
        rmSync(LOCK, { recursive: true, force: true })
      }
      await new Promise((resolve) => setTimeout(resolve, 200))
      continue
    }
    try {
      const begin = new Date()
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
      writeFileSync(STAMP, '')
      utimesSync(STAMP, begin, begin)
    } finally {
      rmSync(LOCK, { recursive: true, force: true })
    }
  }
}
