/** One measured row: what was asked for is scaled by the baseline of the same run, never by a figure from another machine. */
export interface Row {
  readonly work: string
  readonly baseline: string
  readonly ours: string
  readonly target: string
  readonly reached: boolean
}

/** A bench measures one group of rows. */
export interface Bench {
  readonly name: string
  run(): Promise<Row[]>
}

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
export const megabytes = (value: number): string => `${Math.round(value / 1e6).toLocaleString('en')} MB/s`
export const mebibytes = (value: number): string => `${Math.round(value / 1048576)} MiB`
/** One digit more for what is short. */
export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`
export const percent = (value: number): string => `${Math.round(value * 100)} %`

/** A markdown table of `rows`. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    (row) => `| ${row.work} | ${row.baseline} | ${row.ours} | ${row.target} | ${row.reached ? 'yes' : '**no**'} |`,
  )
  return ['| work | baseline | ours | must reach | reached |', '|---|---|---|---|---|', ...lines].join('\n')
}
