/** The /24 of an IPv4 address: the text before its last dot; any other address is a subnet of its own (onion requests §10.3). */
export function subnetOf(host: string): string {
  const match = /^(\d+\.\d+\.\d+)\.\d+$/.exec(host)
  return match?.[1] ?? host
}
