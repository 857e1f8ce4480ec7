import { describe, expect, it } from '@jest/globals'
import { createLogger } from '#runtime'
import { createLogProvider } from './log-provider.ts'

describe('createLogProvider', () => {
  it('hands over by a line that tells the service and a length, and nothing of the notification', async () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'info', service: 'push', destination: { write: (line) => lines.push(line) } })
    const provider = createLogProvider({ logger, service: 'log' })
    const outcome = await provider.send({
      token: 'secret-token',
      serviceData: Buffer.from('secret-data'),
      payload: 'secret-payload',
      isUrgent: true,
      expiresAt: 1_750_000_000_000,
    })
    await provider.close()
    expect(outcome).toEqual({ kind: 'handed-over' })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'notification-handed-over', provider: 'log', bytes: 14 })
    expect(lines[0]).not.toMatch(/secret|1750000000/)
    expect(lines[0]).not.toContain('droppedFields')
  })
})
