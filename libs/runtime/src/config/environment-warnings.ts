import { isReadableByOthers } from '../secrets/secret-file.ts'
import type { Environment } from './read-environment.ts'
import { unknownVariables } from './unknown-variables.ts'
import type { Variables } from './variables.ts'

/**
 * What an operator should look at although the process can start, one sentence each: `SOTTO_*` variables that no declaration knows, and
 * files with secrets that other users of the machine may read.
 */
export function environmentWarnings(environment: Environment, declarations: readonly Variables[]): readonly string[] {
  const secrets = declarations.flatMap((variables) => Object.values(variables)).filter(({ secret }) => secret)
  const names = new Set(secrets.map(({ name }) => `${name}_FILE`))
  const exposed = [...names].filter((name) => isExposed(environment[name]))
  return [
    ...unknownVariables(environment, declarations),
    ...exposed.map((name) => `${name} names a file that others may read; take the right away with chmod 600.`),
  ]
}

function isExposed(file: string | undefined): boolean {
  if (!file) return false
  try {
    return isReadableByOthers(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    // Reading the configuration has its own sentence for a file that cannot be had.
    return false
  }
}
