import { describe, expect, it } from '@jest/globals'
import {
  ClockOutOfSyncError,
  NextNodeError,
  NodeFailedError,
  NodeRejectedError,
  ServerFaultError,
  UnauthorizedError,
  WrongSwarmError,
} from './errors.ts'
import { judgeNodeAnswer, judgeNodeReply } from './node-verdict.ts'

const NODE = 'cd'.repeat(32)

describe('judgeNodeAnswer', () => {
  it('takes exactly 200 for success, and what the caller allows', () => {
    expect(judgeNodeAnswer({ status: 200, body: '' }, [])).toEqual({ kind: 'done' })
    expect(judgeNodeAnswer({ status: 401, body: '' }, [401])).toEqual({ kind: 'done' })
    expect(judgeNodeAnswer({ status: 201, body: '' }, []).kind).toBe('retry')
  })

  it.each([
    [406, '', ClockOutOfSyncError],
    [425, '', ClockOutOfSyncError],
    [401, '', UnauthorizedError],
    [500, 'Oxen Server error', ServerFaultError],
    [400, 'bad', NodeRejectedError],
  ])('aborts on %i %p without blame', (status, body, kind) => {
    expect(judgeNodeAnswer({ status, body }, [])).toEqual({ kind: 'abort', error: expect.any(kind), strike: false })
  })

  it('reads the swarm out of a 421 and blames the node', () => {
    const body = { snodes: [{ pubkey_ed25519: NODE.toUpperCase() }, { ip: '1.2.3.4' }, null] }
    const verdict = judgeNodeAnswer({ status: 421, body }, [])
    expect(verdict).toMatchObject({ kind: 'abort', strike: true, error: { swarm: [NODE] } })
    expect(judgeNodeAnswer({ status: 421, body: 'no json' }, [])).toMatchObject({ error: { swarm: [] } })
    expect(verdict.kind === 'abort' && verdict.error).toBeInstanceOf(WrongSwarmError)
  })

  it('names the node that another one does not find', () => {
    const verdict = judgeNodeAnswer({ status: 502, body: `Next node not found: ${NODE}` }, [])
    expect(verdict).toEqual({ kind: 'abort', error: expect.any(NextNodeError), strike: false, gone: NODE })
  })

  it.each([403, 404, 413, 429, 500, 503])('tries again after %i', (status) => {
    expect(judgeNodeAnswer({ status, body: 'x' }, [])).toEqual({ kind: 'retry', error: expect.any(NodeFailedError) })
  })
})

describe('judgeNodeReply', () => {
  const batch = (...results: unknown[]): { status: number; body: unknown } => ({ status: 200, body: { results } })

  it('lets the first bad part of a batch decide', () => {
    const answer = batch(
      { code: 200, body: {} },
      { code: 421, body: { snodes: [{ pubkey_ed25519: NODE }] } },
      { code: 401 },
    )
    expect(judgeNodeReply('batch', answer, [])).toMatchObject({ kind: 'abort', error: { swarm: [NODE] } })
    expect(judgeNodeReply('sequence', batch({ code: 200, body: {} }), [])).toEqual({ kind: 'done' })
    expect(judgeNodeReply('batch', batch({ code: 401, body: 'no' }), [401])).toEqual({ kind: 'done' })
  })

  it('judges parts by what the caller takes in parts, and the whole by itself', () => {
    const answer = batch({ code: 500, body: 'x' }, { code: 200, body: {} })
    expect(judgeNodeReply('batch', answer, [], [500])).toEqual({ kind: 'done' })
    expect(judgeNodeReply('batch', { status: 500, body: 'x' }, [], [500]).kind).toBe('retry')
    expect(judgeNodeReply('batch', batch({ code: 401, body: 'no' }), [401], []).kind).toBe('abort')
  })

  it('looks for no parts in the answer to any other method', () => {
    expect(judgeNodeReply('retrieve', batch({ code: 401 }), [])).toEqual({ kind: 'done' })
  })

  it.each(['', {}, { results: [] }, [], { results: [5] }])(
    'calls a batch answered by %j a failure of the node',
    (body) => {
      expect(judgeNodeReply('batch', { status: 200, body }, []).kind).toBe('retry')
    },
  )
})
