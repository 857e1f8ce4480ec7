import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  ProviderFailedError,
  ProviderLoginError,
  ProviderRefusedError,
  ProviderUnreachableError,
  reasonWord,
} from './errors.ts'

describe('provider errors', () => {
  it('name the status and the word of the provider', () => {
    expect(new ProviderFailedError(503, 'UNAVAILABLE').message).toBe(
      'the push provider answered with status 503 (UNAVAILABLE)',
    )
    expect(new ProviderRefusedError(413, 'PayloadTooLarge').message).toContain('413 (PayloadTooLarge)')
    expect(new ProviderLoginError('invalid_grant').message).toContain('(invalid_grant)')
  })

  it('keep what they come from', () => {
    const cause = new Error('broken pipe')
    expect(new ProviderUnreachableError({ cause }).cause).toBe(cause)
  })

  it('leave out free text, which may quote the token', () => {
    const token = 'fcm-1:APA91bTokenOfSomebody'
    expect(reasonWord(`The registration token ${token} is not valid`)).toBeUndefined()
    expect(new ProviderFailedError(400, token).message).toBe('the push provider answered with status 400')
  })

  it('let through nothing but letters and underscores, however short the text', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const word = reasonWord(value)
        expect(word === undefined || (word === value && /^[A-Za-z_]{1,40}$/.test(word))).toBe(true)
      }),
    )
  })
})
