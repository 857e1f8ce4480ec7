import { delimiter, join } from 'node:path'
import { findProgram } from './find-program.ts'
import { copyFromImage } from './install/copy-from-image.ts'
import { installPackages } from './install/install-packages.ts'
import { type Program, PROGRAMS } from './programs.ts'

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/backends')
/** Where servers are installed that an ordinary user's PATH may not name. */
const USUAL_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin', CACHE]

/** A way to get programs; it may do nothing, and what it got is looked for afterwards. */
type Source = (missing: readonly Program[]) => Promise<void>

const SOURCES: readonly Source[] = [(missing) => copyFromImage(missing, CACHE), installPackages]

/**
 * Makes sure that the programs are on the PATH of this process and its children: as they are, else from a container image, else from the
 * system's package manager. Throws one sentence that names what to install.
 */
export async function ensurePrograms(programs = PROGRAMS, sources = SOURCES): Promise<void> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter)
  process.env['PATH'] = [...new Set([...onPath, ...USUAL_DIRECTORIES])].join(delimiter)
  const problems: unknown[] = []
  for (const source of [undefined, ...sources]) {
    const missing = programs.filter(({ names }) => findProgram(names) === undefined)
    if (missing.length === 0) return
    await source?.(missing).catch((error: unknown) => problems.push(error))
  }
  const missing = programs.filter(({ names }) => findProgram(names) === undefined)
  if (missing.length > 0) throw new Error(whatToInstall(missing), { cause: new AggregateError(problems) })
}

function whatToInstall(missing: readonly Program[]): string {
  const names = missing.map(({ names }) => names.join(' or ')).join(' and ')
  const packages = (manager: 'apt-get' | 'brew'): string =>
    missing.map((program) => program.packages[manager]).join(' ')
  const hints = `"apt-get install ${packages('apt-get')}" or "brew install ${packages('brew')}"`
  return `The tests need ${names} on the PATH; install what is missing, for example with ${hints}.`
}
