import { request } from 'node:https'
import { fromHex, fromUtf8, utf8 } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { buildOnionRequest, decryptLayer, type PathNode, type RpcCall } from '#protocol'

/** A node as the seed describes it. */
export interface SeedNode {
  readonly public_ip: string
  readonly storage_port: number
  readonly pubkey_ed25519: string
  readonly pubkey_x25519: string
  readonly requested_unlock_height: number
}

/** What a node answers inside an onion. */
export interface NodeAnswer {
  readonly status: number
  /** Parsed where it is JSON. */
  readonly body: unknown
}

/** A result within a batch or sequence. */
export interface SubResult {
  readonly code: number
  readonly body: unknown
}

/** One HTTPS request as Session Desktop makes it: a TLS connection of its own, without a server name. */
export function postOnce(node: SeedNode, path: string, body: Uint8Array): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: node.public_ip,
        port: node.storage_port,
        path,
        method: 'POST',
        agent: false,
        rejectUnauthorized: false,
        servername: '',
        headers: { Connection: 'close', 'User-Agent': 'WhatsApp', 'Accept-Language': 'en-us' },
      },
      (reply) => {
        const pieces: Buffer[] = []
        reply.on('data', (piece: Buffer) => pieces.push(piece))
        reply.on('error', reject)
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(pieces) }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Asks a node through three others, and insists on the form of the answer that the client insists on. */
export async function askThroughOnion(
  path: readonly SeedNode[],
  destination: SeedNode,
  call: RpcCall,
): Promise<NodeAnswer> {
  const { body, replyKey } = buildOnionRequest(nativeCrypto, {
    path: path.map(addressed),
    destination: { kind: 'node', ...addressed(destination) },
    payload: utf8(JSON.stringify(call)),
    encryptionType: 'aes-gcm',
    style: 'desktop',
  })
  const [guard] = path
  if (guard === undefined) throw new Error('a path has a guard')
  const reply = await postOnce(guard, '/onion_req/v2', body)
  if (reply.status !== 200) throw new Error(`the guard answers ${reply.status}: ${reply.body.toString()}`)
  const text = reply.body.toString()
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Error('the answer is not base64')
  const plaintext = fromUtf8(decryptLayer(nativeCrypto, replyKey, Buffer.from(text, 'base64')))
  const answer = JSON.parse(plaintext ?? '') as { status: number; body: string }
  if (typeof answer.body !== 'string') throw new Error('the body is no text')
  return {
    status: answer.status,
    body: answer.body.startsWith('{') ? (JSON.parse(answer.body) as unknown) : answer.body,
  }
}

function addressed({ pubkey_ed25519: ed25519, pubkey_x25519 }: SeedNode): PathNode {
  return { ed25519, x25519: fromHex(pubkey_x25519, 32) ?? new Uint8Array(32) }
}
