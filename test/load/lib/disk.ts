import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes per second of plain sequential writes of 10-MB files, each synced before the next; the yardstick for durable uploads. */
export function sustainedDiskRate(seconds: number): number {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-disk-'))
  const body = Buffer.alloc(10_000_000, 5)
  const begin = performance.now()
  let written = 0
  try {
    for (let i = 0; performance.now() - begin < seconds * 1000; i++) {
      const file = openSync(join(directory, String(i)), 'wx')
      writeSync(file, body)
      fsyncSync(file)
      closeSync(file)
      written += body.length
    }
    return written / ((performance.now() - begin) / 1000)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
