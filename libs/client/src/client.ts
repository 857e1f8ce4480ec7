import type { ClientEnvironment } from './environment.ts'
import { FileClient } from './files/file-client.ts'
import { ClockOffset } from './mailbox/clock-offset.ts'
import type { Cursors } from './mailbox/cursors.ts'
import { MailboxClient } from './mailbox/mailbox-client.ts'
import { SwarmDirectory } from './mailbox/swarm-directory.ts'
import { discoverySource } from './nodes/discovery-source.ts'
import { NodeDirectory } from './nodes/node-directory.ts'
import type { NodeSource } from './nodes/node-source.ts'
import type { GuardUrl } from './onion/guard-url.ts'
import { OnionSender } from './onion/onion-sender.ts'
import { type PathOptions, PathPool } from './paths/path-pool.ts'
import { FastMode } from './push/notices/fast-mode.ts'
import type { FastModeOptions, SlowModeOptions } from './push/notices/notices-options.ts'
import { SlowMode } from './push/notices/slow-mode.ts'
import { PushClient } from './push/push-client.ts'
import type { Transport } from './transport/transport.ts'

export interface ClientOptions {
  readonly environment: ClientEnvironment
  readonly transport: Transport
  /** `guardByTls` with a transport that takes self-signed certificates, `guardByUrl` in a browser. */
  readonly guardUrl: GuardUrl
  /** The URL of a network that serves its discovery document, or another source of the node list. */
  readonly network: string | NodeSource
  readonly paths?: PathOptions
  /** How far mailboxes were read; kept in memory if none are given. */
  readonly cursors?: Cursors
}

/** One client of one network: its node list, its paths and what it does over them. */
export interface Client {
  readonly directory: NodeDirectory
  readonly paths: PathPool
  readonly sender: OnionSender
  readonly files: FileClient
  /** The network's time, learnt from answers. */
  readonly clock: ClockOffset
  readonly swarms: SwarmDirectory
  readonly mailboxes: MailboxClient
  readonly push: PushClient
  /** New messages by way of a push service. */
  fastMode(options: FastModeOptions): FastMode
  /** New messages by asking for them. */
  slowMode(options: SlowModeOptions): SlowMode
}

/** Puts the parts of a client together; nothing is sent before the first request. */
export function createClient(options: ClientOptions): Client {
  const { environment, transport, guardUrl, network } = options
  const source = typeof network === 'string' ? discoverySource(environment.crypto, transport, network) : network
  const directory = new NodeDirectory(environment, source)
  const paths = new PathPool(environment, directory, options.paths)
  const sender = new OnionSender({ environment, transport, directory, paths, guardUrl })
  const clock = new ClockOffset(environment.now)
  const swarms = new SwarmDirectory({ environment, directory, sender, clock })
  const openMailboxes = (cursors?: Cursors): MailboxClient =>
    new MailboxClient({ environment, directory, sender, swarms, clock }, cursors)
  const mailboxes = openMailboxes(options.cursors)
  const files = new FileClient(environment, directory, sender)
  const push = new PushClient({ environment, directory, sender, clock, mailboxes })
  return {
    directory,
    paths,
    sender,
    files,
    clock,
    swarms,
    mailboxes,
    push,
    fastMode: (mode) => new FastMode({ environment, push, openMailboxes }, mode),
    slowMode: (mode) => new SlowMode(environment, openMailboxes, mode),
  }
}
