import type { Variables } from './variables.ts'

/** Keeps a bar from ending the cell and a `<name>` from being read as HTML; code spans need no second escape. */
function escape(cell: string): string {
  return cell.replaceAll('|', '\\|').replace(/<(?=\w)/g, '\\<')
}

/** A markdown table of the declared variables, in their order; a name that appears again is left out. */
export function configurationTable(variables: Variables): string {
  const seen = new Set<string>()
  const rows: string[] = []
  for (const { name, fallback, meaning, optional, secret } of Object.values(variables)) {
    if (seen.has(name)) continue
    seen.add(name)
    const standard = fallback !== undefined ? `\`${fallback}\`` : optional ? '–' : 'required'
    const cells = [`\`${name}\`${secret ? ` or \`${name}_FILE\`` : ''}`, standard, meaning]
    rows.push(`| ${cells.map(escape).join(' | ')} |`)
  }
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}
