/**
 * FCM in a process of its own for tests that need a fault of some tokens: `node push-fcm-main.ts <directory>`. It keeps `service-account.json` in the directory and
 * appends a line of JSON to `received.jsonl` for each message it takes, before it answers. It prints one line of JSON with its `endpoint` and obeys a
 * `FcmCommand` in each line of standard input, which it answers with an empty line. Ends when its standard input does.
 */
import { openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type FcmFault, startFcmFake } from './fakes/fcm/index.ts'

/** What is there is done. */
export interface FcmCommand {
  /** For every request from now on that no other fault is for; null: none. */
  readonly fault?: FcmFault | null
  /** For the next requests, one each. */
  readonly nextFaults?: readonly FcmFault[]
  /** For every request with one of these tokens. */
  readonly tokenFaults?: Readonly<Record<string, FcmFault>>
}

const [directory = '.'] = process.argv.slice(2)
const received = openSync(join(directory, 'received.jsonl'), 'a')
const fake = await startFcmFake({
  messages: 'read',
  // Through the kernel before the answer: what was answered is in the file, whoever is killed.
  onMessage: ({ token, data, priority }) => {
    writeSync(received, `${JSON.stringify({ token, payload: data['enc_payload'], priority })}\n`)
  },
})
writeFileSync(join(directory, 'service-account.json'), JSON.stringify(fake.account), { mode: 0o600 })
console.log(JSON.stringify({ endpoint: fake.endpoint }))

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line) as FcmCommand))
  .on('close', () => void fake.stop())

function obey({ fault, nextFaults = [], tokenFaults = {} }: FcmCommand): void {
  if (fault !== undefined) fake.messages.fault = fault ?? undefined
  fake.messages.nextFaults.push(...nextFaults)
  for (const [token, one] of Object.entries(tokenFaults)) fake.messages.tokenFaults.set(token, one)
  console.log()
}
