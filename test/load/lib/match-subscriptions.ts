/**
 * What it costs to find out who wants a message, with few subscriptions and with many, in the same kind of store. Fills both stores first. Started with
 * one JSON argument; prints one JSON line.
 */
import { type MatchedStore, MatchedSubscriptions } from './matched-subscriptions.ts'
import { median } from './median.ts'

export interface MatchPlan {
  readonly few: MatchedStore
  readonly many: MatchedStore
  readonly fewCount: number
  readonly manyCount: number
  /** Filling stops with fewer after that time. */
  readonly fillSeconds: number
  readonly rounds: number
  /** Messages of a round. */
  readonly messages: number
  /** 32 bytes in hex. */
  readonly secret: string
}

export interface MatchResult {
  /** How many subscriptions the many are. */
  readonly filled: number
  readonly fillSeconds: number
  /** Bytes that the many take up, those of the empty store left out. */
  readonly bytes: number
  /** Microseconds for one message. */
  readonly lookUp: Costs
  readonly step: Costs
}

export interface Costs {
  readonly few: number
  readonly many: number
}

async function run(plan: MatchPlan): Promise<MatchResult> {
  const few = await MatchedSubscriptions.open(plan.few, plan.secret)
  const many = await MatchedSubscriptions.open(plan.many, plan.secret)
  await few.fill(plan.fewCount, plan.fillSeconds)
  const before = await many.bytes()
  const begin = performance.now()
  const filled = await many.fill(plan.manyCount, plan.fillSeconds)
  const fillSeconds = (performance.now() - begin) / 1_000
  const bytes = (await many.bytes()) - before
  const lookUp = await compare([few, many], plan.rounds, (one) => one.lookUp(plan.messages))
  const step = await compare([few, many], plan.rounds, (one) => one.step(plan.messages))
  return { filled, fillSeconds, bytes, lookUp, step }
}

/** The median cost for the few and for the many, measured in turns so that both meet the same moods of the machine. */
async function compare(
  [few, many]: readonly [MatchedSubscriptions, MatchedSubscriptions],
  rounds: number,
  cost: (one: MatchedSubscriptions) => Promise<number>,
): Promise<Costs> {
  const costs = { few: [] as number[], many: [] as number[] }
  // One round more, which does not count: whatever is read for the first time.
  for (let round = 0; round <= rounds; round++) {
    const both = { few: await cost(few), many: await cost(many) }
    if (round === 0) continue
    costs.few.push(both.few)
    costs.many.push(both.many)
  }
  return { few: median(costs.few), many: median(costs.many) }
}

const result = await run(JSON.parse(process.argv[2] ?? '') as MatchPlan)
process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
