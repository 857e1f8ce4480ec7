import { z } from 'zod'
import { type Crypto, fromHex, InvalidPublicKeyError, toHex } from '#crypto'
import type { NodeRecord } from '#protocol'
import { NodesFileError } from './errors.ts'

const key = z.string().regex(/^[0-9a-fA-F]{64}$/)
const nodesFile = z.object({
  nodes: z.array(
    z.object({
      public_ip: z.union([z.ipv4(), z.literal('')]),
      storage_port: z.int().min(0).max(65_535),
      pubkey_ed25519: key,
      pubkey_x25519: key.optional(),
      swarm_id: z.string().regex(/^\d{1,20}$/),
    }),
  ),
})

/**
 * The nodes of other operators in the text of a directory file, which has the form of a discovery document
 * (`/.well-known/sotto.json`), so that one can be saved as the other. A node without address (`""`, `0.0.0.0` or port 0) is known but
 * unreachable. Throws `NodesFileError`.
 */
export function parseForeignNodes(crypto: Crypto, text: string): readonly NodeRecord[] {
  const parsed = nodesFile.safeParse(parseJson(text))
  if (!parsed.success) throw new NodesFileError('is no list of nodes', { cause: parsed.error })
  return parsed.data.nodes.map((node) => {
    const pubkeyX25519 = convert(crypto, node.pubkey_ed25519)
    if (pubkeyX25519 === undefined || (node.pubkey_x25519?.toLowerCase() ?? pubkeyX25519) !== pubkeyX25519) {
      throw new NodesFileError('has a node whose keys do not belong together')
    }
    return {
      publicIp: node.public_ip,
      storagePort: node.storage_port,
      pubkeyEd25519: node.pubkey_ed25519.toLowerCase(),
      pubkeyX25519,
      swarmId: swarmId(node.swarm_id),
    }
  })
}

/** Whether a node has an address that can be connected to. */
export function isReachable({ publicIp, storagePort }: NodeRecord): boolean {
  return publicIp !== '' && publicIp !== '0.0.0.0' && storagePort !== 0
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new NodesFileError('is not JSON', { cause })
  }
}

function convert(crypto: Crypto, pubkeyEd25519: string): string | undefined {
  try {
    return toHex(crypto.ed25519.toX25519PublicKey(fromHex(pubkeyEd25519, 32) as Uint8Array))
  } catch (error) {
    if (error instanceof InvalidPublicKeyError) return undefined
    throw error
  }
}

function swarmId(text: string): bigint {
  const id = BigInt(text)
  if (id >= 2n ** 64n) throw new NodesFileError('has a swarm id above 64 bits')
  return id
}
