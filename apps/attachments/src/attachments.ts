import type { CustomTransportStrategy } from '@nestjs/microservices'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { type Crypto, toHex } from '#crypto'
import {
  closeWhenIdle,
  createServiceApp,
  type ExchangeObserver,
  type SealedMemory,
  type ServiceKeys,
  type StallDeadline,
} from '#endpoints'
import type { Blobs, FileRecords } from '#stores'
import { AttachmentsModule } from './attachments.module.ts'
import { attachmentsEndpoints, type Sources } from './endpoints/index.ts'
import { Sweeper, type SweepRules } from './expiry/sweeper.ts'
import type { FileEvents, FileRules, FilesContext } from './files/context.ts'
import { ContentIdPool } from './hashing/content-id-pool.ts'
import { storeErrorReply } from './store-error-reply.ts'

/** How the service behaves, whatever it is made of. */
export interface AttachmentsSettings {
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** Where clients and the gateway reach this service; undefined = `http://127.0.0.1:<port>`. */
  readonly publicUrl: string | undefined
  readonly files: FileRules
  readonly sweeps: SweepRules
  readonly hashing: { readonly workers: number; readonly loopBytes: number }
}

/** What the service is made of; whoever creates it closes the stores after `stop`. */
export interface AttachmentsParts {
  readonly crypto: Crypto
  readonly keys: ServiceKeys
  readonly records: FileRecords
  readonly blobs: Blobs
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  readonly sources: Sources
  readonly events: FileEvents
  readonly observer: ExchangeObserver
  readonly memory: SealedMemory
  readonly deadline: StallDeadline
  /** The bus's end in this process; none = the service is not on a bus. */
  readonly busServer?: CustomTransportStrategy
}

/** A running attachment service. */
export interface AttachmentsService {
  readonly url: string
  readonly port: number
  readonly keys: ServiceKeys
  /** Takes no more requests, finishes those under way and ends the sweep under way. */
  stop(): Promise<void>
}

/** A request that is not complete by then is cut off, however steadily it drips. */
const REQUEST_TIMEOUT_MS = 600_000

/** Starts the service on its port. Rejects when the port is taken. */
export async function startAttachments(
  settings: AttachmentsSettings,
  parts: AttachmentsParts,
): Promise<AttachmentsService> {
  const hashing = new ContentIdPool({ crypto: parts.crypto, ...settings.hashing })
  const { records, blobs, crypto, now, events } = parts
  const context: FilesContext = { rules: settings.files, records, blobs, crypto, hashing, now, events }
  const sweeper = new Sweeper(context, settings.sweeps)
  const url = settings.publicUrl ?? `http://127.0.0.1:${settings.port}`
  const app = await createApp(context, parts, url)
  const stop = async (): Promise<void> => {
    await closeWhenIdle(app.getHttpServer(), () => app.close())
    await sweeper.stop()
    await hashing.close()
  }
  try {
    await app.listen(settings.port, settings.host)
    sweeper.start()
    const { port } = app.getHttpServer().address() as { port: number }
    return { url: settings.publicUrl ?? `http://127.0.0.1:${port}`, port, keys: parts.keys, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function createApp(context: FilesContext, parts: AttachmentsParts, url: string): Promise<NestFastifyApplication> {
  const { crypto, keys, memory, deadline, observer, busServer } = parts
  const endpoints = attachmentsEndpoints(context, parts.sources, memory)
  const [newest] = keys.x25519
  if (newest === undefined) throw new RangeError('the service needs a key')
  const module = AttachmentsModule.register(
    { endpoints, crypto, keys: keys.x25519, memory, deadline, observer, errorReply: storeErrorReply },
    { service: 'attachments', url, pubkeyEd25519: toHex(keys.ed25519), pubkeyX25519: toHex(newest.publicKey) },
  )
  return createServiceApp(module, { requestTimeoutMs: REQUEST_TIMEOUT_MS, busServer })
}
