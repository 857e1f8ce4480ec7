import { SingleBar } from 'cli-progress'
import type { TransferProgress } from '#client'
import type { CliContext } from '../context.ts'

/** How long, in milliseconds, a transfer may take before a bar is worth showing. */
const PATIENCE_MS = 500

export interface ProgressDisplay {
  update(progress: TransferProgress): void
  /** Removes the bar. */
  stop(): void
}

/** A bar on the terminal for transfers that take long; nothing where no person looks. */
export function createProgressDisplay(context: CliContext): ProgressDisplay {
  const { terminal } = context.console
  if (terminal === undefined) return { update: () => undefined, stop: () => undefined }
  const startedAt = context.now()
  let bar: SingleBar | undefined
  return {
    update: ({ direction, bytes, total }) => {
      if (total === undefined || context.now() - startedAt < PATIENCE_MS) return
      const payload = { doing: direction === 'sending' ? 'Sending  ' : 'Receiving' }
      if (bar === undefined) {
        bar = createBar(terminal)
        bar.start(total, bytes, payload)
      }
      bar.setTotal(total)
      bar.update(bytes, payload)
    },
    stop: () => bar?.stop(),
  }
}

function createBar(stream: NodeJS.WritableStream): SingleBar {
  return new SingleBar({
    stream,
    format: '{doing} {bar} {percentage} % of {total} bytes',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  })
}
