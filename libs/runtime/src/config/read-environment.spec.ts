import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ConfigError } from './config-error.ts'
import { hexBytes, port, text, wholeNumber } from './parsers.ts'
import { collectProblems, readEnvironment } from './read-environment.ts'
import { unknownVariables } from './unknown-variables.ts'
import { optionalVariable, variable } from './variables.ts'

const VARIABLES = {
  port: variable('SOTTO_PORT', port(), 'Port to listen on.', { fallback: '3000' }),
  name: variable('SOTTO_NAME', text(), 'Name of the thing.'),
  nodes: optionalVariable('SOTTO_NODES', wholeNumber(1, 255), 'Number of nodes.'),
  secret: optionalVariable('SOTTO_SECRET', hexBytes(4), 'Secret of the thing.', { secret: true }),
}

function problemsOf(action: () => unknown): readonly string[] {
  try {
    action()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sotto-config-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('readEnvironment', () => {
  it('gives typed values, defaults, and undefined for what may be missing', () => {
    expect(readEnvironment({ SOTTO_NAME: 'a' }, VARIABLES)).toEqual({
      port: 3000,
      name: 'a',
      nodes: undefined,
      secret: undefined,
    })
  })

  it('treats an empty variable as not set', () => {
    expect(readEnvironment({ SOTTO_NAME: 'a', SOTTO_PORT: '', SOTTO_NODES: '' }, VARIABLES)).toMatchObject({
      port: 3000,
      nodes: undefined,
    })
    expect(problemsOf(() => readEnvironment({ SOTTO_NAME: '' }, VARIABLES))).toHaveLength(1)
  })

  it('reports every problem at once, one sentence each', () => {
    expect(problemsOf(() => readEnvironment({ SOTTO_PORT: '65536', SOTTO_NODES: '0' }, VARIABLES))).toEqual([
      'SOTTO_PORT must be a whole number from 0 to 65535.',
      'SOTTO_NAME must be set: Name of the thing.',
      'SOTTO_NODES must be a whole number from 1 to 255.',
    ])
  })

  it('takes a secret from a file, without the line end', () => {
    const file = join(directory, 'secret')
    writeFileSync(file, 'deadbeef\n')
    expect(readEnvironment({ SOTTO_NAME: 'a', SOTTO_SECRET_FILE: file }, VARIABLES).secret).toEqual(
      Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
    )
  })

  it('refuses a secret that is given twice', () => {
    const both = { SOTTO_NAME: 'a', SOTTO_SECRET: 'deadbeef', SOTTO_SECRET_FILE: '/nowhere' }
    expect(problemsOf(() => readEnvironment(both, VARIABLES))).toEqual([
      'SOTTO_SECRET and SOTTO_SECRET_FILE are both set; keep one.',
    ])
  })

  it('says why the file of a secret cannot be read', () => {
    const missing = { SOTTO_NAME: 'a', SOTTO_SECRET_FILE: join(directory, 'missing') }
    expect(problemsOf(() => readEnvironment(missing, VARIABLES))).toEqual([
      'SOTTO_SECRET_FILE names a file that cannot be read (ENOENT).',
    ])
  })

  it('looks for files of secrets only', () => {
    expect(readEnvironment({ SOTTO_NAME: 'a', SOTTO_PORT_FILE: '/nowhere' }, VARIABLES).port).toBe(3000)
  })

  it('never repeats the value of a variable', () => {
    const file = join(directory, 'secret')
    writeFileSync(file, 'hunter2-in-the-file')
    const values = { SOTTO_PORT: 'hunter2-port', SOTTO_NODES: 'hunter2-nodes' }
    for (const secret of [{ SOTTO_SECRET: 'hunter2-direct' }, { SOTTO_SECRET_FILE: file }]) {
      const problems = problemsOf(() => readEnvironment({ ...values, ...secret }, VARIABLES))
      expect(problems).toHaveLength(4)
      expect(problems.join()).not.toContain('hunter2')
    }
  })
})

describe('collectProblems', () => {
  it('returns what every step returns', () => {
    expect(
      collectProblems(
        () => 1,
        () => 'two',
      ),
    ).toEqual([1, 'two'])
  })

  it('reports the problems of every step once each', () => {
    const fail =
      (...problems: string[]) =>
      (): never => {
        throw new ConfigError(problems)
      }
    expect(problemsOf(() => collectProblems(fail('a', 'b'), () => 1, fail('b', 'c')))).toEqual(['a', 'b', 'c'])
  })

  it('lets other errors pass', () => {
    const fault = new Error('fault')
    expect(() =>
      collectProblems(() => {
        throw fault
      }),
    ).toThrow(fault)
  })
})

describe('unknownVariables', () => {
  it('names what no declaration knows, and the nearest name', () => {
    expect(unknownVariables({ SOTTO_PROT: '1', SOTTO_SOMETHING_ELSE: '2', PATH: '/' }, [VARIABLES])).toEqual([
      'SOTTO_PROT is not a setting of Sotto. Did you mean SOTTO_PORT?',
      'SOTTO_SOMETHING_ELSE is not a setting of Sotto.',
    ])
  })

  it('knows the file form of secrets and of nothing else', () => {
    expect(unknownVariables({ SOTTO_SECRET: 'x', SOTTO_SECRET_FILE: 'x' }, [VARIABLES])).toEqual([])
    expect(unknownVariables({ SOTTO_PORT_FILE: 'x' }, [VARIABLES])).toHaveLength(1)
  })

  it('never repeats a value', () => {
    expect(unknownVariables({ SOTTO_SECRTE: 'hunter2' }, [VARIABLES]).join()).not.toContain('hunter2')
  })
})
