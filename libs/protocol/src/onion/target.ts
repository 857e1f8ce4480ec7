/** Whether an exit may post to `target`: begins with `/loki/` or `/oxen/`, ends with `/lsrpc`, has no query (onion requests §5.2). */
export function isAllowedTarget(target: string): boolean {
  return (
    (target.startsWith('/loki/') || target.startsWith('/oxen/')) && target.endsWith('/lsrpc') && !target.includes('?')
  )
}
