import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type ApnsFakeAnswer, startApnsFake } from './apns-fake.ts'

/** What the first argument says, as JSON. */
export interface ApnsFakeProcessOptions {
  /** Where `ca.pem` and `key.p8` go, and `delivered.jsonl` unless it only counts. */
  readonly directory: string
  readonly recording?: 'all' | 'count'
  readonly streams?: number
  readonly port?: number
  readonly topic?: string
}

/** One line of standard input: each member that is there is done. */
export interface ApnsFakeCommand {
  readonly delayMs?: number
  /** What every good request gets from now on; null: 200 again. */
  readonly answer?: ApnsFakeAnswer | null
  readonly answerNext?: readonly ApnsFakeAnswer[]
  readonly goAway?: { readonly code?: number; readonly lastStreamId?: number }
  readonly streams?: number
  readonly breakConnections?: true
  /** Prints a line with the counters. */
  readonly count?: true
}

const { directory, recording = 'all', ...options } = JSON.parse(process.argv[2] ?? '') as ApnsFakeProcessOptions
mkdirSync(directory, { recursive: true })
const file = recording === 'all' ? openSync(join(directory, 'delivered.jsonl'), 'a') : undefined
const fake = await startApnsFake({
  ...options,
  recording: 'count',
  ...(file === undefined
    ? {}
    : { onDelivered: ({ headers, body }) => void writeSync(file, `${JSON.stringify({ headers, body })}\n`) }),
})
const { ca, key, ...access } = fake.access
writeFileSync(join(directory, 'ca.pem'), ca)
writeFileSync(join(directory, 'key.p8'), key, { mode: 0o600 })
print({ ...access, caFile: join(directory, 'ca.pem'), keyFile: join(directory, 'key.p8') })

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line) as ApnsFakeCommand))
  .on('close', () => void fake.close())

function obey({ delayMs, answer, answerNext, goAway, streams, breakConnections, count }: ApnsFakeCommand): void {
  if (delayMs !== undefined) fake.delayMs = delayMs
  if (answer !== undefined) fake.answer = () => answer ?? undefined
  if (answerNext !== undefined) fake.answerNext(...answerNext)
  if (goAway !== undefined) fake.goAway(goAway)
  if (streams !== undefined) void fake.allowStreams(streams)
  if (breakConnections === true) fake.breakConnections()
  const { looked, delivered, sessions, sessionsOpened } = fake
  if (count === true) print({ looked, delivered, sessions, sessionsOpened })
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
