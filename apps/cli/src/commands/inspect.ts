import type { Command } from 'commander'
import type { FileInfo } from '#client'
import { type FileUrl, isContentId, isExtendable, parseFileUrl } from '#protocol'
import type { CliContext } from '../context.ts'
import { abbreviated, atTime, fromNow, inBytes } from '../output/words.ts'
import { withClient } from '../with-client.ts'

export interface InspectOptions {
  readonly json?: boolean
}

/** Adds `sotto inspect URL`. */
export function addInspect(program: Command, context: CliContext): void {
  program
    .command('inspect')
    .description('say what a file URL means and what the server knows of the file')
    .argument('<url>', 'the URL that put printed; quote it')
    .option('--json', 'print JSON')
    .action((url: string, options: InspectOptions) => inspect(context, url, options))
}

/** Prints the parts of a file URL and the server's record; asking does not count as use. */
export async function inspect(context: CliContext, url: string, options: InspectOptions): Promise<void> {
  const parsed = parseFileUrl(url)
  const info = await withClient(context, (client) => client.files.info(url, { signal: context.signal }))
  const lines =
    options.json === true
      ? [JSON.stringify({ ...parsed, ...info })]
      : [...inWords(parsed), ...known(info, context.now())]
  for (const line of lines) context.console.print(line)
}

function inWords(url: FileUrl): readonly string[] {
  const { protocol, host, port, id, pubkeyEd25519, deterministic } = url
  const kind = isContentId(id)
    ? 'a content id: it proves the bytes'
    : 'not a content id: it proves nothing of the bytes'
  const key = pubkeyEd25519 === undefined ? 'not in the URL: that of the network' : abbreviated(pubkeyEd25519)
  return [
    `Server      ${protocol}://${host}:${port}`,
    `Server key  ${key}`,
    `File id     ${id} (${kind})`,
    `Scheme      ${deterministic ? 'stream: XChaCha20-Poly1305 in pieces' : 'legacy: AES-256-CBC with HMAC-SHA-256'}`,
    `Extendable  ${isExtendable(id) ? 'yes' : 'no, only files with content ids are'}`,
  ]
}

function known({ size, uploaded, expires }: FileInfo, now: number): readonly string[] {
  return [
    `Size        ${size === undefined ? 'not said' : `${inBytes(size)}, encrypted and padded`}`,
    `Uploaded    ${atTime(uploaded)}, ${fromNow(uploaded, now)}`,
    `Expires     ${atTime(expires)}, ${fromNow(expires, now)}`,
  ]
}
