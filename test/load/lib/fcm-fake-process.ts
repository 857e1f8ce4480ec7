import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Token of a message, and when it came, in nanoseconds of `process.hrtime`. */
export type Arrival = readonly [token: string, at: number]

/** FCM in a process of its own. */
export interface FcmFakeProcess {
  /** What tells a relay to use it. */
  readonly environment: Readonly<Record<string, string>>
  readonly accountFile: string
  readonly endpoint: string
  /** Messages that it has taken. */
  taken(): Promise<number>
  /** What has come since the last time. */
  arrivals(): Promise<readonly Arrival[]>
  stop(): Promise<void>
}

/** Starts it and waits until it listens. In a directory with the account of an earlier one it takes that one's place. */
export async function startFcmFakeProcess(
  directory: string,
  mode: 'count' | 'stamp',
  port = 0,
): Promise<FcmFakeProcess> {
  const script = join(import.meta.dirname, 'fcm-fake-main.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, directory, String(port), mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async <Line>(): Promise<Line> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('FCM has ended')
    return JSON.parse(line.value) as Line
  }
  const { endpoint } = await nextLine<{ readonly endpoint: string }>()
  const accountFile = join(directory, 'service-account.json')
  const ask = <Line>(question: string): Promise<Line> => {
    child.stdin.write(`${question}\n`)
    return nextLine<Line>()
  }
  return {
    environment: { SOTTO_PUSH_FCM_URL: endpoint, SOTTO_PUSH_FCM_ACCOUNT_FILE: accountFile },
    accountFile,
    endpoint,
    taken: () => ask<number>('count'),
    arrivals: () => ask<Arrival[]>('arrivals'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    },
  }
}
