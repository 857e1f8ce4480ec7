import { Worker } from 'node:worker_threads'
import { concat, type Crypto, type Ed25519Signer } from '#crypto'
import type { Signatures } from './signatures.ts'
import { SIGNATURE_LENGTH, type SignatureAnswer, type SignatureRequest } from './thread-messages.ts'

interface ToSign {
  readonly hash: string
  readonly signers: readonly Ed25519Signer[]
  readonly resolve: (signers: readonly Ed25519Signer[]) => void
}

interface ToVerify {
  readonly signature: Uint8Array
  readonly message: Uint8Array
  readonly publicKey: Uint8Array
  readonly resolve: (isValid: boolean) => void
}

/** What one message asks the thread for. */
interface Group {
  readonly toSign: ToSign[]
  readonly toVerify: ToVerify[]
}

export interface ThreadSignaturesOptions {
  readonly crypto: Crypto
  /** Seeds of the own nodes, 32 bytes each. */
  readonly seeds: readonly Uint8Array[]
  /** Their signers, in the same order. */
  readonly signers: readonly Ed25519Signer[]
  /** Hears that the thread has ended; from then on the event loop does the work. */
  readonly failed: (error: unknown) => void
}

/** Signs and verifies in a thread of its own: everything that is asked for in one turn of the event loop goes there with one message. */
export class ThreadSignatures implements Signatures {
  readonly #options: ThreadSignaturesOptions
  readonly #numbers: ReadonlyMap<Ed25519Signer, number>
  readonly #thread: Worker
  #gathered: Group | undefined
  #underway: Group[] = []
  #isBroken = false
  #isClosed = false

  constructor(options: ThreadSignaturesOptions) {
    this.#options = options
    this.#numbers = new Map(options.signers.map((signer, number) => [signer, number]))
    const isSource = import.meta.filename.endsWith('.ts')
    // Run from the sources, a thread has to find and to read TypeScript by itself.
    const execArgv = isSource ? ['--experimental-transform-types', '--conditions=source', '--no-warnings'] : []
    const file = new URL(`./signature-thread.${isSource ? 'ts' : 'js'}`, import.meta.url)
    this.#thread = new Worker(file, { execArgv, workerData: { seeds: options.seeds } })
    this.#thread.unref()
    this.#thread.on('message', (answer: SignatureAnswer) => this.#answered(answer))
    this.#thread.on('error', (error) => this.#end(error))
    this.#thread.on('exit', () => this.#end(new Error('the thread of signatures has ended')))
  }

  sign(hash: string, signers: readonly Ed25519Signer[]): Promise<readonly Ed25519Signer[]> {
    return new Promise((resolve) => this.#gather().toSign.push({ hash, signers, resolve }))
  }

  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => this.#gather().toVerify.push({ signature, message, publicKey, resolve }))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    // A thread that is ended while it still loads can take the process with it, so it has to have answered once.
    this.#thread.ref()
    await this.sign('', [])
    await this.#thread.terminate()
  }

  #gather(): Group {
    if (this.#gathered === undefined) setImmediate(() => this.#send())
    this.#gathered ??= { toSign: [], toVerify: [] }
    return this.#gathered
  }

  #send(): void {
    const group = this.#gathered
    this.#gathered = undefined
    if (group === undefined) return
    if (this.#isBroken) return this.#doHere(group)
    this.#underway.push(group)
    const { toSign, toVerify } = group
    const claims = concat(...toVerify.flatMap(({ signature, publicKey, message }) => [signature, publicKey, message]))
    const request: SignatureRequest = {
      texts: toSign.map(({ hash }) => hash),
      seeds: toSign.map(({ signers }) => signers.map((signer) => this.#numbers.get(signer) ?? -1)),
      claims: claims as SignatureRequest['claims'],
      lengths: toVerify.map(({ message }) => message.length),
    }
    this.#thread.postMessage(request, [request.claims.buffer])
  }

  #answered({ signatures, verdicts }: SignatureAnswer): void {
    const group = this.#underway.shift()
    let offset = 0
    for (const { signers, resolve } of group?.toSign ?? []) {
      const signed = signers.map(({ publicKey }) => {
        const signature = signatures.subarray(offset, (offset += SIGNATURE_LENGTH))
        return { publicKey, sign: () => signature }
      })
      resolve(signed)
    }
    for (const [i, { resolve }] of (group?.toVerify ?? []).entries()) resolve(verdicts[i] === 1)
  }

  #end(error: unknown): void {
    if (this.#isBroken) return
    this.#isBroken = true
    if (!this.#isClosed) this.#options.failed(error)
    for (const group of this.#underway.splice(0)) this.#doHere(group)
  }

  #doHere({ toSign, toVerify }: Group): void {
    for (const { resolve, signers } of toSign) resolve(signers)
    for (const { resolve, signature, message, publicKey } of toVerify) {
      resolve(this.#options.crypto.ed25519.verify(signature, message, publicKey))
    }
  }
}
