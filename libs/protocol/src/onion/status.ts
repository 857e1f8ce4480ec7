const SURVIVING: ReadonlySet<number> = new Set([200, 400, 401, 403, 404, 406, 410, 413, 421, 429, 502, 503, 504])

/** The status with which a relay passes on what the next node answered: itself if it survives a relay, else 500 (onion requests §6.3). */
export function relayStatus(status: number): number {
  return SURVIVING.has(status) ? status : 500
}
