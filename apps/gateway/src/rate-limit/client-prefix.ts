import { isIPv4 } from 'node:net'

/** Groups of 16 bits in an IPv6 address, and in the part of it that one subscriber is given: a /64. */
const GROUPS = 8
const PREFIX_GROUPS = 4

/**
 * What stands for one client in a limit: an IPv4 address, also when it is written as IPv6 (`::ffff:a.b.c.d`), or the /64 of an IPv6
 * address, since whoever has one address of it has all of them. `address` is what a socket says.
 */
export function clientPrefix(address: string): string {
  if (isIPv4(address)) return address
  const groups = groupsOf(address)
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return groups
    .slice(0, PREFIX_GROUPS)
    .map((group) => group.toString(16))
    .join(':')
}

function groupsOf(address: string): readonly number[] {
  const [text = ''] = address.split('%')
  const [head = '', tail] = text.split('::')
  const before = groupsIn(head)
  if (tail === undefined) return before
  const after = groupsIn(tail)
  return [...before, ...Array<number>(Math.max(0, GROUPS - before.length - after.length)).fill(0), ...after]
}

function groupsIn(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!isIPv4(group)) return [parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}
