import { describe, expect, it } from '@jest/globals'
import { silentLogger } from '../logging/logger.ts'
import { ShutdownSequence } from './shutdown-sequence.ts'

describe('ShutdownSequence with a notice', () => {
  it('still takes requests between saying that it wants no more and closing the door', async () => {
    const order: string[] = []
    const shutdown = new ShutdownSequence(silentLogger, 5_000, 20)
    shutdown.add('stop-accepting', () => void order.push('door closed'))
    shutdown.add('stop-traffic', () => {
      order.push('not ready')
      setTimeout(() => order.push('late request'), 1)
    })
    expect(await shutdown.run()).toBe(true)
    expect(order).toEqual(['not ready', 'late request', 'door closed'])
  })
})
