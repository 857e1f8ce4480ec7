import { findProgram } from '../find-program.ts'
import type { Program } from '../programs.ts'
import { run, succeeds } from './run.ts'

type Manager = keyof Program['packages']

/**
 * Debian starts a service when its package is installed, unless `policy-rc.d` forbids it. The packages follow as arguments.
 */
const APT_SCRIPT = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
`

const COMMANDS: Readonly<Record<Manager, (packages: readonly string[]) => [string, ...string[]]>> = {
  'apt-get': (packages) => ['sh', '-c', APT_SCRIPT, 'sh', ...packages],
  apk: (packages) => ['apk', 'add', '--no-cache', ...packages],
  brew: (packages) => ['brew', 'install', ...packages],
}

/** Installs the packages of programs with the system's package manager, if there is one this user may use. */
export async function installPackages(programs: readonly Program[]): Promise<void> {
  const manager = (['apt-get', 'apk', 'brew'] as const).find((name) => findProgram([name]) !== undefined)
  if (manager === undefined) return
  const command = COMMANDS[manager](programs.map(({ packages }) => packages[manager]))
  if (manager === 'brew' || process.getuid?.() === 0) await run(command)
  else if (await succeeds(['sudo', '-n', 'true'])) await run(['sudo', '-n', ...command])
}
