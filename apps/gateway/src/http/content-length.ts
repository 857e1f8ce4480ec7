/** The number in a `content-length` header; undefined when there is none that is a number. */
export function contentLength(header: string | readonly string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined
}
