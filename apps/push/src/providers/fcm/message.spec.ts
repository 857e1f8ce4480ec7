import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isUrgent } from '#protocol'
import { buildMessage } from './message.ts'
import { type FcmMessage, notification, vectors } from './testing.suite.ts'

function build(changes: Parameters<typeof notification>[0]): { message: FcmMessage } | undefined {
  const body = buildMessage(notification(changes))
  return body === undefined ? undefined : (JSON.parse(body) as { message: FcmMessage })
}

describe('buildMessage', () => {
  const messages = vectors.providers.filter(({ name }) => name.startsWith('FCM, newer'))

  it('has the vectors of two messages', () => {
    expect(messages).toHaveLength(2)
  })

  it.each(messages)('makes the message of "$name"', ({ json }) => {
    const { token, data, android } = json.message
    expect(build({ token, payload: data.enc_payload, isUrgent: android.priority === 'high' })).toEqual(json)
  })

  it('has the vectors of fourteen priorities', () => {
    expect(vectors.fcm_priority).toHaveLength(14)
  })

  it.each(vectors.fcm_priority)('has $priority priority in $namespace, body included $body_included', (vector) => {
    const message = build({ isUrgent: isUrgent(vector.namespace, vector.body_included) })
    expect(message?.message.android.priority).toBe(vector.priority)
  })

  it('takes 4,096 bytes of data, keys included, and not one more', () => {
    const room = 4_096 - 'enc_payload'.length - 'spns'.length - 1
    expect(build({ payload: 'A'.repeat(room) })).toBeDefined()
    expect(build({ payload: 'A'.repeat(room + 1) })).toBeUndefined()
  })

  it('keeps a token whole, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (token) => {
        expect(build({ token })?.message.token).toBe(token)
      }),
    )
  })
})
