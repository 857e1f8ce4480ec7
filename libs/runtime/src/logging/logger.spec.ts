import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { describeError } from './describe-error.ts'
import { LOG_FIELDS, type LogFields } from './fields.ts'
import { createLogger, type Logger, type LogLevel } from './logger.ts'
import { nestLogger } from './nest-logger.ts'

function recorded(level: LogLevel = 'debug'): { logger: Logger; text: () => string; lines: () => unknown[] } {
  const lines: string[] = []
  const logger = createLogger({ level, service: 'test', destination: { write: (line) => lines.push(line) } })
  return { logger, text: () => lines.join(''), lines: () => lines.map((line): unknown => JSON.parse(line)) }
}

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => Buffer.from(value).toString('hex'))
/** Session ids, public keys, hashes and content ids. */
const identifier = fc.oneof(
  hex(32).map((key) => `05${key}`),
  hex(32),
  hex(16),
  fc.uint8Array({ minLength: 33, maxLength: 33 }).map((value) => Buffer.from(value).toString('base64url')),
)
const fieldName = fc.oneof(
  fc.constantFrom<string>(...LOG_FIELDS, '__proto__', 'error', 'level'),
  fc.string(),
  identifier,
)

describe('the logger', () => {
  it('writes one JSON object a line with level, event and allowed fields', () => {
    const { logger, lines } = recorded()
    logger.info('upload-stored', { bytes: 5, door: 'v4', status: 200, reason: undefined })
    logger.debug('plain')
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.any(Number),
        service: 'test',
        event: 'upload-stored',
        bytes: 5,
        door: 'v4',
        status: 200,
      },
      { level: 'debug', time: expect.any(Number), service: 'test', event: 'plain' },
    ])
  })

  it('writes nothing below its level', () => {
    const { logger, lines } = recorded('warn')
    logger.debug('a')
    logger.info('b')
    logger.warn('c')
    logger.error('d')
    expect(lines()).toMatchObject([{ event: 'c' }, { event: 'd' }])
  })

  it('drops fields that are not allowed, and counts them', () => {
    const { logger, lines } = recorded()
    logger.info('event', { bytes: 1, address: 'x', url: 'y', port: { nested: 1 } } as unknown as LogFields)
    expect(lines()).toMatchObject([{ bytes: 1, droppedFields: 3 }])
    expect(lines()[0]).not.toHaveProperty('address')
  })

  it('cuts texts after 200 characters', () => {
    const { logger, lines } = recorded()
    for (const length of [199, 200, 201]) logger.info('event', { reason: 'a b '.repeat(51).slice(0, length) })
    expect(lines().map((line) => (line as { reason: string }).reason.length)).toEqual([199, 200, 200])
  })

  it('keeps ids out of a line wherever they stand', () => {
    fc.assert(
      fc.property(
        identifier,
        fieldName,
        fc.dictionary(fieldName, fc.oneof(identifier, fc.array(identifier), fc.object(), fc.string({ maxLength: 20 }))),
        fc.constantFrom('bare', 'inside', 'nested', 'list', 'key'),
        (id, name, others, place) => {
          const value = { bare: id, inside: `file ${id} is gone`, nested: { id }, list: [id], key: 1 }[place]
          const { logger, text } = recorded()
          logger.warn('event', { ...others, [place === 'key' ? id : name]: value })
          expect(text()).not.toContain(id)
        },
      ),
    )
  })

  it('keeps messages of errors out of a line', () => {
    fc.assert(
      fc.property(identifier, fc.constantFrom('', '\n', '\n    at ', '\n    at f (', ': '), (id, before) => {
        const message = `refused${before}${id}:1:1)\n    at ${id} (x:1:1)`
        const error = new TypeError(message, { cause: new RangeError(`cause ${message}`) })
        const { logger, text } = recorded()
        logger.error('failed', {}, error)
        logger.warn('failed', {}, Object.assign(new Error('x'), { name: id, code: id, id }))
        logger.error('failed', {}, message)
        logger.error('failed', {}, { message })
        expect(text()).not.toContain(id)
      }),
    )
  })
})

describe('describeError', () => {
  it('says code, class, frames and the class and code of the cause', () => {
    const cause = Object.assign(new RangeError('secret'), { code: 'ECONNREFUSED' })
    const described = describeError(Object.assign(new TypeError('secret', { cause }), { code: 'BUS_TIMEOUT' }))
    expect(described).toEqual({
      name: 'TypeError',
      code: 'BUS_TIMEOUT',
      stack: expect.stringMatching(/^at .*logger\.spec\.ts/),
      cause: 'RangeError ECONNREFUSED',
    })
    expect(described['stack']?.split(' | ').length).toBeLessThanOrEqual(8)
  })

  it('leaves out the message it had when the stack was taken', () => {
    const error = new Error('first secret\n    at first secret (x:1:1)\nend')
    error.message = 'second'
    expect(JSON.stringify(describeError(error))).not.toContain('secret')
  })

  it('ends although an error is its own cause', () => {
    const error = new Error('x')
    error.cause = error
    expect(describeError(error)['cause']).toBe('Error')
  })

  it('says of other values what type they are', () => {
    expect(describeError('secret')).toEqual({ name: 'string' })
    expect(describeError(undefined)).toEqual({ name: 'undefined' })
  })
})

describe('nestLogger', () => {
  it('keeps the context of Nest and drops its texts', () => {
    const { logger, lines, text } = recorded()
    const nest = nestLogger(logger)
    nest.log('secret', 'RouterExplorer')
    nest.debug?.('secret', 'RouterExplorer')
    nest.verbose?.('secret', 'RouterExplorer')
    nest.warn('secret', 'NestFactory')
    nest.error('secret', 'secret stack\n at x', 'ExceptionsHandler')
    nest.fatal?.('secret')
    nest.warn('secret', '05secret of somebody')
    expect(lines()).toMatchObject([
      { level: 'debug', event: 'nest', name: 'RouterExplorer' },
      { level: 'debug', event: 'nest', name: 'RouterExplorer' },
      { level: 'debug', event: 'nest', name: 'RouterExplorer' },
      { level: 'warn', event: 'nest-warning', name: 'NestFactory' },
      { level: 'error', event: 'nest-error', name: 'ExceptionsHandler' },
      { level: 'error', event: 'nest-error', name: 'nest' },
      { level: 'warn', event: 'nest-warning', name: 'nest' },
    ])
    expect(text()).not.toContain('secret')
  })

  it('describes errors', () => {
    const { logger, lines } = recorded()
    nestLogger(logger).error(Object.assign(new Error('secret'), { code: 'STORE_FULL' }))
    expect(lines()).toMatchObject([{ event: 'nest-error', error: { code: 'STORE_FULL' } }])
  })
})
