import { BudgetExhaustedError, type ByteBudget } from '#runtime'
import { SealedBusyError } from '../errors.ts'

/** The memory that sealed requests may take up at once. */
export interface SealedMemory {
  /**
   * Waits until `bytes` are free, for a while, and takes them; the function it returns gives them back. Throws `SealedBusyError`.
   */
  reserve(bytes: number): Promise<() => void>
}

/** Memory out of the process's budget; a request waits for it up to `waitMs`. */
export function sealedMemory(budget: ByteBudget, waitMs: number): SealedMemory {
  return {
    async reserve(bytes) {
      try {
        const reservation = budget.tryReserve(bytes) ?? (await budget.reserve(bytes, AbortSignal.timeout(waitMs)))
        return () => reservation.release()
      } catch (cause) {
        if (cause instanceof BudgetExhaustedError) throw new SealedBusyError({ cause })
        throw cause
      }
    },
  }
}
