import { describe, expect, it } from '@jest/globals'
import { configurationTable } from './configuration-table.ts'
import { port, text } from './parsers.ts'
import { optionalVariable, variable } from './variables.ts'

describe('configurationTable', () => {
  it('shows defaults, what is required, what may be missing, and the file form of secrets', () => {
    const table = configurationTable({
      port: variable('SOTTO_PORT', port(), 'Port.', { fallback: '3000' }),
      again: variable('SOTTO_PORT', port(), 'The same port.', { fallback: '1' }),
      name: variable('SOTTO_NAME', text(), 'a|b <name>'),
      secret: optionalVariable('SOTTO_SECRET', text(), 'Secret.', { secret: true }),
    })
    expect(table.split('\n').slice(2)).toEqual([
      '| `SOTTO_PORT` | `3000` | Port. |',
      '| `SOTTO_NAME` | required | a\\|b \\<name> |',
      '| `SOTTO_SECRET` or `SOTTO_SECRET_FILE` | – | Secret. |',
    ])
  })
})
