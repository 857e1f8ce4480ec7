import { nativeCrypto } from '#crypto/native/index'
import { buildRetrieve, messageHash, type RequestSigner } from '#protocol'
import type { PlainRpc } from './plain-rpc.ts'

/**
 * Hashes of everything in namespace 0 of a mailbox, page by page in the order of the answers. Throws when a page is refused or the data of a message
 * does not belong to its hash.
 */
export async function readMailbox(
  rpc: PlainRpc,
  port: number,
  user: RequestSigner,
  pageSize?: number,
): Promise<readonly string[]> {
  const hashes: string[] = []
  for (;;) {
    const lastHash = hashes.at(-1)
    const options = {
      namespace: 0,
      ...(lastHash !== undefined && { lastHash }),
      ...(pageSize !== undefined && { maxCount: pageSize }),
    }
    const { status, body } = await rpc.call(port, buildRetrieve(user, options, Date.now()))
    if (status !== 200) throw new Error(`a page is refused: ${status} ${body}`)
    const { messages, more } = JSON.parse(body) as {
      readonly messages: readonly { readonly hash: string; readonly data: string }[]
      readonly more: boolean
    }
    for (const { hash, data } of messages) {
      const expected = messageHash(nativeCrypto, user.account, 0, Buffer.from(data, 'base64'))
      if (hash !== expected) throw new Error('the data of a message is not what was stored')
      hashes.push(hash)
    }
    if (!more) return hashes
    if (messages.length === 0) throw new Error('an empty page says that there is more')
  }
}
