import { describe, expect, it } from '@jest/globals'
import { relayStatus } from './index.ts'

describe('relayStatus', () => {
  it.each([200, 400, 401, 403, 404, 406, 410, 413, 421, 429, 502, 503, 504])('passes %i on', (status) => {
    expect(relayStatus(status)).toBe(status)
  })

  it.each([0, 100, 201, 204, 302, 425, 500, 501, 507, 999, Number.NaN])('turns %d into 500', (status) => {
    expect(relayStatus(status)).toBe(500)
  })
})
