import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { run } from '../run.ts'
import { type FakeContext, fakeContext, inTemporaryDirectory } from '../testing.suite.ts'

const content = Buffer.from('ein Blatt im Wind\n'.repeat(300))

interface Stored {
  readonly url: string
  readonly key: string
  readonly size: number
  readonly encryptedSize: number
}

async function putFile(context: FakeContext, directory: string, ...options: string[]): Promise<Stored> {
  const path = join(directory, 'letter.txt')
  await writeFile(path, content)
  expect(await run(['put', path, '--json', ...options], context)).toBe(0)
  return JSON.parse(context.out.pop() ?? '') as Stored
}

describe.each(['legacy', 'stream'])('put and get in the %s scheme', (scheme) => {
  it('bring a file back byte for byte, with URL and key alone', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url, key, size, encryptedSize } = await putFile(context, directory, '--scheme', scheme)
      expect({ size, stored: [...context.server.files.values()].map((blob) => blob.length) }).toEqual({
        size: content.length,
        stored: [encryptedSize],
      })
      const output = join(directory, 'copy.txt')
      expect(await run(['get', url, '--key', key, '-o', output], context)).toBe(0)
      expect(await readFile(output)).toEqual(content)
      expect(await readdir(directory)).toEqual(['copy.txt', 'letter.txt'])
      expect(context.open).toBe(0)
    }))
})

describe('put', () => {
  it('prints a command that fetches the file, whatever its name', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const path = join(directory, "it's me")
      await writeFile(path, content)
      expect(await run(['put', path], context)).toBe(0)
      const text = context.out.join('\n')
      expect(text).toMatch(/^Stored 5,400 bytes, encrypted and padded to [\d,]+ bytes/)
      expect(text).toMatch(/Expires {2}2025-06-29 15:06 UTC, in 14 days/)
      expect(text).toMatch(/sotto get 'http:.*#p=[0-9a-f]{64}' --key=\S{135} -o '\.\/it'\\''s me'$/)
    }))

  it('refuses a file that is too large without reading or sending it', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const path = join(directory, 'large')
      await writeFile(path, Buffer.alloc(10_000_001))
      expect(await run(['put', path], context)).toBe(2)
      expect(context.err[0]).toMatch(/^sotto: the file is larger than the 10,000,000 bytes that can be sent; .*\.$/)
      expect(context.fakeNetwork.visits).toHaveLength(0)
    }))

  it('ends with one sentence when there is no such file, or it is a directory', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      expect(await run(['put', join(directory, 'nothing')], context)).toBe(4)
      expect(await run(['put', directory], context)).toBe(1)
      expect(context.err).toEqual([
        'sotto: there is no such file or directory.',
        'sotto: a directory was named where a file is needed.',
      ])
    }))
})

describe('get', () => {
  it('says what it did, in words or as JSON', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url, key, encryptedSize } = await putFile(context, directory)
      const output = join(directory, 'copy.txt')
      expect(await run(['get', url, '--key', key, '-o', output, '--json'], context)).toBe(0)
      expect(JSON.parse(context.out.pop() ?? '')).toEqual({ output, size: content.length, encryptedSize })
      expect(await run(['get', url, '--key', key, '-o', output, '--force'], context)).toBe(0)
      expect(context.out.pop()).toBe(`Fetched 5,400 bytes into ${output} in 0 ms.`)
    }))

  it('overwrites only with --force', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url, key } = await putFile(context, directory)
      const output = join(directory, 'copy.txt')
      await writeFile(output, 'precious')
      const before = context.fakeNetwork.visits.length
      expect(await run(['get', url, '--key', key, '-o', output], context)).toBe(2)
      expect(await readFile(output, 'utf8')).toBe('precious')
      expect(context.fakeNetwork.visits).toHaveLength(before)
      expect(await run(['get', url, '--key', key, '-o', output, '--force'], context)).toBe(0)
      expect(await readFile(output)).toEqual(content)
    }))

  it('leaves nothing behind when the key does not fit', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url } = await putFile(context, directory)
      const { key } = await putFile(context, directory)
      const output = join(directory, 'copy.txt')
      expect(await run(['get', url, '--key', key, '-o', output], context)).toBe(5)
      expect(context.err[0]).toMatch(/^sotto: the file cannot be opened: .*\.$/)
      expect(await readdir(directory)).toEqual(['letter.txt'])
    }))

  it('leaves nothing behind when the output cannot be written', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url, key } = await putFile(context, directory)
      const output = join(directory, 'folder')
      await mkdir(output)
      expect(await run(['get', url, '--key', key, '-o', output, '--force'], context)).toBe(1)
      expect(await run(['get', url, '--key', key, '-o', join(directory, 'no', 'where')], context)).toBe(4)
      expect(await readdir(directory)).toEqual(['folder', 'letter.txt'])
    }))

  it('does not accept other bytes than the id promises', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url, key } = await putFile(context, directory)
      for (const id of context.server.files.keys()) context.server.files.set(id, new Uint8Array(600))
      expect(await run(['get', url, '--key', key, '-o', join(directory, 'copy.txt')], context)).toBe(5)
    }))

  it.each([
    ['an incomplete key', (stored: Stored) => ['get', stored.url, '--key', stored.key.slice(1), '-o', 'x'], 2],
    ['a URL that is none', (stored: Stored) => ['get', 'file', '--key', stored.key, '-o', 'x'], 2],
    [
      'a file that is gone',
      (stored: Stored) => ['get', stored.url.replace(/file\/.{4}/, 'file/AAAA'), '--key', stored.key, '-o', 'x'],
      4,
    ],
    ['no key', (stored: Stored) => ['get', stored.url, '-o', 'x'], 2],
  ])('ends with an exit code of its own for %s', (_what, args, code) =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      expect(await run(args(await putFile(context, directory)), context)).toBe(code)
      expect(context.err).toHaveLength(1)
    }),
  )
})

describe('inspect', () => {
  it('says in words what the URL means and what the server knows', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url } = await putFile(context, directory, '--scheme', 'stream')
      expect(await run(['inspect', url], context)).toBe(0)
      const text = context.out.join('\n')
      expect(text).toMatch(/Server {6}http:\/\/127\.0\.0\.1:3001/)
      expect(text).toMatch(/content id: it proves the bytes/)
      expect(text).toMatch(/Scheme {6}stream/)
      expect(text).toMatch(/Size {8}8,192 bytes/)
      expect(text).toMatch(/Expires {5}2025-06-29 15:06 UTC, in 14 days/)
    }))

  it('prints the same as JSON', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const { url, encryptedSize } = await putFile(context, directory)
      expect(await run(['inspect', url, '--json'], context)).toBe(0)
      expect(JSON.parse(context.out[0] ?? '')).toMatchObject({
        host: '127.0.0.1',
        port: 3001,
        deterministic: false,
        size: encryptedSize,
      })
    }))
})

describe('nodes', () => {
  it('lists nodes and services', async () => {
    const context = fakeContext()
    expect(await run(['nodes'], context)).toBe(0)
    expect(context.out[0]).toBe('9 nodes in 3 swarms at http://127.0.0.1:3000')
    expect(context.out).toHaveLength(12)
    expect(context.out.at(-1)).toMatch(/^Push: {2}http:\/\/127\.0\.0\.1:3002/)
    expect(context.out.at(-2)).toMatch(/^Files: http:\/\/127\.0\.0\.1:3001/)
    expect(await run(['nodes', '--json'], context)).toBe(0)
    expect(JSON.parse(context.out.at(-1) ?? '')).toHaveProperty('services.attachments.url', 'http://127.0.0.1:3001')
  })
})

describe('the command line', () => {
  it('explains itself and refuses what it does not know', async () => {
    const context = fakeContext()
    expect(await run(['--help'], context)).toBe(0)
    expect(context.out.join('\n')).toMatch(/SOTTO_NETWORK/)
    expect(await run(['dance'], context)).toBe(2)
    expect(await run(['put', 'x', '--scheme', 'rot13'], context)).toBe(2)
    expect(context.err.join('\n')).toMatch(/unknown command 'dance'/)
  })

  it('gives errors as JSON with --json', async () => {
    const context = fakeContext()
    expect(await run(['inspect', 'nonsense', '--json'], context)).toBe(2)
    expect(JSON.parse(context.err[0] ?? '')).toHaveProperty('error.code', 'FILE_URL_INVALID')
  })

  it('colours only where colours show', async () => {
    const plain = fakeContext()
    const coloured = fakeContext({ colours: true })
    await run(['nodes'], plain)
    await run(['nodes'], coloured)
    expect(plain.out.join('')).not.toContain('\u001b[')
    expect(coloured.out.join('')).toContain('\u001b[')
  })

  it('shows a bar on a terminal for a transfer that takes long, and nothing elsewhere', () =>
    inTemporaryDirectory(async (directory) => {
      const slow = fakeContext({ terminal: true, tick: 600 })
      await putFile(slow, directory)
      expect(slow.onTerminal.join('')).toMatch(/Sending .*% of [\d]+ bytes/)
      const quick = fakeContext({ terminal: true })
      await putFile(quick, directory)
      const piped = fakeContext({ tick: 600 })
      await putFile(piped, directory)
      expect([...quick.onTerminal, ...piped.onTerminal]).toEqual([])
    }))
})
