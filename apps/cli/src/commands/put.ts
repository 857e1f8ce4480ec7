import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { encryptAttachment, formatAttachmentKey } from '#client'
import type { AttachmentScheme } from '#protocol'
import type { CliContext } from '../context.ts'
import { paint } from '../output/paint.ts'
import { createProgressDisplay } from '../output/progress.ts'
import { atTime, fromNow, inBytes, inSeconds } from '../output/words.ts'
import { readSendableFile } from '../read-file.ts'
import { withClient } from '../with-client.ts'

export interface PutOptions {
  readonly scheme: AttachmentScheme
  readonly json?: boolean
}

const KEY_HELP = `
The key printed is one string, URL-safe base64, that suffices to open the file. Scheme legacy: the letter L, the file's size (4 bytes), the 64-byte
key and the 32-byte digest of the encrypted file. Scheme stream: the letter S and the 32-byte key.`

/** Adds `sotto put FILE`. */
export function addPut(program: Command, context: CliContext): void {
  program
    .command('put')
    .description('encrypt a file, store it through three hops, print its URL and key')
    .argument('<file>', 'the file, at most 10,000,000 bytes')
    .addOption(new Option('--scheme <scheme>', 'how to encrypt').choices(['legacy', 'stream']).default('legacy'))
    .option('--json', 'print JSON')
    .addHelpText('after', KEY_HELP)
    .action((file: string, options: PutOptions) => put(context, file, options))
}

/** Encrypts, pads and uploads a file; prints where it is and what opens it. */
export async function put(context: CliContext, path: string, options: PutOptions): Promise<void> {
  const file = await readSendableFile(path)
  const { blob, key } = encryptAttachment(context.crypto, file, options.scheme)
  const startedAt = context.now()
  const progress = createProgressDisplay(context)
  const stored = await withClient(context, (client) =>
    client.files.upload(blob, {
      deterministic: options.scheme === 'stream',
      signal: context.signal,
      onProgress: (step) => progress.update(step),
    }),
  ).finally(() => progress.stop())
  const secret = formatAttachmentKey(key)
  if (options.json === true) {
    const { id, url, expires } = stored
    const sizes = { size: file.length, encryptedSize: blob.length }
    context.console.print(JSON.stringify({ id, url, key: secret, expires, scheme: options.scheme, ...sizes }))
    return
  }
  const { console, now } = context
  const label = (text: string): string => paint(console, 'bold', text)
  const took = inSeconds(now() - startedAt)
  console.print(`Stored ${inBytes(file.length)}, encrypted and padded to ${inBytes(blob.length)}, in ${took}.`)
  console.print(`${label('URL')}      ${stored.url}`)
  console.print(`${label('Key')}      ${secret}`)
  console.print(`${label('Expires')}  ${atTime(stored.expires)}, ${fromNow(stored.expires, now())}`)
  console.print(`Anyone who has both can fetch it:`)
  console.print(`  sotto get '${stored.url}' --key=${secret} -o ${shellQuoted(basename(path))}`)
}

function shellQuoted(text: string): string {
  return /^[A-Za-z0-9._-]+$/.test(text) && !text.startsWith('-') ? text : `'./${text.replaceAll("'", `'\\''`)}'`
}
