import type { Crypto } from '#crypto'
import type { BodyHasher, ContentIdHashing } from './content-id-hashing.ts'
import { HashWorker } from './hash-worker.ts'
import { LoopHasher } from './loop-hasher.ts'
import { SHARED_PIECE_LENGTH, WorkerHasher } from './worker-hasher.ts'

export interface ContentIdPoolOptions {
  readonly crypto: Crypto
  /** Threads at most; they start when they are first needed. */
  readonly workers: number
  /** Bodies up to this many bytes are hashed on the event loop. */
  readonly loopBytes: number
}

/** Shared pieces kept for the next body; beyond that they are left to the garbage collector. */
const KEPT_PIECES = 64

/** Spreads bodies over a bounded number of worker threads. */
export class ContentIdPool implements ContentIdHashing {
  private readonly workers: HashWorker[] = []
  private readonly kept: Uint8Array[] = []
  private count = 0

  constructor(private readonly options: ContentIdPoolOptions) {}

  create(expectedLength: number | undefined): BodyHasher {
    const { crypto, loopBytes } = this.options
    if (expectedLength !== undefined && expectedLength <= loopBytes) return new LoopHasher(crypto)
    const number = this.count++
    return new WorkerHasher(number, this.worker(number % this.options.workers), this)
  }

  take(): Uint8Array {
    return this.kept.pop() ?? new Uint8Array(new SharedArrayBuffer(SHARED_PIECE_LENGTH))
  }

  giveBack(piece: Uint8Array): void {
    if (this.kept.length < KEPT_PIECES) this.kept.push(piece)
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()))
  }

  private worker(index: number): HashWorker {
    const known = this.workers[index]
    if (known !== undefined && !known.isBroken) return known
    const worker = new HashWorker()
    this.workers[index] = worker
    return worker
  }
}
