import type { OwnNode } from '#nodes'

/** Whether the gateway takes new requests, and which of its nodes do. */
export class Readiness {
  private started = false
  private draining = false
  private readonly unready = new Set<number>()

  /** Why a guard refuses a new request (onion requests §6.1), undefined when it does not. */
  get guardProblem(): string | undefined {
    if (this.draining) return 'shutting down'
    return this.started ? undefined : 'not done syncing'
  }

  /** Whether `node` takes a hop of a request that is already on its way; a gateway that drains still does. */
  isNodeReady({ index }: OwnNode): boolean {
    return this.started && !this.unready.has(index)
  }

  /** Takes one node out of service, or puts it back. */
  setNodeReady({ index }: OwnNode, isReady: boolean): void {
    if (isReady) this.unready.delete(index)
    else this.unready.add(index)
  }

  /** From now on requests are taken. */
  start(): void {
    this.started = true
  }

  /** From now on new requests are refused; those on their way are finished. */
  drain(): void {
    this.draining = true
  }

  /** From now on nothing is taken, not even a hop of a request on its way. */
  stop(): void {
    this.started = false
  }
}
