import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { environmentWarnings } from './environment-warnings.ts'
import { hexBytes, port } from './parsers.ts'
import { optionalVariable, variable } from './variables.ts'

const declared = {
  port: variable('SOTTO_HTTP_PORT', port(), 'Port.', { fallback: '1' }),
  seed: optionalVariable('SOTTO_SEED', hexBytes(2), 'Seed.', { secret: true }),
}
const EXPOSED = 'SOTTO_SEED_FILE names a file that others may read; take the right away with chmod 600.'

describe('environmentWarnings', () => {
  let directory: string
  let file: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sotto-warnings-'))
    file = join(directory, 'seed')
    writeFileSync(file, 'abcd')
    chmodSync(file, 0o600)
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('says nothing of known variables and a file for the owner alone', () => {
    expect(environmentWarnings({ SOTTO_HTTP_PORT: '1', SOTTO_SEED_FILE: file, HOME: '/' }, [declared])).toEqual([])
  })

  it.each(['604', '640', '644'])('warns once of a secret file with the mode %s', (mode) => {
    chmodSync(file, Number.parseInt(mode, 8))
    expect(environmentWarnings({ SOTTO_SEED_FILE: file }, [declared, { again: declared.seed }])).toEqual([EXPOSED])
  })

  it('leaves a file that is not there to the reading of the configuration', () => {
    expect(environmentWarnings({ SOTTO_SEED_FILE: join(directory, 'none') }, [declared])).toEqual([])
    expect(environmentWarnings({ SOTTO_SEED_FILE: '' }, [declared])).toEqual([])
  })

  it('names the nearest variable for one that nothing reads', () => {
    expect(environmentWarnings({ SOTTO_HTTP_PROT: '1', SOTTO_SOMETHING_ELSE: '1' }, [declared])).toEqual([
      'SOTTO_HTTP_PROT is not a setting of Sotto. Did you mean SOTTO_HTTP_PORT?',
      'SOTTO_SOMETHING_ELSE is not a setting of Sotto.',
    ])
  })
})
