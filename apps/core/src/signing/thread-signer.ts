import { Worker } from 'node:worker_threads'
import type { Ed25519Signer } from '#crypto'
import { SIGNATURE_LENGTH, type SigningAnswer, type SigningRequest } from './thread-messages.ts'
import type { StoreSigner } from './store-signer.ts'

interface Pending {
  readonly hash: string
  readonly signers: readonly Ed25519Signer[]
  readonly resolve: (signers: readonly Ed25519Signer[]) => void
}

export interface ThreadSignerOptions {
  /** Seeds of the own nodes, 32 bytes each. */
  readonly seeds: readonly Uint8Array[]
  /** Their signers, in the same order. */
  readonly signers: readonly Ed25519Signer[]
  /** Hears that the thread has ended; from then on the event loop signs. */
  readonly failed: (error: unknown) => void
}

/** Signs in a thread of its own: everything that is asked for in one turn of the event loop goes there with one message. */
export class ThreadSigner implements StoreSigner {
  readonly #options: ThreadSignerOptions
  readonly #numbers: ReadonlyMap<Ed25519Signer, number>
  readonly #thread: Worker
  #gathered: Pending[] = []
  #underway: Pending[][] = []
  #isBroken = false
  #isClosed = false

  constructor(options: ThreadSignerOptions) {
    this.#options = options
    this.#numbers = new Map(options.signers.map((signer, number) => [signer, number]))
    const isSource = import.meta.filename.endsWith('.ts')
    // Run from the sources, a thread has to find and to read TypeScript by itself.
    const execArgv = isSource ? ['--experimental-transform-types', '--conditions=source', '--no-warnings'] : []
    const file = new URL(`./signing-thread.${isSource ? 'ts' : 'js'}`, import.meta.url)
    this.#thread = new Worker(file, { execArgv, workerData: { seeds: options.seeds } })
    this.#thread.unref()
    this.#thread.on('message', (answer: SigningAnswer) => this.#answered(answer))
    this.#thread.on('error', (error) => this.#end(error))
    this.#thread.on('exit', () => this.#end(new Error('the thread that signs has ended')))
  }

  sign(hash: string, signers: readonly Ed25519Signer[]): Promise<readonly Ed25519Signer[]> {
    if (this.#isBroken) return Promise.resolve(signers)
    return new Promise((resolve) => {
      if (this.#gathered.length === 0) setImmediate(() => this.#send())
      this.#gathered.push({ hash, signers, resolve })
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#thread.terminate()
  }

  #send(): void {
    const pending = this.#gathered
    this.#gathered = []
    if (this.#isBroken) return leaveToLoop(pending)
    this.#underway.push(pending)
    const seeds = pending.map(({ signers }) => signers.map((signer) => this.#numbers.get(signer) ?? -1))
    this.#thread.postMessage({ texts: pending.map(({ hash }) => hash), seeds } satisfies SigningRequest)
  }

  #answered(signatures: SigningAnswer): void {
    let offset = 0
    for (const { signers, resolve } of this.#underway.shift() ?? []) {
      const signed = signers.map(({ publicKey }) => {
        const signature = signatures.subarray(offset, (offset += SIGNATURE_LENGTH))
        return { publicKey, sign: () => signature }
      })
      resolve(signed)
    }
  }

  #end(error: unknown): void {
    if (this.#isBroken) return
    this.#isBroken = true
    if (!this.#isClosed) this.#options.failed(error)
    leaveToLoop([...this.#underway.flat(), ...this.#gathered])
    this.#underway = []
    this.#gathered = []
  }
}

function leaveToLoop(pending: readonly Pending[]): void {
  for (const { resolve, signers } of pending) resolve(signers)
}
