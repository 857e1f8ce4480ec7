import { readFileSync } from 'node:fs'
import { ConfigError } from './config-error.ts'
import type { Values, Variable, Variables } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Step one of configuration: the texts of the environment become typed values. Collects every problem.
 *
 * @throws ConfigError with one sentence for each variable that is missing or malformed
 */
export function readEnvironment<V extends Variables>(environment: Environment, variables: V): Values<V> {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, declared] of Object.entries(variables)) {
    const raw = rawText(environment, declared, problems)
    if (raw === undefined) continue
    const result = raw === null ? undefined : declared.parse.safeParse(raw)
    if (!result) values[key] = undefined
    else if (result.success) values[key] = result.data
    else problems.push(`${declared.name} must be ${result.error.issues[0]?.message ?? 'different'}.`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return values as Values<V>
}

/** Runs several independent configuration steps and reports the problems of all of them at once. */
export function collectProblems<T extends readonly (() => unknown)[]>(
  ...steps: T
): { readonly [K in keyof T]: T[K] extends () => infer R ? R : never } {
  const problems = new Set<string>()
  const results = steps.map((step) => {
    try {
      return step()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const problem of error.problems) problems.add(problem)
      return undefined
    }
  })
  if (problems.size > 0) throw new ConfigError([...problems])
  return results as { readonly [K in keyof T]: T[K] extends () => infer R ? R : never }
}

/** The text to parse; null when the variable may be missing and is; undefined when a problem was noted. */
function rawText(environment: Environment, declared: Variable, problems: string[]): string | null | undefined {
  const direct = environment[declared.name] || undefined
  const file = declared.secret ? environment[`${declared.name}_FILE`] || undefined : undefined
  if (direct !== undefined && file !== undefined) {
    problems.push(`${declared.name} and ${declared.name}_FILE are both set; keep one.`)
    return undefined
  }
  if (direct !== undefined) return direct
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8').trim()
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error'
      problems.push(`${declared.name}_FILE names a file that cannot be read (${reason}).`)
      return undefined
    }
  }
  if (declared.fallback !== undefined) return declared.fallback
  if (declared.optional) return null
  problems.push(`${declared.name} must be set: ${declared.meaning}`)
  return undefined
}
