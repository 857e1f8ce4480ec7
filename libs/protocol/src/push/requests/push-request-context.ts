import { type Crypto } from '#crypto'
import { type KeyCheck } from '../../mailbox/accounts/key-check.ts'
import { type TokenRule } from '../token-rules/device-token.ts'

/** Whether `signature` (64 bytes) is that of the Ed25519 key `publicKey` (32 bytes) over `message`. */
export type VerifySignature = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean | Promise<boolean>

/** What the judgement of a request depends on. */
export interface PushRequestContext {
  readonly crypto: Crypto
  /** Server time, in whole seconds since the Unix epoch. */
  readonly now: number
  /** The services that can be subscribed to, by name, with the rule for their tokens. */
  readonly services: ReadonlyMap<string, TokenRule>
  /** The costly step, for whoever has a better place for it than this thread. */
  readonly verify?: VerifySignature
  /** The other costly step, for whoever remembers conversions of keys. */
  readonly isKeyOfUser?: KeyCheck
}
