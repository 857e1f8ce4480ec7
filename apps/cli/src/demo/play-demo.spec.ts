import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ContentMismatchError } from '#client'
import { fakeContext, inTemporaryDirectory } from '../testing.suite.ts'
import { playDemo } from './play-demo.ts'

describe('the demo', () => {
  it('tells the whole way of a file from one person to another', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const path = join(directory, 'letter.txt')
      await writeFile(path, 'see you at eight')
      await playDemo(context, path)
      const text = context.out.join('\n')
      expect(text).toMatch(/9 nodes in 3 swarms/)
      expect(text).toMatch(/Alice → (?:[0-9a-f]{8}… → ){3}file server/)
      expect(text).toMatch(/Bob → (?:[0-9a-f]{8}… → ){3}file server/)
      expect(text).toMatch(/from Alice's address, to [0-9a-f]{8}…/)
      expect(text).toMatch(/equal, byte for byte \(16 bytes\)/)
      expect(context.open).toBe(0)
    }))

  it('fails when the bytes that come back are others', () =>
    inTemporaryDirectory(async (directory) => {
      const context = fakeContext()
      const path = join(directory, 'letter.txt')
      await writeFile(path, 'see you at eight')
      const { serve } = context.server
      context.fakeNetwork.serve = (request) =>
        request.method === 'GET' ? { code: 200, body: new Uint8Array(592) } : serve(request)
      await expect(playDemo(context, path)).rejects.toBeInstanceOf(ContentMismatchError)
      expect(context.open).toBe(0)
    }))
})
