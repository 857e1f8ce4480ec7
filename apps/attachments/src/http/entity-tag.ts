/** Whether an `If-None-Match` names `tag`, by weak comparison (RFC 9110 §13.1.2). */
export function matchesAny(header: string, tag: string): boolean {
  if (header.trim() === '*') return true
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag)
}

/** Whether an `If-Range` names `tag`, by strong comparison; a date never does, as no `Last-Modified` is sent (RFC 9110 §13.1.5). */
export function matchesStrongly(header: string, tag: string): boolean {
  return header.trim() === tag
}
