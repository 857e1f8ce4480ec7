import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isReadableByOthers, loadOrCreateSecret, SecretFileError } from './secret-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sotto-secret-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const never = (): never => {
  throw new Error('must not be asked for random bytes')
}

describe('loadOrCreateSecret', () => {
  it('makes a secret once, for the owner alone, and reads the same one again', () => {
    const file = join(directory, 'keys', 'secret')
    const made = loadOrCreateSecret({ file, length: 32, randomBytes })
    expect(made).toHaveLength(32)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'keys')).mode & 0o777).toBe(0o700)
    expect(isReadableByOthers(file)).toBe(false)
    expect(loadOrCreateSecret({ file, length: 32, randomBytes: never })).toEqual(made)
    expect(readFileSync(file, 'utf8')).toBe(`${Buffer.from(made).toString('hex')}\n`)
    expect(readdirSync(join(directory, 'keys'))).toEqual(['secret'])
  })

  it('takes the secret of a process that was faster', () => {
    const file = join(directory, 'secret')
    const faster = new Uint8Array(32).fill(1)
    const slower = loadOrCreateSecret({
      file,
      length: 32,
      randomBytes: (length) => {
        loadOrCreateSecret({ file, length, randomBytes: () => faster })
        return new Uint8Array(length).fill(2)
      },
    })
    expect(slower).toEqual(faster)
    expect(readdirSync(directory)).toEqual(['secret'])
  })

  it('is not stopped by what a crash left behind', () => {
    const file = join(directory, 'secret')
    writeFileSync(`${file}.${process.pid}.new`, 'half')
    mkdirSync(join(directory, '.secret-aaaaaa'))
    expect(loadOrCreateSecret({ file, length: 4, randomBytes })).toHaveLength(4)
  })

  it.each([
    ['nothing', ''],
    ['one digit less', 'a'.repeat(63)],
    ['one digit more', 'a'.repeat(65)],
    ['no hex', 'g'.repeat(64)],
    ['two lines', `${'a'.repeat(32)}\n${'a'.repeat(31)}`],
  ])('refuses a file with %s and says nothing of what is in it', (_name, content) => {
    const file = join(directory, 'secret')
    writeFileSync(file, content)
    const load = (): unknown => loadOrCreateSecret({ file, length: 32, randomBytes: never })
    expect(load).toThrow(SecretFileError)
    expect(load).toThrow(new SecretFileError(`The secret file ${file} must hold 64 hex digits and nothing else.`))
    expect(readFileSync(file, 'utf8')).toBe(content)
  })

  it('takes exactly the wanted number of digits', () => {
    const file = join(directory, 'secret')
    writeFileSync(file, `${'Ab'.repeat(32)}\n`)
    expect(loadOrCreateSecret({ file, length: 32, randomBytes: never })).toEqual(new Uint8Array(32).fill(0xab))
  })

  it('says in one sentence why a secret cannot be made, and leaves nothing behind', () => {
    const blocker = join(directory, 'blocker')
    writeFileSync(blocker, '')
    const file = join(blocker, 'secret')
    expect(() => loadOrCreateSecret({ file, length: 32, randomBytes })).toThrow(
      `The secret file ${file} cannot be read or made (ENOTDIR).`,
    )
    expect(() => loadOrCreateSecret({ file: directory, length: 32, randomBytes })).toThrow(/EISDIR/)
  })

  it('does not keep a secret of the wrong length', () => {
    const file = join(directory, 'secret')
    expect(() => loadOrCreateSecret({ file, length: 32, randomBytes: () => new Uint8Array(31) })).toThrow(
      SecretFileError,
    )
    expect(existsSync(file)).toBe(false)
  })

  it('notices files that others may read', () => {
    const file = join(directory, 'secret')
    writeFileSync(file, '')
    for (const [mode, readable] of [
      [0o600, false],
      [0o640, true],
      [0o604, true],
    ] as const) {
      chmodSync(file, mode)
      expect(isReadableByOthers(file)).toBe(readable)
    }
  })
})
