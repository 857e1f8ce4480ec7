import type { Command } from 'commander'
import { parseAccountId } from '#protocol'
import type { CliContext } from '../context.ts'
import { InvalidAccountError } from '../errors.ts'
import { paint } from '../output/paint.ts'
import { withClient } from '../with-client.ts'

export interface SwarmOptions {
  readonly json?: boolean
}

/** Adds `sotto swarm ACCOUNT`. */
export function addSwarm(program: Command, context: CliContext): void {
  program
    .command('swarm')
    .description('list the nodes that keep the messages of an account')
    .argument('<account>', 'account id, 66 hex digits')
    .option('--json', 'print JSON')
    .action((account: string, options: SwarmOptions) => swarm(context, account, options))
}

/** Prints the id and the nodes of an account's swarm. */
export async function swarm(context: CliContext, account: string, options: SwarmOptions): Promise<void> {
  const { console, signal } = context
  const parsed = parseAccountId(account)
  if (parsed === undefined) throw new InvalidAccountError()
  const found = await withClient(context, (client) => client.mailboxes.getSwarm(parsed, { signal }))
  const nodes = found.nodes.toSorted((a, b) => a.port - b.port || a.host.localeCompare(b.host, 'en'))
  if (options.json === true) {
    console.print(JSON.stringify({ swarm: found.id, nodes }))
    return
  }
  const count = nodes.length === 1 ? '1 node' : `${nodes.length} nodes`
  console.print(paint(console, 'bold', `Swarm ${found.id ?? 'unknown'} with ${count}`))
  for (const { ed25519, host, port } of nodes) console.print(`  ${`${host}:${port}`.padEnd(22)} ${ed25519}`)
}
