import { basename } from 'node:path'
import {
  type Client,
  decryptAttachment,
  encryptAttachment,
  formatAttachmentKey,
  parseAttachmentKey,
  type UploadedFile,
} from '#client'
import { RoundTripError } from '../errors.ts'
import type { CliContext } from '../context.ts'
import { paint } from '../output/paint.ts'
import { abbreviated, atTime, fromNow, inBytes, inSeconds } from '../output/words.ts'
import { readSendableFile } from '../read-file.ts'
import { withClient } from '../with-client.ts'
import { createNarrator } from './narrator.ts'

/** What one person hands to another, by whatever means. */
interface HandedOver {
  readonly url: string
  readonly key: string
}

/**
 * Plays the whole way of a real file in words: encrypted by Alice, stored through three hops, fetched by Bob, who knows URL and key only, and
 * compared. Throws `RoundTripError` when the bytes differ, and whatever goes wrong on the way.
 */
export async function playDemo(context: CliContext, path: string): Promise<void> {
  const { console, crypto } = context
  const file = await readSendableFile(path)
  const handedOver = await withClient(context, async (alice) => {
    await introduce(context, alice)
    return upload(context, alice, basename(path), file)
  })
  const received = await withClient(context, (bob) => download(context, bob, handedOver))
  if (!crypto.timingSafeEqual(crypto.sha256(file), crypto.sha256(received))) throw new RoundTripError()
  console.print(
    paint(console, 'green', `\nBob's file and Alice's are equal, byte for byte (${inBytes(received.length)}).`),
  )
  console.print(
    'Whoever ran every hop could put all of this together: the layers protect when different people run them.',
  )
}

async function introduce({ console, network }: CliContext, client: Client): Promise<void> {
  const { nodes } = await client.directory.network()
  const swarms = new Set(nodes.map((node) => node.swarmId))
  console.print(paint(console, 'bold', '1. The network'))
  console.print(`   ${network} names ${nodes.length} nodes in ${swarms.size} swarms, and a file server.`)
}

async function upload(context: CliContext, alice: Client, name: string, file: Uint8Array): Promise<HandedOver> {
  const { console, crypto, now } = context
  console.print(paint(console, 'bold', `\n2. Alice encrypts ${name}`))
  const startedAt = now()
  const { blob, key } = encryptAttachment(crypto, file, 'legacy')
  const took = inSeconds(now() - startedAt)
  console.print(
    `   ${inBytes(file.length)} become ${inBytes(blob.length)}, padded, so that the length tells little (${took}).`,
  )

  console.print(paint(console, 'bold', '\n3. Alice stores it through three hops'))
  const narrator = createNarrator(console, 'Alice')
  const stored = await alice.files.upload(blob, { signal: context.signal, onEvent: narrator.tell })
  tellStored(context, stored)
  return { url: stored.url, key: formatAttachmentKey(key) }
}

function tellStored({ console, now }: CliContext, { id, expires }: UploadedFile): void {
  console.print(`   Stored as ${abbreviated(id)} until ${atTime(expires)} (${fromNow(expires, now())}).`)
}

async function download(context: CliContext, bob: Client, { url, key }: HandedOver): Promise<Uint8Array> {
  const { console, crypto } = context
  console.print(paint(console, 'bold', '\n4. Bob, another client, gets URL and key from Alice and fetches the file'))
  console.print(`   URL ${url}`)
  const narrator = createNarrator(console, 'Bob')
  const blob = await bob.files.download(url, { signal: context.signal, onEvent: narrator.tell })
  console.print(`   ${inBytes(blob.length)} arrived; they are those that the id promises.`)
  const file = decryptAttachment(crypto, blob, parseAttachmentKey(key))
  console.print('   Digest and authenticator fit; decrypted.')
  return file
}
