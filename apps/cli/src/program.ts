import { Command } from 'commander'
import { addGet } from './commands/get.ts'
import { addInspect } from './commands/inspect.ts'
import { addNodes } from './commands/nodes.ts'
import { addPush } from './commands/push/push.ts'
import { addPut } from './commands/put.ts'
import { addRpc } from './commands/rpc.ts'
import { addSwarm } from './commands/swarm.ts'
import { type CliContext, DEFAULT_NETWORK } from './context.ts'

const HELP = `
The network is the one at SOTTO_NETWORK (default ${DEFAULT_NETWORK}).

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 network trouble, 4 not found, 5 key or content does not fit, 130 interrupted.`

/** The command line with all commands; throws `CommanderError` instead of ending the process. */
export function createProgram(context: CliContext): Command {
  const program = new Command('sotto')
    .description(
      'Send encrypted files through an onion network, look at the network, call its nodes, and be told of messages.',
    )
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.console.print(text.trimEnd()),
      writeErr: (text) => context.console.complain(text.trimEnd()),
      getOutHasColors: () => context.console.colours,
      getErrHasColors: () => context.console.colours,
    })
  addPut(program, context)
  addGet(program, context)
  addNodes(program, context)
  addInspect(program, context)
  addSwarm(program, context)
  addRpc(program, context)
  addPush(program, context)
  return program
}
