import { Worker } from 'node:worker_threads'
import type { HashAnswer, HashRequest } from './messages.ts'

/** A hash worker broke down; the uploads that used it fail, and the next ones get a new worker. */
export class HashWorkerError extends Error {
  override readonly name = 'HashWorkerError'
  readonly code = 'HASH_WORKER_FAILED'
}

/** One thread that hashes the pieces of many bodies. */
export class HashWorker {
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting[]>()
  private failure: HashWorkerError | undefined

  constructor() {
    const isSource = import.meta.filename.endsWith('.ts')
    // Run from the sources, a worker has to find and to read TypeScript by itself.
    const execArgv = isSource ? ['--experimental-transform-types', '--conditions=source', '--no-warnings'] : []
    const file = new URL(`./content-id-worker.${isSource ? 'ts' : 'js'}`, import.meta.url)
    this.worker = new Worker(file, { execArgv })
    this.worker.unref()
    this.worker.on('message', (answer: HashAnswer) => this.waiting.get(answer.hasher)?.shift()?.resolve(answer.id))
    this.worker.on('error', (cause) => this.fail(cause))
    this.worker.on('exit', () => this.fail(undefined))
  }

  get isBroken(): boolean {
    return this.failure !== undefined
  }

  /** Sends a request that is answered; resolves with the id when there is one in the answer. */
  ask(request: HashRequest): Promise<string | undefined> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      const line = this.waiting.get(request.hasher)
      if (line === undefined) this.waiting.set(request.hasher, [{ resolve, reject }])
      else line.push({ resolve, reject })
      this.worker.postMessage(request)
    })
  }

  /** Ends what is known of a hasher, here and, with `discard`, in the thread. */
  forget(hasher: number, discard: boolean): void {
    this.waiting.delete(hasher)
    if (!discard || this.failure !== undefined) return
    this.worker.postMessage({ kind: 'discard', hasher } satisfies HashRequest)
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  private fail(cause: unknown): void {
    this.failure ??= new HashWorkerError('a hash worker ended', { cause })
    for (const { reject } of [...this.waiting.values()].flat()) reject(this.failure)
    this.waiting.clear()
  }
}

interface Waiting {
  readonly resolve: (id: string | undefined) => void
  readonly reject: (error: HashWorkerError) => void
}
