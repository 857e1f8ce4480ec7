import { contentId, formatFileUrl, isContentId, isWellFormedFileId, parseFileUrl, type V4Reply } from '#protocol'
import type { ClientEnvironment } from '../environment.ts'
import type { NodeDirectory } from '../nodes/node-directory.ts'
import { convertKey } from '../nodes/onion-node.ts'
import { serverAt, type ServerDestination } from '../onion/destination.ts'
import type { ServerRequest } from '../onion/onion-codec.ts'
import type { OnionSender } from '../onion/onion-sender.ts'
import type { SendOptions } from '../onion/send-options.ts'
import { retry, type RetryNotice, type RetryPolicy } from '../retry/retry.ts'
import { ContentMismatchError, FileReplyError, NoFileServerError, ServerKeyMissingError } from './errors.ts'
import { judgeFileReply } from './file-verdict.ts'
import { type FileInfo, parseFileInfo, parseJsonReply } from './file-reply.ts'

/** Time one try may take, in milliseconds (files §5.6). */
const TRY_TIMEOUT_MS = 30_000
const DEADLINE_MS = 120_000
const POLICY: RetryPolicy = { tries: 3, pauseMs: 100, longestPauseMs: 5_000 }

export interface UploadOptions extends SendOptions {
  /** Whether the blob is in the stream scheme; the URL says so. */
  readonly deterministic?: boolean
  /** Wanted life in seconds; the server decides. */
  readonly ttlSeconds?: number
}

export interface UploadedFile {
  readonly id: string
  /** What a receiver needs to find the file; the key is not in it. */
  readonly url: string
  /** Unix time in seconds at which the server forgets the file. */
  readonly expires: number
}

/** Stores and fetches encrypted files through onion paths (files §2). Every method throws a `ClientError`. */
export class FileClient {
  constructor(
    private readonly environment: ClientEnvironment,
    private readonly directory: NodeDirectory,
    private readonly sender: OnionSender,
  ) {}

  /** Uploads an encrypted blob to the network's file server. A content id that is not that of the blob is an error. */
  async upload(blob: Uint8Array, options: UploadOptions = {}): Promise<UploadedFile> {
    const service = (await this.directory.network()).services.attachments
    if (service === undefined) throw new NoFileServerError()
    const url = new URL(service.url)
    const server = serverAt(url, service.x25519)
    const ttl = options.ttlSeconds === undefined ? {} : { 'X-FS-TTL': String(options.ttlSeconds) }
    const headers = { 'Content-Type': 'application/octet-stream', ...ttl }
    const reply = await this.#send(server, { method: 'POST', endpoint: '/file', headers, body: blob }, options)
    const { id, expires } = parseJsonReply(reply)
    if (typeof id !== 'string' || !isWellFormedFileId(id)) throw new FileReplyError()
    if (typeof expires !== 'number' || !Number.isFinite(expires)) throw new FileReplyError()
    this.#checkContent(id, blob)
    const { deterministic = false } = options
    return {
      id,
      expires,
      url: formatFileUrl({ server: service.url, id, pubkeyEd25519: service.ed25519, deterministic }),
    }
  }

  /** The blob behind a file URL; its bytes are checked against the id when that is a content id. */
  async download(url: string, options: SendOptions = {}): Promise<Uint8Array> {
    const { server, id } = await this.#locate(url)
    const reply = await this.#send(server, { method: 'GET', endpoint: `/file/${id}`, headers: {} }, options)
    this.#checkContent(id, reply.body)
    return reply.body
  }

  /** Size and times of a file; asking renews nothing. */
  async info(url: string, options: SendOptions = {}): Promise<FileInfo> {
    const { server, id } = await this.#locate(url)
    const endpoint = `/file/${id}/info`
    return parseFileInfo(await this.#send(server, { method: 'GET', endpoint, headers: {} }, options))
  }

  /** Moves the expiry of a file with a content id; never shortens it. */
  async extend(url: string, ttlSeconds?: number, options: SendOptions = {}): Promise<FileInfo> {
    const { server, id } = await this.#locate(url)
    const headers = ttlSeconds === undefined ? {} : { 'X-FS-TTL': String(ttlSeconds) }
    const endpoint = `/file/${id}/extend`
    return parseFileInfo(await this.#send(server, { method: 'POST', endpoint, headers }, options))
  }

  async #locate(text: string): Promise<{ readonly server: ServerDestination; readonly id: string }> {
    const { protocol, host, port, id, pubkeyEd25519 } = parseFileUrl(text)
    const x25519 =
      pubkeyEd25519 === undefined
        ? await this.#ownKey(protocol, host, port)
        : convertKey(this.environment.crypto, pubkeyEd25519)
    if (x25519 === undefined) throw new ServerKeyMissingError()
    return { server: { kind: 'server', protocol, host, port, x25519 }, id }
  }

  /** A URL without key is of the default server: here, that of the network in use. */
  async #ownKey(protocol: string, host: string, port: number): Promise<string | undefined> {
    const service = (await this.directory.network()).services.attachments
    if (service === undefined) return undefined
    const own = serverAt(new URL(service.url), service.x25519)
    return own.protocol === protocol && own.host === host && own.port === port ? own.x25519 : undefined
  }

  #send(server: ServerDestination, request: ServerRequest, options: SendOptions): Promise<V4Reply> {
    const limits = {
      signal: options.signal,
      deadlineAt: this.environment.now() + (options.deadlineMs ?? DEADLINE_MS),
      onRetry: (notice: RetryNotice) => options.onEvent?.({ kind: 'retrying', ...notice }),
    }
    return retry(this.environment, POLICY, limits, async (remainingMs) => {
      const timed = { timeoutMs: TRY_TIMEOUT_MS, ...options, deadlineMs: remainingMs }
      return judgeFileReply(await this.sender.sendToServer(server, request, timed))
    })
  }

  #checkContent(id: string, blob: Uint8Array): void {
    if (isContentId(id) && contentId(this.environment.crypto, blob) !== id) throw new ContentMismatchError()
  }
}
