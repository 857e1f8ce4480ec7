import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type RequestListener, type Server } from 'node:http'
import { OutgoingGuard } from '#runtime'
import { DaemonNames } from './daemon-names.ts'

const question = { type: 0, name_hash: 'bmFtZQ==' }
let server: Server | undefined
let guard: OutgoingGuard | undefined

/** Names of a daemon that answers like this; what it is asked is pushed to `asked`. */
async function daemon(
  answer: RequestListener,
  asked: unknown[] = [],
): Promise<{ names: DaemonNames; errors: unknown[] }> {
  const errors: unknown[] = []
  server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    request.on('end', () => {
      asked.push(JSON.parse(text))
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  guard = new OutgoingGuard({ allowList: [`127.0.0.1:${port}`], allowPublic: false })
  const url = new URL(`http://127.0.0.1:${port}/json_rpc`)
  return { names: new DaemonNames(guard, url, (error) => void errors.push(error)), errors }
}

const says =
  (body: unknown): RequestListener =>
  (_request, response) =>
    void response.end(typeof body === 'string' ? body : JSON.stringify(body))

afterEach(async () => {
  await guard?.close()
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
})

describe('DaemonNames', () => {
  it('passes on the question and the answer', async () => {
    const asked: unknown[] = []
    const result = { encrypted_value: 'ab', nonce: 'cd' }
    const { names } = await daemon(says({ jsonrpc: '2.0', id: 0, result }), asked)
    expect(await names.resolve(question)).toEqual(result)
    expect(asked).toEqual([{ jsonrpc: '2.0', id: 0, method: 'ons_resolve', params: question }])
  })

  it('passes on an answer without members, as for a name that is not registered', async () => {
    const { names } = await daemon(says({ result: {} }))
    expect(await names.resolve(question)).toEqual({})
  })

  it.each([
    ['its own text', { error: { message: 'Invalid name hash' } }, 400, 'Invalid name hash'],
    ['a standard text when it has none', {}, 400, 'Unknown oxend error'],
    ['502 when it says what is no JSON', '<html>', 502, 'oxend returned unparsable data'],
    ['502 when it says what is no answer', [1], 502, 'oxend returned unparsable data'],
    ['502 when its result is no object', { result: 'x' }, 502, 'oxend returned unparsable data'],
  ])('refuses with %s', async (_what, body, status, text) => {
    const { names } = await daemon(says(body))
    await expect(names.resolve(question)).rejects.toMatchObject({ status, body: text })
  })

  it('reports that the daemon is away, and tells the client no more than that', async () => {
    const { names, errors } = await daemon((request) => request.socket.destroy())
    await expect(names.resolve(question)).rejects.toMatchObject({ status: 400, body: 'Unknown oxend error' })
    expect(errors).toHaveLength(1)
  })

  it('does not take an answer that is too long', async () => {
    const { names, errors } = await daemon(says({ result: { x: 'y'.repeat(70_000) } }))
    await expect(names.resolve(question)).rejects.toMatchObject({ status: 400 })
    expect(errors).toHaveLength(1)
  })
})
