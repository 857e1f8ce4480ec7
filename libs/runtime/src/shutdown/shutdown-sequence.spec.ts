import { describe, expect, it } from '@jest/globals'
import { createLogger } from '../logging/logger.ts'
import { SHUTDOWN_STAGES, ShutdownSequence } from './shutdown-sequence.ts'

function recorded(stageTimeoutMs?: number): { sequence: ShutdownSequence; lines: string[] } {
  const lines: string[] = []
  const logger = createLogger({ level: 'info', service: 'test', destination: { write: (line) => lines.push(line) } })
  return { sequence: new ShutdownSequence(logger, stageTimeoutMs), lines }
}

describe('ShutdownSequence', () => {
  it('runs the stages in order, whatever order they were added in', async () => {
    const { sequence, lines } = recorded()
    const order: string[] = []
    for (const stage of [...SHUTDOWN_STAGES].reverse()) {
      sequence.add(stage, async () => {
        order.push(`${stage} begins`)
        await new Promise((resolve) => setImmediate(resolve))
        order.push(`${stage} ends`)
      })
    }
    expect(await sequence.run()).toBe(true)
    expect(order).toEqual(SHUTDOWN_STAGES.flatMap((stage) => [`${stage} begins`, `${stage} ends`]))
    expect(lines).toEqual([])
  })

  it('runs the steps of one stage side by side', async () => {
    const { sequence } = recorded()
    let open: () => void = () => {}
    const opened = new Promise<void>((resolve) => (open = resolve))
    sequence.add('flush', () => opened)
    sequence.add('flush', () => open())
    expect(await sequence.run()).toBe(true)
  })

  it('runs once, however often it is asked', async () => {
    const { sequence } = recorded()
    let runs = 0
    sequence.add('flush', () => void runs++)
    expect(await Promise.all([sequence.run(), sequence.run()])).toEqual([true, true])
    expect(await sequence.run()).toBe(true)
    expect(runs).toBe(1)
  })

  it('goes on after a step that fails, reports the stage and not the message', async () => {
    const { sequence, lines } = recorded()
    const ran: string[] = []
    sequence.add('stop-accepting', () => Promise.reject(new Error('secret')))
    sequence.add('stop-accepting', () => {
      throw new Error('secret')
    })
    sequence.add('close-stores', () => void ran.push('close-stores'))
    expect(await sequence.run()).toBe(false)
    expect(ran).toEqual(['close-stores'])
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { event: 'shutdown-step-failed', stage: 'stop-accepting' },
      { event: 'shutdown-step-failed', stage: 'stop-accepting' },
    ])
    expect(lines.join('')).not.toContain('secret')
  })

  it('goes on after a stage that does not end in time', async () => {
    const { sequence, lines } = recorded(20)
    const ran: string[] = []
    sequence.add('drain-bus', () => new Promise(() => {}))
    sequence.add('close-stores', () => void ran.push('close-stores'))
    expect(await sequence.run()).toBe(false)
    expect(ran).toEqual(['close-stores'])
    expect(JSON.parse(lines.join(''))).toMatchObject({ event: 'shutdown-stage-late', stage: 'drain-bus' })
  })

  it('has nothing to do when nothing was added', async () => {
    expect(await recorded().sequence.run()).toBe(true)
  })
})
