import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ERROR_CATALOGUE } from '#runtime'
import { renderDocs } from '../support/render-docs.ts'

const ROOT = join(import.meta.dirname, '../..')
const CATALOGUE_FILE = 'libs/runtime/src/errors/catalogue.ts'

/** Where a code is given its one meaning: a field of an error class, or a constant that names it. */
const DECLARATION = /(?:\bcode(?:: string)? = |export const [A-Z_]+ = )'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g

const CLASS = /^(?:export )?(?:abstract )?class [\s\S]*?^\}/gm

function sources(): readonly { path: string; text: string }[] {
  return ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => path.endsWith('.ts') && !/\.(spec|suite)\.ts$/.test(path) && path !== CATALOGUE_FILE)
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })),
  )
}

function declaredCodes(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { path, text } of sources()) {
    for (const [, code] of text.matchAll(DECLARATION)) if (code !== undefined) found.set(code, path)
  }
  return found
}

describe('the catalogue of errors', () => {
  const declared = declaredCodes()

  it('finds the codes of the source', () => {
    expect(declared.get('CONFIG_INVALID')).toBe('libs/runtime/src/config/config-error.ts')
    expect(declared.get('BUS_HANDLER_FAILED')).toBe('libs/bus/src/errors.ts')
  })

  it('explains every code that the source declares', () => {
    const missing = [...declared].filter(([code]) => !(code in ERROR_CATALOGUE))
    expect(missing).toEqual([])
  })

  it('explains no code that the source does not declare', () => {
    expect(Object.keys(ERROR_CATALOGUE).filter((code) => !declared.has(code))).toEqual([])
  })

  it('gives each code the status with which its class answers', () => {
    const answered = sources().flatMap(({ text }) =>
      [...text.matchAll(CLASS)].flatMap(([body]) => {
        const code = [...body.matchAll(DECLARATION)][0]?.[1]
        const status = /readonly status = (\d{3})$/m.exec(body)?.[1]
        return code === undefined || status === undefined ? [] : [{ code, status: Number(status) }]
      }),
    )
    expect(answered).toContainEqual({ code: 'FILE_NOT_FOUND', status: 404 })
    expect(answered.filter(({ code, status }) => ERROR_CATALOGUE[code]?.status !== status)).toEqual([])
  })

  it('gives each code a status that HTTP knows or 0, and one sentence', () => {
    for (const [code, { status, meaning }] of Object.entries(ERROR_CATALOGUE)) {
      expect({ code, known: status === 0 || (status >= 200 && status < 600) }).toEqual({ code, known: true })
      expect(meaning).toMatch(/^[A-Z`].*\.$/)
      expect(meaning).not.toMatch(/[|\n]/)
    }
  })
})

describe('documents written from the source', () => {
  for (const [path, text] of Object.entries(renderDocs())) {
    it(`${path} is up to date`, () => {
      const advice = readFileSync(join(ROOT, path), 'utf8') === text ? 'nothing' : `${path}: run "npm run docs"`
      expect({ toDo: advice }).toEqual({ toDo: 'nothing' })
    })
  }
})
