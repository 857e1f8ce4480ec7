/** An IP address as it stands in a URL: an IPv6 one in brackets. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
