import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ensurePrograms } from './ensure-programs.ts'
import { findProgram } from './find-program.ts'
import { copyFromImage } from './install/copy-from-image.ts'
import type { Program } from './programs.ts'

const program: Program = {
  names: ['sotto-test-server', 'sotto-other-server'],
  image: { name: 'example/server:1', path: '/usr/bin/server' },
  packages: { 'apt-get': 'server-deb', apk: 'server-apk', brew: 'server-brew' },
}

let directory: string
const path = process.env['PATH'] ?? ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sotto-programs-'))
  process.env['PATH'] = [directory, path].join(delimiter)
})
afterEach(async () => {
  process.env['PATH'] = path
  await rm(directory, { recursive: true })
})

async function script(name: string, text: string): Promise<void> {
  await writeFile(join(directory, name), `#!/bin/sh\n${text}\n`)
  await chmod(join(directory, name), 0o755)
}

describe('findProgram', () => {
  it('takes the preferred name where both exist', async () => {
    await script('sotto-other-server', 'true')
    expect(findProgram(program.names)).toBe(join(directory, 'sotto-other-server'))
    await script('sotto-test-server', 'true')
    expect(findProgram(program.names)).toBe(join(directory, 'sotto-test-server'))
  })

  it('passes over files that cannot be executed', async () => {
    await writeFile(join(directory, 'sotto-test-server'), '')
    expect(findProgram(program.names)).toBeUndefined()
  })
})

describe('ensurePrograms', () => {
  it('asks no source for what is on the PATH', async () => {
    await script('sotto-other-server', 'true')
    let asked = 0
    await ensurePrograms([program], [async () => void (asked += 1)])
    expect(asked).toBe(0)
  })

  it('asks one source after the other until nothing is missing', async () => {
    const asked: string[] = []
    const sources = [
      async () => void asked.push('first'),
      async () => {
        asked.push('second')
        await script('sotto-test-server', 'true')
      },
      async () => void asked.push('third'),
    ]
    await ensurePrograms([program], sources)
    expect(asked).toEqual(['first', 'second'])
  })

  it('names in one sentence what to install when every source fails', async () => {
    const failing = (): Promise<void> => Promise.reject(new Error('no network'))
    await expect(ensurePrograms([program], [failing])).rejects.toThrow(
      'The tests need sotto-test-server or sotto-other-server on the PATH; install what is missing, for example with ' +
        '"apt-get install server-deb" or "brew install server-brew".',
    )
  })
})

describe('copyFromImage', () => {
  /** A container runtime that does what the real one does for the calls made here. */
  const runtime = (works: boolean): string => `
echo "$@" >> "${directory}/calls"
case "$1" in
  create) echo pulling >&2; echo c0ffee ;;
  cp) printf '#!/bin/sh\\nexit ${works ? 0 : 1}\\n' > "$3" ;;
esac`

  it('takes the program out of a container that never runs, and removes the container', async () => {
    await script('docker', runtime(true))
    await copyFromImage([program], directory)
    const target = join(directory, 'sotto-test-server')
    expect(findProgram(program.names)).toBe(target)
    expect((await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n')).toEqual([
      'info',
      'create example/server:1',
      `cp c0ffee:/usr/bin/server ${target}`,
      'rm c0ffee',
    ])
  })

  it('removes a program that does not run here', async () => {
    await script('docker', runtime(false))
    await copyFromImage([program], directory)
    expect(findProgram(program.names)).toBeUndefined()
  })
})
