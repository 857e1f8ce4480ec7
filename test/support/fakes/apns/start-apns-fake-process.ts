import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ApnsFakeCommand, ApnsFakeProcessOptions } from './apns-fake-main.ts'

export interface ApnsFakeCounters {
  readonly looked: number
  readonly delivered: number
  readonly sessions: number
  readonly sessionsOpened: number
}

/** The fake in a process of its own. */
export interface ApnsFakeProcess {
  readonly endpoint: string
  readonly caFile: string
  readonly keyFile: string
  readonly keyId: string
  readonly teamId: string
  readonly pid: number
  command(command: Omit<ApnsFakeCommand, 'count'>): void
  counters(): Promise<ApnsFakeCounters>
  /** What has been taken so far; empty when it only counts. */
  delivered(): readonly { readonly headers: Readonly<Record<string, string>>; readonly body: string }[]
  stop(): Promise<void>
}

/** Starts the fake as a process and waits until it listens. */
export async function startApnsFakeProcess(options: ApnsFakeProcessOptions): Promise<ApnsFakeProcess> {
  const script = join(import.meta.dirname, 'apns-fake-main.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async <Line>(): Promise<Line> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('the APNs fake has ended')
    return JSON.parse(line.value) as Line
  }
  const access = await nextLine<Pick<ApnsFakeProcess, 'endpoint' | 'caFile' | 'keyFile' | 'keyId' | 'teamId'>>()
  const write = (command: ApnsFakeCommand): void => void child.stdin.write(`${JSON.stringify(command)}\n`)
  return {
    ...access,
    pid: child.pid ?? 0,
    command: write,
    counters: () => {
      write({ count: true })
      return nextLine<ApnsFakeCounters>()
    },
    delivered: () => {
      const text = options.recording === 'count' ? '' : readFileSync(join(options.directory, 'delivered.jsonl'), 'utf8')
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { headers: Record<string, string>; body: string })
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    },
  }
}
