import type { Command } from 'commander'
import type { DecryptedPush } from '#client'
import { toBase64 } from '#protocol'
import type { CliContext } from '../../context.ts'
import { InvalidEncryptionKeyError } from '../../errors.ts'
import { atTime, inBytes } from '../../output/words.ts'
import { describeBody } from './describe-body.ts'
import { openPayload } from './open-payload.ts'
import { type EncryptionKeyOptions, readEncryptionKey } from './read-encryption-key.ts'

export interface DecryptOptions extends EncryptionKeyOptions {
  readonly json?: boolean
}

/** Adds `sotto push decrypt [PAYLOAD]`. */
export function addDecrypt(push: Command, context: CliContext): void {
  push
    .command('decrypt')
    .description('open the enc_payload of a notification')
    .argument('[payload]', 'base64; else standard input is read')
    .option('--enc-key-file <file>', 'file with the key of payloads in hex')
    .option('--enc-key <hex>', 'the key itself')
    .option('--json', 'print JSON')
    .action((payload: string | undefined, options: DecryptOptions) => decrypt(context, payload, options))
}

/** Prints what a notification says. */
export async function decrypt(
  context: CliContext,
  payload: string | undefined,
  options: DecryptOptions,
): Promise<void> {
  const key = await readEncryptionKey(options)
  if (key === undefined) throw new InvalidEncryptionKeyError()
  const push = openPayload(context.crypto, (payload ?? (await context.readInput())).trim(), key)
  const lines = options.json === true ? [asJson(push)] : inWords(push)
  for (const line of lines) context.console.print(line)
}

function asJson({ kind, account, body, ...rest }: DecryptedPush): string {
  return JSON.stringify({
    ...rest,
    account: account.hex,
    ...(body !== undefined && { body: toBase64(body) }),
    isComplete: kind === 'message',
  })
}

function inWords(push: DecryptedPush): readonly string[] {
  const { account, namespace, hash, timestamp, expiry } = push
  return [
    `Account    ${account.hex}`,
    `Namespace  ${namespace ?? 'not said'}`,
    `Hash       ${hash}`,
    `Sent       ${atTime(timestamp / 1_000)}`,
    `Expires    ${expiry === undefined ? 'not said' : atTime(expiry / 1_000)}`,
    `Message    ${describeMessage(push)}`,
  ]
}

function describeMessage({ kind, body, length, tooBig }: DecryptedPush): string {
  if (kind === 'message') return describeBody(body)
  if (tooBig) return `${inBytes(length ?? 0)}, too long for a notification; it lies in the mailbox`
  if (body === undefined) return 'left out, as the device wishes; it lies in the mailbox'
  return 'does not belong to the hash; do not trust it, and read the mailbox'
}
