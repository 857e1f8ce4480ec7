import type { Command } from 'commander'
import type { CliContext } from '../../context.ts'
import { withClient } from '../../with-client.ts'

export interface KeyOptions {
  readonly json?: boolean
}

/** Adds `sotto push key`. */
export function addKey(push: Command, context: CliContext): void {
  push
    .command('key')
    .description('the key that browsers and UnifiedPush distributors want for an endpoint')
    .option('--json', 'print JSON')
    .action((options: KeyOptions) => key(context, options))
}

/** Prints the relay's public VAPID key. */
export async function key(context: CliContext, options: KeyOptions): Promise<void> {
  const applicationServerKey = await withClient(context, (client) => client.push.applicationServerKey())
  const { console } = context
  if (options.json === true) console.print(JSON.stringify({ applicationServerKey: applicationServerKey ?? null }))
  else console.print(applicationServerKey ?? 'The relay serves no Web Push.')
}
