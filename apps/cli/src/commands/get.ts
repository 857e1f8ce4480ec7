import type { Command } from 'commander'
import { decryptAttachment, parseAttachmentKey } from '#client'
import { toHex } from '#crypto'
import { parseFileUrl } from '#protocol'
import type { CliContext } from '../context.ts'
import { createProgressDisplay } from '../output/progress.ts'
import { inBytes, inSeconds } from '../output/words.ts'
import { withClient } from '../with-client.ts'
import { refuseExisting, writeWhole } from '../write-file.ts'

export interface GetOptions {
  readonly key: string
  readonly output: string
  readonly force?: boolean
  readonly json?: boolean
}

/** Adds `sotto get URL --key K -o FILE`. */
export function addGet(program: Command, context: CliContext): void {
  program
    .command('get')
    .description('fetch a file through three hops and decrypt it')
    .argument('<url>', 'the URL that put printed; quote it')
    .requiredOption('--key <key>', 'the key that put printed')
    .requiredOption('-o, --output <file>', 'where to write the file')
    .option('--force', 'overwrite the output file')
    .option('--json', 'print JSON')
    .action((url: string, options: GetOptions) => get(context, url, options))
}

/** Downloads, checks and decrypts a file; the output appears whole or not at all. */
export async function get(context: CliContext, url: string, options: GetOptions): Promise<void> {
  const { console, crypto, now } = context
  parseFileUrl(url)
  const key = parseAttachmentKey(options.key)
  const force = options.force === true
  await refuseExisting(options.output, force)
  const startedAt = now()
  const progress = createProgressDisplay(context)
  const blob = await withClient(context, (client) =>
    client.files.download(url, { signal: context.signal, onProgress: (step) => progress.update(step) }),
  ).finally(() => progress.stop())
  const file = decryptAttachment(crypto, blob, key)
  await writeWhole(options.output, file, toHex(crypto.randomBytes(6)), force)
  if (options.json === true) {
    console.print(JSON.stringify({ output: options.output, size: file.length, encryptedSize: blob.length }))
    return
  }
  console.print(`Fetched ${inBytes(file.length)} into ${options.output} in ${inSeconds(now() - startedAt)}.`)
}
