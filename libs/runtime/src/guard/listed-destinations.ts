import { isIPv6 } from 'node:net'

const WITH_PORT = /^(\[[^\]]+\]|[^:[\]]+):(\d+)$/

/** The form in which destinations are compared: lower case, no brackets, no dot at the end, addresses as the URL parser writes them. */
export function destinationKey(host: string, port: number): string {
  const bare = host.replace(/^\[|\]$/g, '')
  const parsed = URL.parse(`http://${isIPv6(bare) ? `[${bare}]` : bare}/`)
  const name = parsed ? parsed.hostname.replace(/^\[|\]$/g, '') : bare.toLowerCase()
  return `${name.replace(/\.$/, '')} ${port}`
}

/** Keys of all destinations that `entries` allow: `host` (ports 80 and 443), `host:port`, IPv6 addresses with or without brackets. */
export function listedDestinations(entries: readonly string[]): ReadonlySet<string> {
  return new Set(
    entries.flatMap((entry) => {
      const [, host, port] = WITH_PORT.exec(entry.trim()) ?? []
      if (host !== undefined && port !== undefined) return [destinationKey(host, Number(port))]
      return [destinationKey(entry.trim(), 80), destinationKey(entry.trim(), 443)]
    }),
  )
}
