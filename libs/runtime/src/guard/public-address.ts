import { BlockList, isIP } from 'node:net'

/** Everything that is not plain public unicast (IANA special-purpose registries, RFC 6890 and its successors). */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special.addSubnet(network, prefix, 'ipv4')
}

/** Global unicast is 2000::/3; of that, tunnels that carry an IPv4 address inside and documentation ranges are no destinations either. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')
const specialV6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  specialV6.addSubnet(network, prefix, 'ipv6')
}

/** Whether `address` (a literal) is public unicast: not loopback, private, link-local, shared, multicast, documentation, or an IPv6 form of an IPv4 address. */
export function isPublicAddress(address: string): boolean {
  // A scope (`%eth0`) belongs to link-local addresses only.
  if (address.includes('%')) return false
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4')
    case 6:
      return globalUnicast.check(address, 'ipv6') && !specialV6.check(address, 'ipv6')
    default:
      return false
  }
}
