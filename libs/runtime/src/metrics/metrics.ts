import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Label names with every value they may take: a value that is not declared, such as an id, cannot become a label. */
export type Labels = Readonly<Record<string, readonly string[]>>
export type LabelValues<L extends Labels> = { readonly [N in keyof L]: L[N][number] }

export interface CounterMetric<L extends Labels> {
  add(labels: LabelValues<L>, amount?: number): void
}

export interface GaugeMetric {
  set(value: number): void
}

export interface HistogramMetric<L extends Labels> {
  observe(labels: LabelValues<L>, value: number): void
}

export interface Metrics {
  counter<const L extends Labels>(name: string, help: string, labels: L): CounterMetric<L>
  gauge(name: string, help: string): GaugeMetric
  /** A gauge that is asked at each scrape. */
  observed(name: string, help: string, read: () => number): void
  /** A gauge with labels whose values are asked for at each scrape; `read` does not reject, and what it leaves out is not shown. */
  collected<const L extends Labels>(
    name: string,
    help: string,
    labels: L,
    read: () => Promise<readonly (readonly [LabelValues<L>, number])[]>,
  ): void
  /** `buckets` in the unit that the name ends with. */
  histogram<const L extends Labels>(
    name: string,
    help: string,
    labels: L,
    buckets: readonly number[],
  ): HistogramMetric<L>
  /** The exposition text of Prometheus. */
  text(): Promise<string>
}

/** Buckets in seconds that suit requests from a fraction of a millisecond to an upload of minutes. */
export const DURATION_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const

/** Metrics of one process; every name gets the prefix `sotto_`. Asking twice for one name gives the same metric, and throws TypeError when the two declarations differ. */
export function createMetrics(options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process ?? true) collectDefaultMetrics({ register: registry, prefix: 'sotto_' })
  const known = new Map<string, { readonly form: string; readonly metric: object }>()

  function once<T extends object>(name: string, form: string, make: (fullName: string) => T): T {
    const fullName = `sotto_${name}`
    const existing = known.get(fullName)
    if (existing && existing.form !== form) throw new TypeError(`metric ${fullName} is declared in two ways`)
    if (existing) return existing.metric as T
    const metric = make(fullName)
    known.set(fullName, { form, metric })
    return metric
  }

  return {
    counter: (name, help, labels) =>
      once(name, `counter ${JSON.stringify(labels)}`, (fullName) => {
        const counter = new Counter({ name: fullName, help, labelNames: Object.keys(labels), registers: [registry] })
        return {
          add: (values: LabelValues<typeof labels>, amount = 1) =>
            counter.inc(checked(fullName, labels, values), amount),
        }
      }),
    gauge: (name, help) =>
      once(name, 'gauge', (fullName) => {
        const gauge = new Gauge({ name: fullName, help, registers: [registry] })
        return { set: (value: number) => gauge.set(value) }
      }),
    observed: (name, help, read) => {
      once(
        name,
        'observed',
        (fullName) =>
          new Gauge({
            name: fullName,
            help,
            registers: [registry],
            collect() {
              this.set(read())
            },
          }),
      )
    },
    collected: (name, help, labels, read) => {
      once(
        name,
        `collected ${JSON.stringify(labels)}`,
        (fullName) =>
          new Gauge({
            name: fullName,
            help,
            labelNames: Object.keys(labels),
            registers: [registry],
            async collect() {
              const values = await read()
              this.reset()
              for (const [one, value] of values) this.set(checked(fullName, labels, one), value)
            },
          }),
      )
    },
    histogram: (name, help, labels, buckets) =>
      once(name, `histogram ${JSON.stringify([labels, buckets])}`, (fullName) => {
        const histogram = new Histogram({
          name: fullName,
          help,
          labelNames: Object.keys(labels),
          buckets: [...buckets],
          registers: [registry],
        })
        return {
          observe: (values: LabelValues<typeof labels>, value: number) =>
            histogram.observe(checked(fullName, labels, values), value),
        }
      }),
    text: () => registry.metrics(),
  }
}

function checked<L extends Labels>(name: string, labels: L, values: LabelValues<L>): Record<string, string> {
  for (const label of Object.keys(labels)) {
    if (!Object.hasOwn(values, label)) throw new TypeError(`metric ${name}: no value for label ${label}`)
  }
  for (const [label, value] of Object.entries(values) as [string, string][]) {
    // The value itself stays out of the message: it may be the very id that must not leak.
    if (!Object.hasOwn(labels, label)) throw new TypeError(`metric ${name}: undeclared label`)
    if (!labels[label]?.includes(value)) throw new TypeError(`metric ${name}: undeclared value for label ${label}`)
  }
  return values
}
