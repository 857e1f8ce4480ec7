import { partitionOf } from './keys.ts'

/** Notifications of one queue in one partition. */
export interface Group<Member> {
  readonly service: string
  readonly partition: number
  readonly members: readonly Member[]
}

/** Notifications of the same queue and partition together, in order, at most `size` of them. */
export function groupByQueue<Member extends { readonly service: string; readonly device: Uint8Array }>(
  notifications: readonly Member[],
  size: number,
): Group<Member>[] {
  const groups = new Map<string, Group<Member> & { readonly members: Member[] }>()
  for (const one of notifications) {
    const { service, device } = one
    const partition = partitionOf(device)
    const name = `${partition}:${service}`
    const group = groups.get(name) ?? { service, partition, members: [] }
    group.members.push(one)
    groups.set(name, group)
  }
  return [...groups.values()].flatMap((group) =>
    inPieces(group.members, size).map((members) => ({ ...group, members })),
  )
}

/** The list in pieces of at most `size`. */
export function inPieces<Member>(members: readonly Member[], size: number): Member[][] {
  const count = Math.ceil(members.length / size)
  return Array.from({ length: count }, (_, index) => members.slice(index * size, (index + 1) * size))
}

/** The sum of what several commands answer. */
export async function sumOf(answers: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(answers)).reduce((sum, one) => sum + one, 0)
}
