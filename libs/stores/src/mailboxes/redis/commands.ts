import type { RedisClient } from '../../redis/redis-client.ts'
import type { MailboxKeys } from './keys.ts'
import { CHANGE_EXPIRIES } from './scripts/change-expiries.ts'
import { REMOVE_FROM_OUTBOX } from './scripts/remove-from-outbox.ts'
import { REMOVE_NAMED } from './scripts/remove-named.ts'
import { REMOVE_RANGE } from './scripts/remove-range.ts'
import { RETRIEVE } from './scripts/retrieve.ts'
import { REVOKE } from './scripts/revoke.ts'
import { SHORTEN } from './scripts/shorten.ts'
import { STORE } from './scripts/store.ts'
import { UNREVOKE } from './scripts/unrevoke.ts'

type Keys = MailboxKeys['all']
type Args = readonly (string | number | Buffer)[]

/** The scripts as commands of the client: EVALSHA, and EVAL again where a server does not know the script. */
export interface MailboxCommands {
  mailboxesStore(...keysAndArgs: [...Keys, outbox: string, events: string, last: string, ...Args]): Promise<string[]>
  mailboxesRetrieveBuffer(...keysAndArgs: [...Keys, ...Args]): Promise<[number, ...(Buffer | null)[]]>
  mailboxesRemoveNamed(...keysAndArgs: [...Keys, ...Args]): Promise<string[]>
  mailboxesRemoveRange(...keysAndArgs: [...Keys, ...Args]): Promise<string[]>
  mailboxesShorten(...keysAndArgs: [...Keys, ...Args]): Promise<string[]>
  mailboxesChangeExpiries(...keysAndArgs: [...Keys, ...Args]): Promise<number>
  mailboxesRevoke(revoked: string, keep: number, ...tokens: Buffer[]): Promise<null>
  mailboxesUnrevoke(revoked: string, ...tokens: Buffer[]): Promise<number>
  mailboxesRemoveFromOutbox(outbox: string, events: string, ...entries: string[]): Promise<null>
}

export function defineMailboxCommands(redis: RedisClient): MailboxCommands {
  redis.defineCommand('mailboxesStore', { lua: STORE, numberOfKeys: 9 })
  redis.defineCommand('mailboxesRetrieve', { lua: RETRIEVE, numberOfKeys: 6 })
  redis.defineCommand('mailboxesRemoveNamed', { lua: REMOVE_NAMED, numberOfKeys: 6 })
  redis.defineCommand('mailboxesRemoveRange', { lua: REMOVE_RANGE, numberOfKeys: 6 })
  redis.defineCommand('mailboxesShorten', { lua: SHORTEN, numberOfKeys: 6 })
  redis.defineCommand('mailboxesChangeExpiries', { lua: CHANGE_EXPIRIES, numberOfKeys: 6 })
  redis.defineCommand('mailboxesRevoke', { lua: REVOKE, numberOfKeys: 1 })
  redis.defineCommand('mailboxesUnrevoke', { lua: UNREVOKE, numberOfKeys: 1 })
  redis.defineCommand('mailboxesRemoveFromOutbox', { lua: REMOVE_FROM_OUTBOX, numberOfKeys: 2 })
  return redis as unknown as MailboxCommands
}
