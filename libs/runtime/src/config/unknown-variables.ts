import type { Environment } from './read-environment.ts'
import type { Variables } from './variables.ts'

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replace, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}

/** One sentence for each `SOTTO_*` variable that no declaration knows, with the nearest name that exists. */
export function unknownVariables(environment: Environment, declarations: readonly Variables[]): readonly string[] {
  const known = declarations.flatMap((variables) =>
    Object.values(variables).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  )
  return Object.keys(environment)
    .filter((name) => name.startsWith('SOTTO_') && !known.includes(name))
    .map((name) => {
      const [nearest] = known
        .map((candidate) => ({ candidate, far: distance(name, candidate) }))
        .sort((a, b) => a.far - b.far)
      const hint = nearest && nearest.far <= 4 ? ` Did you mean ${nearest.candidate}?` : ''
      return `${name} is not a setting of Sotto.${hint}`
    })
}
