/**
 * What may be said of an error: its code, its class and where it came from. The message stays out, because a library may have put user data into
 * it; the catalogue explains the code.
 */
export function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { name: typeof error }
  const described: Record<string, string> = { name: error.name }
  if ('code' in error && typeof error.code === 'string') described['code'] = error.code
  const frames = stackFrames(error)
  if (frames) described['stack'] = frames
  if (error.cause instanceof Error) {
    const cause = describeError(error.cause)
    described['cause'] = [cause['name'], cause['code']].filter(Boolean).join(' ')
  }
  return described
}

function stackFrames(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return lines
    .slice(0, 8)
    .map((line) => line.trim())
    .join(' | ')
}
