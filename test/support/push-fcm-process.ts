import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { FcmCommand } from './fakes/fcm/main.ts'

/** A message that FCM has taken. */
export interface TakenByFcm {
  readonly token: string
  /** `enc_payload`, base64. */
  readonly payload: string
  readonly priority: string
}

/** FCM in a process of its own. */
export interface FcmProcess {
  /** What tells a push relay to use it. */
  readonly environment: Readonly<Record<string, string>>
  /** Resolves once it is obeyed. */
  command(command: FcmCommand): Promise<void>
  /** Everything that it has taken so far, in order. */
  received(): Promise<readonly TakenByFcm[]>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

const MAIN = join(import.meta.dirname, 'fakes/fcm/main.ts')

/** A line of its book. */
interface Received {
  readonly token: string
  readonly data: Readonly<Record<string, string>>
  readonly priority: string
}

/** Starts FCM and waits until it listens. */
export async function startFcmProcess(): Promise<FcmProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'sotto-fcm-'))
  const child = spawn(process.execPath, ['--no-warnings', MAIN, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('FCM has ended')
    return line.value
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
    }
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const { endpoint } = JSON.parse(await nextLine()) as { readonly endpoint: string }
    return {
      environment: {
        SOTTO_PUSH_FCM_URL: endpoint,
        SOTTO_PUSH_FCM_ACCOUNT_FILE: join(directory, 'service-account.json'),
      },
      command: async (command) => {
        child.stdin.write(`${JSON.stringify(command)}\n`)
        await nextLine()
      },
      received: async () =>
        (await readFile(join(directory, 'received.jsonl'), 'utf8'))
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Received)
          .map(({ token, data, priority }) => ({ token, payload: data['enc_payload'] ?? '', priority })),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
