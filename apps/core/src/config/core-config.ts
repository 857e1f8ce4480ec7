import { type Environment, readEnvironment } from '#runtime'
import type { MailboxQuota } from '#stores'
import { CORE_VARIABLES } from './variables.ts'

/** Everything the operator decides about this service. */
export interface CoreConfig {
  readonly dataDirectory: string
  /** Undefined = mailboxes in the data directory. */
  readonly redisUrl: string | undefined
  readonly quota: MailboxQuota
  readonly waitingClients: number
  readonly requestsInFlight: number
  readonly hasSignatureThread: boolean
  readonly purgeIntervalMs: number
  readonly nameResolver: URL | undefined
}

/** The configuration in an environment. Throws `ConfigError` with all problems at once. */
export function coreConfig(environment: Environment): CoreConfig {
  const values = readEnvironment(environment, CORE_VARIABLES)
  return {
    dataDirectory: values.dataDirectory,
    redisUrl: values.redisUrl,
    quota: { messages: values.mailboxMessages, bytes: values.mailboxBytes },
    waitingClients: values.waitingClients,
    requestsInFlight: values.requestsInFlight,
    hasSignatureThread: values.signatureThread === 'on',
    purgeIntervalMs: values.purgeInterval,
    nameResolver: values.nameResolver === undefined ? undefined : new URL(values.nameResolver),
  }
}

/** Requests that the bus may have under way in this process: whoever waits has one too. */
export function busInFlight({ requestsInFlight, waitingClients }: CoreConfig): number {
  return requestsInFlight + waitingClients
}
