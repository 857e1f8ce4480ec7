import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FakeSubscription } from './fake-subscription.ts'
import type { WebPushFault } from './fault.ts'

/** A push service in a process of its own. */
export interface WebPushProcess {
  /** Origin of all endpoints. */
  readonly url: string
  readonly pid: number
  subscribe(): Promise<FakeSubscription['serviceInfo']>
  /** All requests meet the fault from now on, or none for null. */
  fail(fault: WebPushFault | null): Promise<void>
  /** Ends the process after it has written its last line. */
  stop(): Promise<void>
}

export interface WebPushProcessOptions {
  /** Gets a JSON line (`ReceivedPush`) for every message taken. */
  readonly file: string
  readonly opens: boolean
}

/** Starts the push service and waits until it listens. */
export async function startWebPushProcess({ file, opens }: WebPushProcessOptions): Promise<WebPushProcess> {
  const script = join(import.meta.dirname, 'main.ts')
  const flags = ['--no-warnings', '--conditions=source', '--experimental-transform-types']
  const child = spawn(process.execPath, [...flags, script, file, opens ? 'open' : 'closed'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const url = await listeningUrl(child)
  return {
    url,
    pid: child.pid ?? 0,
    subscribe: async () => (await call(`${url}/subscriptions`, 'POST')) as FakeSubscription['serviceInfo'],
    fail: async (fault) => void (await call(`${url}/fault`, 'PUT', JSON.stringify(fault))),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
    },
  }
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the push service ended with code ${String(code)}`)))
    let output = ''
    child.stdout?.on('data', (piece: Buffer) => {
      output += piece.toString()
      const url = /^listening (\S+)$/m.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
}

async function call(url: string, method: string, body?: string): Promise<unknown> {
  const reply = await fetch(url, { method, ...(body === undefined ? {} : { body }) })
  if (!reply.ok) throw new Error(`the push service answered with ${reply.status}`)
  return reply.json()
}
