import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LoadPlan, type LoadResult } from './load-client.ts'

/** Writes `requests` for the load client, runs it in its own process and returns what it measured. */
export async function runLoad(
  requests: readonly Uint8Array[],
  plan: Omit<LoadPlan, 'requestsFile'>,
): Promise<LoadResult> {
  // In memory where that is possible: hundreds of megabytes on their way to the disk would slow what is measured.
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'sotto-load-'))
  const requestsFile = join(directory, 'requests')
  try {
    const parts: Uint8Array[] = []
    for (const request of requests) {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(request.length)
      parts.push(length, request)
    }
    writeFileSync(requestsFile, Buffer.concat(parts))
    const script = join(import.meta.dirname, 'load-client.ts')
    const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify({ ...plan, requestsFile })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
    if (code !== 0) throw new Error(`the load client ended with code ${String(code)}`)
    return JSON.parse(output) as LoadResult
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Bytes of an HTTP/1.1 request with keep-alive. */
export function httpRequest(method: string, path: string, body?: Uint8Array): Buffer {
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${body ? `Content-Length: ${body.length}\r\n` : ''}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? new Uint8Array()])
}

/** Requests per second. */
export function rate(result: LoadResult): number {
  const bad = Object.entries(result.statuses).filter(([status]) => !status.startsWith('2'))
  if (bad.length > 0 || result.errors > 0) {
    throw new Error(`the load saw failures: ${JSON.stringify({ statuses: result.statuses, errors: result.errors })}`)
  }
  return result.requests / result.seconds
}
