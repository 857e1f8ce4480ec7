import type { Command } from 'commander'
import type { OnionNode } from '#client'
import type { CliContext } from '../context.ts'
import { paint } from '../output/paint.ts'
import { abbreviated } from '../output/words.ts'
import { withClient } from '../with-client.ts'

export interface NodesOptions {
  readonly json?: boolean
}

/** Adds `sotto nodes`. */
export function addNodes(program: Command, context: CliContext): void {
  program
    .command('nodes')
    .description('list the nodes and services of the network')
    .option('--json', 'print JSON')
    .action((options: NodesOptions) => nodes(context, options))
}

/** Prints the network as a client sees it. */
export async function nodes(context: CliContext, options: NodesOptions): Promise<void> {
  const { console } = context
  const network = await withClient(context, (client) => client.directory.network())
  if (options.json === true) {
    console.print(JSON.stringify(network))
    return
  }
  const swarms = new Set(network.nodes.flatMap((node) => node.swarmId ?? []))
  console.print(paint(console, 'bold', `${network.nodes.length} nodes in ${swarms.size} swarms at ${context.network}`))
  for (const node of sorted(network.nodes)) {
    const address = `${node.host}:${node.port}`.padEnd(22)
    console.print(`  ${abbreviated(node.ed25519)}  ${address} swarm ${node.swarmId ?? 'unknown'}`)
  }
  const { attachments, push } = network.services
  if (attachments === undefined) console.print('No file server.')
  else console.print(`Files: ${attachments.url}  ${paint(console, 'dim', attachments.ed25519)}`)
  if (push === undefined) console.print('No push relay.')
  else console.print(`Push:  ${push.url}  ${paint(console, 'dim', push.ed25519)}`)
}

function sorted(list: readonly OnionNode[]): readonly OnionNode[] {
  return list.toSorted(
    (a, b) => (a.swarmId ?? '').localeCompare(b.swarmId ?? '', 'en', { numeric: true }) || a.port - b.port,
  )
}
