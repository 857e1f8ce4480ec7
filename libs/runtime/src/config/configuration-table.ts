import type { Variables } from './variables.ts'

/** A markdown table of the declared variables, in their order; a name that appears again is left out. */
export function configurationTable(variables: Variables): string {
  const rows = Object.values(variables).map(({ name, fallback, meaning, optional, secret }) => {
    const standard = fallback !== undefined ? `\`${fallback}\`` : optional ? '–' : 'required'
    return `| \`${name}\`${secret ? ` or \`${name}_FILE\`` : ''} | ${standard} | ${meaning} |`
  })
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}
