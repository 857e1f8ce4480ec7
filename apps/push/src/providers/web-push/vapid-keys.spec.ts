import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { loadOrCreateVapidKeys } from './vapid-keys.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sotto-vapid-'))
  file = join(directory, 'vapid-key')
})
afterEach(() => rmSync(directory, { recursive: true }))

const never = (): never => {
  throw new Error('must not be asked for random bytes')
}

/** RFC 8291 appendix A: the sender's pair. */
const PAIR = {
  privateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  publicKey: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
}
const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'

describe('loadOrCreateVapidKeys', () => {
  it('makes a pair once, for the owner alone, and reads the same one again', () => {
    const made = loadOrCreateVapidKeys({ file, randomBytes })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(loadOrCreateVapidKeys({ file, randomBytes: never })).toEqual(made)
    expect(Buffer.from(made.publicKey, 'base64url')).toHaveLength(65)
  })

  it('works out the public key of a private one', () => {
    writeFileSync(file, Buffer.from(PAIR.privateKey, 'base64url').toString('hex'))
    expect(loadOrCreateVapidKeys({ file, randomBytes: never })).toEqual(PAIR)
  })

  it('draws again what is no private key', () => {
    const drawn = ['00'.repeat(32), 'ff'.repeat(32), ORDER, '07'.repeat(32)]
    loadOrCreateVapidKeys({ file, randomBytes: () => Buffer.from(drawn.shift() ?? '', 'hex') })
    expect(readFileSync(file, 'utf8')).toBe(`${'07'.repeat(32)}\n`)
    expect(drawn).toEqual([])
  })

  it.each(['00'.repeat(32), ORDER, 'ff'.repeat(32)])('refuses a file with a number that is no private key', (hex) => {
    writeFileSync(file, hex)
    expect(() => loadOrCreateVapidKeys({ file, randomBytes: never })).toThrow(
      `The secret file ${file} must hold a private key of the curve P-256.`,
    )
  })
})
