import { rm } from 'node:fs/promises'
import { toHex } from '#crypto'
import { nativeCrypto } from '#crypto/native/index'
import { AppProcess } from './app-process.ts'
import { freePort } from './backends/probe.ts'
import { type MailboxCluster, startMailboxCluster } from './mailbox-cluster.ts'
import { temporaryDirectory } from './standalone.ts'

/** A push relay as a process of its own. */
export interface RelayProcess {
  readonly process: AppProcess
  /** Where it takes subscriptions. */
  readonly url: string
}

/** A mailbox cluster with push relays that share its Redis and its NATS. */
export interface PushCluster {
  readonly mailboxes: MailboxCluster
  readonly relays: readonly RelayProcess[]
  /** Ends everything. */
  stop(): Promise<void>
}

/** Starts the built programs; `environment` is that of the relays. */
export async function startPushCluster({
  relays: count,
  environment,
}: {
  readonly relays: number
  readonly environment: Readonly<Record<string, string>>
}): Promise<PushCluster> {
  const root = temporaryDirectory()
  const mailboxes = await startMailboxCluster({ cores: 1 })
  const relays: RelayProcess[] = []
  const stop = async (): Promise<void> => {
    for (const { process } of relays) await process.stop()
    await mailboxes.stop()
    await rm(root, { recursive: true, force: true })
  }
  try {
    const secret = toHex(nativeCrypto.randomBytes(32))
    for (let number = 0; number < count; number++) {
      const port = await freePort()
      const own = {
        SOTTO_DATA_DIR: `${root}/relay-${number}`,
        SOTTO_PUSH_PORT: String(port),
        SOTTO_PUSH_SECRET: secret,
      }
      const shared = { SOTTO_NATS_URL: mailboxes.nats.url, SOTTO_REDIS_URL: mailboxes.redis.url }
      const process = await AppProcess.start('push', { ...shared, ...own, ...environment }, await freePort())
      relays.push({ process, url: `http://127.0.0.1:${port}` })
    }
    return { mailboxes, relays, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
