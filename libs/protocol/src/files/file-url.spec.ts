import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { FileUrlError } from './errors.ts'
import { formatFileUrl, parseFileUrl } from './file-url.ts'
import { vectors } from './vectors.suite.ts'

const ID = '1Qa-OLsJc_uX_rzesfaVVqrgzdbc0sYTgeFlWHDhEMli'
const KEY = '30a5a946e93c10aa6c4d220d31c0b3bd1499c7aef73fbad9f2ac04b114ae66ef'

describe('parseFileUrl', () => {
  it.each(vectors.urls)('reads $url', ({ url, id, pubkey_ed25519, deterministic, host }) => {
    expect(parseFileUrl(url)).toMatchObject({
      id,
      host,
      deterministic,
      pubkeyEd25519: pubkey_ed25519 ?? undefined,
      protocol: 'http',
      port: 80,
    })
  })

  it('reads the port, the old path and every part of the fragment', () => {
    expect(parseFileUrl(`https://127.0.0.1:3001/files/42#sr=abc:22&e=00FF&d=&p=${KEY.toUpperCase()}&new=1`)).toEqual({
      protocol: 'https',
      host: '127.0.0.1',
      port: 3001,
      id: '42',
      pubkeyEd25519: KEY,
      deterministic: true,
      profileKey: '00ff',
      sessionRouter: 'abc:22',
    })
  })

  it.each([
    ['no URL', 'file/42'],
    ['another protocol', 'ftp://files.example.org/file/42'],
    ['a community file', 'http://files.example.org/room/lobby/file/42'],
    ['no id', 'http://files.example.org/file/'],
    ['an id that is not well formed', 'http://files.example.org/file/a%20b'],
    ['an id of 45 characters', `http://files.example.org/file/${ID}A`],
    ['a query', 'http://files.example.org/file/42?x=1'],
    ['a user name', 'http://someone@files.example.org/file/42'],
    ['a short key', `http://files.example.org/file/42#p=${KEY.slice(2)}`],
    ['a profile key that is not hex', 'http://files.example.org/file/42#e=xy'],
  ])('refuses %s', (_what, url) => {
    expect(() => parseFileUrl(url)).toThrow(FileUrlError)
  })

  it('gives back what formatFileUrl was given', () => {
    const hexText = (length: number): fc.Arbitrary<string> =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'))
    fc.assert(
      fc.property(
        fc.option(hexText(32), { nil: undefined }),
        fc.option(hexText(32), { nil: undefined }),
        fc.boolean(),
        fc.stringMatching(/^[A-Za-z0-9_-]{1,44}$/),
        (pubkeyEd25519, profileKey, deterministic, id) => {
          const url = formatFileUrl({ server: 'http://127.0.0.1:3001/', id, pubkeyEd25519, profileKey, deterministic })
          expect(parseFileUrl(url)).toMatchObject({ id, pubkeyEd25519, profileKey, deterministic, port: 3001 })
        },
      ),
    )
  })

  it('throws nothing but FileUrlError for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withFragments: true }), fc.string()), (text) => {
        try {
          parseFileUrl(text)
        } catch (error) {
          expect(error).toBeInstanceOf(FileUrlError)
        }
      }),
    )
  })
})

describe('formatFileUrl', () => {
  it('leaves the fragment out when there is nothing to say', () => {
    expect(formatFileUrl({ server: 'http://files.example.org', id: ID })).toBe(`http://files.example.org/file/${ID}`)
  })

  it('refuses an id that is not well formed', () => {
    expect(() => formatFileUrl({ server: 'http://files.example.org', id: '..' })).toThrow(FileUrlError)
  })
})
