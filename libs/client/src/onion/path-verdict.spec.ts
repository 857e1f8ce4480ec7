import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import {
  ClockOutOfSyncError,
  NextNodeError,
  PathFailedError,
  ReplyUnreadableError,
  ServerFaultError,
  ServerUnreachableError,
} from './errors.ts'
import { judgePathReply } from './path-verdict.ts'

const NODE = 'ab'.repeat(32)

function reply(
  status: number,
  body: string,
  statusText = '',
): { status: number; statusText: string; body: Uint8Array } {
  return { status, statusText, body: utf8(body) }
}

describe('judgePathReply', () => {
  it('opens a 200 with a body and calls one without unreadable', () => {
    expect(judgePathReply(reply(200, 'x'), 'server').kind).toBe('reply')
    expect(judgePathReply(reply(200, ''), 'server')).toEqual({
      kind: 'unreadable',
      error: expect.any(ReplyUnreadableError),
    })
  })

  it('takes 502 Bad Gateway on the way to a server for a server that cannot be reached, by the reason phrase alone', () => {
    const verdict = judgePathReply(reply(502, 'connect ECONNREFUSED', 'Bad Gateway'), 'server')
    expect(verdict).toEqual({ kind: 'abort', error: expect.any(ServerUnreachableError) })
    expect(judgePathReply(reply(502, 'x', 'Bad Gateway'), 'node').kind).toBe('path')
    expect(judgePathReply(reply(502, 'x', 'Worse Gateway'), 'server').kind).toBe('path')
  })

  it.each([
    ['Next node not found', 502, true],
    ['Next node is currently unreachable', 502, false],
    ['Snode not ready', 503, false],
  ])('reads the node out of "%s"', (text, status, gone) => {
    const verdict = judgePathReply(reply(status, `${text}: ${NODE.toUpperCase()}`, 'Bad Gateway'), 'server')
    expect(verdict).toEqual({ kind: 'next-node', node: NODE, gone, error: expect.any(NextNodeError) })
  })

  it('counts a name that is no key against the path', () => {
    expect(judgePathReply(reply(502, 'Next node not found: nobody'), 'server').kind).toBe('path')
  })

  it.each([406, 425])('distrusts a plain %i, but keeps what it claims', (status) => {
    expect(judgePathReply(reply(status, ''), 'node')).toEqual({ kind: 'path', error: expect.any(ClockOutOfSyncError) })
  })

  it('aborts on the exact text of a server fault only', () => {
    expect(judgePathReply(reply(500, 'Oxen Server error'), 'server')).toEqual({
      kind: 'abort',
      error: expect.any(ServerFaultError),
    })
    expect(judgePathReply(reply(500, 'Oxen Server error!'), 'server').kind).toBe('path')
  })

  it('blames nobody for a busy guard', () => {
    expect(judgePathReply(reply(503, 'Server busy, try again later'), 'server').kind).toBe('busy')
  })

  it.each([
    [400, 'Error parsing onion request: x'],
    [400, 'Invalid ciphertext'],
    [400, 'onion request max path length exceeded'],
    [404, 'POST /onion_req/v2 Not Found'],
    [413, 'Request body too large'],
    [421, '{"snodes":[]}'],
    [500, 'Invalid response from snode'],
    [503, 'Service node is not ready: shutting down\n'],
    [504, 'Request time out'],
    [201, 'created'],
    [302, ''],
  ])('counts %i %p against the path', (status, body) => {
    expect(judgePathReply(reply(status, body), 'server')).toEqual({ kind: 'path', error: expect.any(PathFailedError) })
  })

  it('has a verdict for any answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.uint8Array(), (status, body) => {
        expect(judgePathReply({ status, body }, 'server').kind).toMatch(
          /^(reply|next-node|path|busy|unreadable|abort)$/,
        )
      }),
    )
  })
})
