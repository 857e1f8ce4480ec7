import type { LoggerService } from '@nestjs/common'
import type { Logger } from './logger.ts'

/**
 * Nest's own lines through our logger. Nest's informative messages name modules and routes at start-up only; they go to debug. Warnings and errors keep
 * their event and lose their text, which may quote a request.
 */
export function nestLogger(logger: Logger): LoggerService {
  const context = (rest: unknown[]): string => {
    const last = rest.at(-1)
    return typeof last === 'string' && /^[A-Z][A-Za-z]{1,39}$/.test(last) ? last : 'nest'
  }
  return {
    log: (_message: unknown, ...rest: unknown[]) => logger.debug('nest', { name: context(rest) }),
    debug: (_message: unknown, ...rest: unknown[]) => logger.debug('nest', { name: context(rest) }),
    verbose: (_message: unknown, ...rest: unknown[]) => logger.debug('nest', { name: context(rest) }),
    warn: (_message: unknown, ...rest: unknown[]) => logger.warn('nest-warning', { name: context(rest) }),
    error: (message: unknown, ...rest: unknown[]) =>
      logger.error('nest-error', { name: context(rest) }, message instanceof Error ? message : undefined),
    fatal: (message: unknown, ...rest: unknown[]) =>
      logger.error('nest-error', { name: context(rest) }, message instanceof Error ? message : undefined),
  }
}
