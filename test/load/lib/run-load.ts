import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LoadPlan, type LoadResult } from './load-client.ts'
import { runScript } from './run-script.ts'

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
    return await runScript<LoadResult>('load-client', { ...plan, requestsFile })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Bytes of an HTTP/1.1 request with keep-alive, unless `headers` says otherwise (each line with its `\\r\\n`). */
export function httpRequest(method: string, path: string, body?: Uint8Array, headers = ''): Buffer {
  const length = body ? `Content-Length: ${body.length}\r\n` : ''
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}${length}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? new Uint8Array()])
}

/** Requests per second. */
export function rate(result: LoadResult): number {
  const bad = Object.entries(result.statuses).filter(([status]) => !status.startsWith('2'))
  if (bad.length > 0 || result.errors > 0) {
    throw new Error(`the load saw failures: ${JSON.stringify({ statuses: result.statuses, errors: result.errors })}`)
  }
  if (result.requests === 0) throw new Error('the load got no answer')
  return result.requests / result.seconds
}
