import type { Logger } from '#runtime'
import type { OutgoingNotification, Provider, SendOutcome } from '../provider.ts'

export interface LogProviderOptions {
  readonly logger: Logger
  /** Name of the push service, as subscriptions give it. */
  readonly service: string
}

/** A provider for development: a line of the log, with nothing of the notification but the length of its payload, instead of a device. */
export function createLogProvider({ logger, service }: LogProviderOptions): Provider {
  return {
    keepsOnlyLast: false,
    send: ({ payload }: OutgoingNotification): Promise<SendOutcome> => {
      logger.info('notification-handed-over', { provider: service, bytes: payload.length })
      return Promise.resolve({ kind: 'handed-over' })
    },
    close: () => Promise.resolve(),
  }
}
