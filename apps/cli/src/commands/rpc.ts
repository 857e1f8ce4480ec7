import type { Command } from 'commander'
import { parseAccountId } from '#protocol'
import type { CliContext } from '../context.ts'
import { InvalidJsonError, InvalidNodeKeyError, NodeStatusError } from '../errors.ts'
import { withClient } from '../with-client.ts'

export interface RpcOptions {
  readonly node?: string
}

type Params = Readonly<Record<string, unknown>>

/** Adds `sotto rpc METHOD [JSON]`. */
export function addRpc(program: Command, context: CliContext): void {
  program
    .command('rpc')
    .description('call a method of a node through the onion and print the answer as JSON')
    .argument('<method>', 'the method, such as info')
    .argument('[json]', 'its parameters, a JSON object; quote it', '{}')
    .option('--node <hex>', 'Ed25519 key of the node to ask; else one of the swarm of pubkey, or any')
    .action((method: string, json: string, options: RpcOptions) => rpc(context, method, json, options))
}

/** Prints the body of the answer. Throws `NodeStatusError` when its status is not 200, with the body printed all the same. */
export async function rpc(context: CliContext, method: string, json: string, { node }: RpcOptions): Promise<void> {
  const params = parseParams(json)
  if (node !== undefined && !/^[0-9a-f]{64}$/i.test(node)) throw new InvalidNodeKeyError()
  const { pubkey = params['pubKey'] } = params
  const account = typeof pubkey === 'string' ? parseAccountId(pubkey) : undefined
  const call = { account, node, signal: context.signal }
  const answer = await withClient(context, (client) => client.mailboxes.rpc(method, params, call))
  context.console.print(JSON.stringify(answer.body))
  if (answer.status !== 200) throw new NodeStatusError(answer.status)
}

function parseParams(json: string): Params {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new InvalidJsonError({ cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidJsonError()
  return value as Params
}
