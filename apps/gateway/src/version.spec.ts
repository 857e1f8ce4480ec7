import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from './version.ts'

it('is the version in package.json', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')
  expect((JSON.parse(text) as { version: string }).version).toBe(VERSION)
})
