import type { RequestSigner } from '#protocol'
import type { PlainRpc } from './plain-rpc.ts'
import { readMailbox } from './read-mailbox.ts'
import type { StoreLoad, StoreLoadOptions } from './store-load.ts'

/** What has become of the messages of a load; all counts but the first two are of what must not be. */
export interface Account {
  readonly acknowledged: number
  readonly retrieved: number
  /** Acknowledged, and not retrievable. */
  readonly lost: number
  /** Retrieved more than once. */
  readonly repeated: number
  /** Retrieved, and never sent. */
  readonly unknown: number
  /** Retrieved before a message whose store was answered before theirs was sent. */
  readonly misplaced: number
  /** Mailboxes whose order is another when they are read in small pages. */
  readonly unstable: number
}

const SMALL_PAGE = 50

/** Reads every mailbox and compares it with what the writers know. Gives the hashes of all messages that are there, too. */
export async function accountFor(
  load: StoreLoad,
  { rpc, portsOf, users }: Pick<StoreLoadOptions, 'portsOf' | 'users'> & { readonly rpc: PlainRpc },
): Promise<{ readonly account: Account; readonly hashes: ReadonlySet<string> }> {
  const all = new Set<string>()
  const acknowledged = new Map(load.acknowledged.map((message) => [message.hash, message]))
  let repeated = 0
  let misplaced = 0
  let unstable = 0
  const read = async (user: RequestSigner): Promise<void> => {
    const ports = portsOf(user.account)
    const hashes = await readMailbox(rpc, ports[0] as number, user)
    const again = await readMailbox(rpc, ports[1] as number, user, SMALL_PAGE)
    if (hashes.join() !== again.join()) unstable++
    const lastOfWriter = new Map<number, number>()
    for (const hash of hashes) {
      if (all.has(hash)) repeated++
      all.add(hash)
      const message = acknowledged.get(hash)
      if (message === undefined) continue
      if (message.number < (lastOfWriter.get(message.writer) ?? 0)) misplaced++
      lastOfWriter.set(message.writer, message.number)
    }
  }
  for (const user of users) await read(user)
  const account = {
    acknowledged: load.acknowledged.length,
    retrieved: all.size,
    lost: load.acknowledged.filter(({ hash }) => !all.has(hash)).length,
    repeated,
    unknown: [...all].filter((hash) => !load.attempted.has(hash)).length,
    misplaced,
    unstable,
  }
  return { account, hashes: all }
}

/** Prints the counts of a run. */
export function printCounts(title: string, counts: object): void {
  process.stdout.write(`${title}: ${JSON.stringify(counts)}\n`)
}
