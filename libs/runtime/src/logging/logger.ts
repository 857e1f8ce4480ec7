import { pino } from 'pino'
import { describeError } from './describe-error.ts'
import { allowedFields, type LogFields } from './fields.ts'
import { readableLine } from './readable-line.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A log of events. `event` is a fixed text such as `upload-failed`; what varies goes into allowed fields. */
export interface Logger {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields, error?: unknown): void
  error(event: string, fields?: LogFields, error?: unknown): void
}

export interface LoggerOptions {
  readonly level: LogLevel
  readonly service: string
  /** Where lines go; standard output by default. */
  readonly destination?: { write(line: string): void }
  /** Lines for a person instead of JSON; by default when standard output is a terminal. */
  readonly readable?: boolean
}

/** A logger that lets nothing through but the allow-list of `fields.ts`, one event a line. */
export function createLogger({ level, service, destination, readable }: LoggerOptions): Logger {
  const output = destination ?? pino.destination({ fd: 1, sync: true })
  const forPerson = readable ?? (destination === undefined && process.stdout.isTTY)
  const sink = pino(
    { level, base: { service }, messageKey: 'event', formatters: { level: (label) => ({ level: label }) } },
    forPerson ? { write: (line: string) => void output.write(readableLine(line)) } : output,
  )
  const line = (fields: LogFields | undefined, error?: unknown): object => {
    const { kept, dropped } = allowedFields(fields ?? {})
    if (dropped > 0) kept['droppedFields'] = dropped
    if (error !== undefined) kept['error'] = describeError(error)
    return kept
  }
  return {
    debug: (event, fields) => sink.debug(line(fields), event),
    info: (event, fields) => sink.info(line(fields), event),
    warn: (event, fields, error) => sink.warn(line(fields, error), event),
    error: (event, fields, error) => sink.error(line(fields, error), event),
  }
}

/** A logger that says nothing. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
