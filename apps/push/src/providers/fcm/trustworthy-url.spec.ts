import { describe, expect, it } from '@jest/globals'
import { trustworthyUrl } from './trustworthy-url.ts'

describe('trustworthyUrl', () => {
  it.each([
    'https://fcm.googleapis.com',
    'http://127.0.0.1:81',
    'http://127.8.9.1/',
    'http://localhost:1',
    'http://[::1]:5/token',
  ])('takes %s', (text) => {
    expect(trustworthyUrl(text)?.href).toBe(new URL(text).href)
  })

  it.each([
    '',
    'fcm.googleapis.com',
    'ftp://127.0.0.1',
    'http://fcm.googleapis.com',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'http://10.0.0.1',
  ])('does not take %j', (text) => {
    expect(trustworthyUrl(text)).toBeUndefined()
  })
})
