import { describe, expect, it } from '@jest/globals'
import { createMetrics, type LabelValues } from './metrics.ts'

const LABELS = { door: ['http', 'v4'], result: ['ok', 'failed'] } as const
type Given = LabelValues<typeof LABELS>

describe('metrics', () => {
  it('counts by declared labels', async () => {
    const metrics = createMetrics({ process: false })
    const requests = metrics.counter('requests_total', 'Requests.', LABELS)
    requests.add({ door: 'http', result: 'ok' })
    requests.add({ door: 'http', result: 'ok' }, 2)
    expect(await metrics.text()).toContain('sotto_requests_total{door="http",result="ok"} 3')
  })

  it.each([
    ['an undeclared value', { door: '05abcdef', result: 'ok' }],
    ['an undeclared label', { door: 'http', result: 'ok', id: '05abcdef' }],
    ['an inherited label', { door: 'http', result: 'ok', constructor: '05abcdef' }],
    ['a missing label', { door: 'http' }],
  ])('refuses %s without repeating it', async (_name, labels) => {
    const metrics = createMetrics({ process: false })
    const given = labels as unknown as Given
    const counter = metrics.counter('requests_total', 'Requests.', LABELS)
    const histogram = metrics.histogram('duration_seconds', 'Duration.', LABELS, [1, 2])
    for (const act of [() => counter.add(given), () => histogram.observe(given, 1)]) {
      expect(act).toThrow(TypeError)
      expect(act).not.toThrow(/05abcdef/)
    }
    const text = await metrics.text()
    expect(text).not.toContain('05abcdef')
    expect(text).not.toContain('door="http"')
  })

  it('shows gauges that are set and gauges that are asked', async () => {
    const metrics = createMetrics({ process: false })
    let now = 1
    metrics.gauge('set', 'Set.').set(7)
    metrics.observed('asked', 'Asked.', () => now)
    expect(await metrics.text()).toMatch(/^sotto_set 7$[^]*^sotto_asked 1$/m)
    now = 2
    expect(await metrics.text()).toMatch(/^sotto_asked 2$/m)
  })

  it('sorts observations into buckets', async () => {
    const metrics = createMetrics({ process: false })
    const duration = metrics.histogram('duration_seconds', 'Duration.', { door: ['http'] }, [1, 2])
    for (const value of [0.5, 1, 1.5, 9]) duration.observe({ door: 'http' }, value)
    const text = await metrics.text()
    expect(text).toContain('sotto_duration_seconds_bucket{le="1",door="http"} 2')
    expect(text).toContain('sotto_duration_seconds_bucket{le="2",door="http"} 3')
    expect(text).toContain('sotto_duration_seconds_count{door="http"} 4')
  })

  it('gives the same metric for the same declaration and refuses a second meaning of a name', async () => {
    const metrics = createMetrics({ process: false })
    metrics.counter('things_total', 'Things.', { door: ['http'] }).add({ door: 'http' })
    metrics.counter('things_total', 'Things.', { door: ['http'] }).add({ door: 'http' })
    expect(await metrics.text()).toContain('sotto_things_total{door="http"} 2')
    expect(() => metrics.counter('things_total', 'Things.', { door: ['v4'] })).toThrow(TypeError)
    expect(() => metrics.gauge('things_total', 'Things.')).toThrow(TypeError)
  })

  it('tells about the process, unless it shall not', async () => {
    expect(await createMetrics().text()).toContain('sotto_process_resident_memory_bytes')
    expect(await createMetrics({ process: false }).text()).toBe('\n')
  })
})
