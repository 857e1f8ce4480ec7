import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { errorBody } from '../../../../../test/support/fakes/fcm/error-bodies.ts'
import { parseFcmStatus } from './fcm-status.ts'

describe('parseFcmStatus', () => {
  it('reads the words of FCM', () => {
    expect(parseFcmStatus(errorBody(404, 'UNREGISTERED'))).toEqual({
      status: 'NOT_FOUND',
      errorCode: 'UNREGISTERED',
      projectTrouble: undefined,
      invalidFields: [],
    })
  })

  it.each(['', '<html>', 'null', '[]', '{}', '{"error":null}', '{"error":"denied"}', '{"error":', '3'])(
    'takes %j for an answer of somebody else',
    (body) => {
      expect(parseFcmStatus(body)).toBeUndefined()
    },
  )

  it('survives details of any shape', () => {
    const shapes = fc.anything({
      maxDepth: 4,
      key: fc.constantFrom('@type', 'errorCode', 'field', 'fieldViolations', 'reason'),
    })
    fc.assert(
      fc.property(fc.array(shapes), shapes, (details, status) => {
        const body = JSON.stringify({ error: { status, details } })
        const parsed = parseFcmStatus(body)
        expect(parsed?.invalidFields.every((field) => typeof field === 'string')).toBe(true)
        expect(parsed?.errorCode).toBeUndefined()
      }),
    )
  })
})
