/**
 * `npm run bench` measures the built product; `npm run bench -- NAME…` only the groups named; `--write` puts the table into docs/benchmarks.md;
 * `--quick` makes the runs of the push groups short, to see that they work.
 * Every figure stands beside a baseline of the same run on the same machine. Benchmarks are no tests: they never fail a build.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { delivery } from './benches/delivery.ts'
import { handshakes } from './benches/handshakes.ts'
import { largeFiles } from './benches/large-files.ts'
import { mailboxGrowth } from './benches/mailbox-growth.ts'
import { mailboxes } from './benches/mailboxes.ts'
import { manyMailboxes } from './benches/many-mailboxes.ts'
import { manySubscriptions } from './benches/many-subscriptions.ts'
import { memory } from './benches/memory.ts'
import { onionHop } from './benches/onion-hop.ts'
import { onionMailboxes } from './benches/onion-mailboxes.ts'
import { providerOutage } from './benches/provider-outage.ts'
import { pushLatency } from './benches/push-latency.ts'
import { pushProviders } from './benches/push-providers.ts'
import { pushThroughput } from './benches/push-throughput.ts'
import { smallFiles } from './benches/small-files.ts'
import { subscriptions } from './benches/subscriptions.ts'
import { isQuick } from './lib/quick.ts'
import { type Row, table } from './lib/report.ts'

const benches = [
  smallFiles,
  largeFiles,
  onionHop,
  memory,
  mailboxes,
  onionMailboxes,
  handshakes,
  delivery,
  mailboxGrowth,
  manyMailboxes,
  subscriptions,
  pushLatency,
  pushThroughput,
  pushProviders,
  providerOutage,
  manySubscriptions,
]
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = names.filter((name) => !benches.some((bench) => bench.name === name))
if (unknown.length > 0) {
  console.error(`No bench named ${unknown.join(', ')}; there are ${benches.map((bench) => bench.name).join(', ')}.`)
  process.exit(1)
}

const isWriting = process.argv.includes('--write')
if (isWriting && isQuick) {
  console.error('Figures of a quick run are not for the document.')
  process.exit(1)
}

const rows: Row[] = []
for (const bench of benches.filter((candidate) => names.length === 0 || names.includes(candidate.name))) {
  console.error(`measuring ${bench.name} …`)
  const measured = await bench.run()
  console.error(table(measured))
  rows.push(...measured)
}
const machine = `Node ${process.version}, ${cpus().length} cores, load generator and server on the same machine, ${new Date().toISOString().slice(0, 10)}.`
console.log(`${machine}\n\n${table(rows)}`)

if (isWriting) {
  const file = join(import.meta.dirname, '../../docs/benchmarks.md')
  const before = readFileSync(file, 'utf8')
  const marked = /(<!-- results -->\n)[\s\S]*(\n<!-- \/results -->)/
  writeFileSync(
    file,
    before.replace(marked, (_all, begin: string, end: string) => `${begin}\n${machine}\n\n${table(rows)}\n${end}`),
  )
}
