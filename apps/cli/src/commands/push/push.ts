import type { Command } from 'commander'
import type { CliContext } from '../../context.ts'
import { addDecrypt } from './decrypt.ts'
import { addKey } from './key.ts'
import { addListen } from './listen.ts'
import { addSubscribe } from './subscribe.ts'
import { addUnsubscribe } from './unsubscribe.ts'

/** Adds `sotto push` with its commands. */
export function addPush(program: Command, context: CliContext): void {
  const push = program.command('push').description('have a device told of new messages')
  addSubscribe(push, context)
  addUnsubscribe(push, context)
  addKey(push, context)
  addDecrypt(push, context)
  addListen(push, context)
}
