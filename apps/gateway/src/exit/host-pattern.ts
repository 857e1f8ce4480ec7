/** A host that a configuration names, with a port or for the default ports only. */
export interface HostPattern {
  /** In lower case; an IPv6 address in brackets. */
  readonly host: string
  readonly port: number | undefined
}

const PATTERN = /^(?<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(?<port>\d{1,5}))?$/

/** Reads `host` or `host:port`; undefined for anything else. */
export function parseHostPattern(text: string): HostPattern | undefined {
  const { host, port } = PATTERN.exec(text.trim().toLowerCase())?.groups ?? {}
  if (host === undefined) return undefined
  if (port === undefined) return { host, port: undefined }
  return Number(port) >= 1 && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined
}

/** Whether one of `patterns` names `host` (in lower case) with this port; one without port means the protocol's own and 443. */
export function findHost(
  patterns: readonly HostPattern[],
  host: string,
  port: number,
  protocol: 'http' | 'https',
): boolean {
  return patterns.some((pattern) => pattern.host === host && fitsPort(pattern.port, port, protocol))
}

/** A control for `http` that names no port says 443, its default (onion requests §4.1). */
function fitsPort(wanted: number | undefined, port: number, protocol: 'http' | 'https'): boolean {
  if (wanted !== undefined) return wanted === port
  return port === 443 || (protocol === 'http' && port === 80)
}

/** The text that `parseHostPattern` reads as `pattern`. */
export function formatHostPattern({ host, port }: HostPattern): string {
  return port === undefined ? host : `${host}:${port}`
}
