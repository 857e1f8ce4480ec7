import { resultsIn } from '../../onion/node-verdict.ts'
import type { NodeAnswer } from '../../onion/node-verdict.ts'
import { MailboxReplyError } from '../errors.ts'

/** The parts of the answer to a batch of `count` requests, in their order (mailbox RPC §4.15). Throws `MailboxReplyError`. */
export function readParts(body: unknown, count: number): readonly NodeAnswer[] {
  const parts = resultsIn(body)
  if (parts?.length !== count) throw new MailboxReplyError()
  return parts
}
