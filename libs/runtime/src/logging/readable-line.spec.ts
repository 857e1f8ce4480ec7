import { describe, expect, it } from '@jest/globals'
import { createLogger } from './logger.ts'
import { readableLine } from './readable-line.ts'

describe('readableLine', () => {
  it('puts time, level, service and event first and the fields behind them', () => {
    const json = JSON.stringify({
      level: 'info',
      time: 1_234,
      service: 'push',
      event: 'started',
      port: 3002,
      mode: 'a',
    })
    expect(readableLine(json)).toBe('00:00:01.234 INFO  push started port=3002 mode=a\n')
  })

  it('keeps an error with its members and every text on the one line', () => {
    const error = { name: 'StoreFullError', stack: 'at a (/b.ts:1:1) | at c' }
    const json = JSON.stringify({ level: 'error', time: 0, service: 'x', event: 'failed', reason: 'a\n"b"', error })
    expect(readableLine(json)).toBe(
      '00:00:00.000 ERROR x failed reason="a\\n\\"b\\"" error.name=StoreFullError error.stack="at a (/b.ts:1:1) | at c"\n',
    )
  })

  it('is what a logger for a terminal writes', () => {
    const lines: string[] = []
    const destination = { write: (line: string) => void lines.push(line) }
    createLogger({ level: 'info', service: 'push', destination, readable: true }).warn('late', { attempt: 2 })
    expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}push late attempt=2\n$/)])
  })
})
