/**
 * What may be said of an error: its code, its class and where it came from. The message stays out, because a library may have put user data into
 * it; the catalogue explains the code.
 */
export function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { name: typeof error }
  const described: Record<string, string> = nameAndCode(error)
  const frames = stackFrames(error)
  if (frames) described['stack'] = frames
  if (error.cause instanceof Error) {
    described['cause'] = Object.values(nameAndCode(error.cause)).join(' ')
  }
  return described
}

/** Names and codes are words of a program; anything else in their place may be data. */
const WORD = /^[A-Z][A-Za-z0-9_]{0,39}$/

function nameAndCode(error: Error): { name: string; code?: string } {
  const name = WORD.test(error.name) ? error.name : 'Error'
  return 'code' in error && typeof error.code === 'string' && WORD.test(error.code)
    ? { name, code: error.code }
    : { name }
}

/** `at function (place:line:column)` or `at place:line:column`. */
const FRAME = /^\s+at (?:.+ \(.+\)|.+:\d+:\d+|.+ \(native\))$/

/** The frames only, taken from the end: a message of several lines may contain text that looks like a frame. */
function stackFrames(error: Error): string {
  const stack = error.stack ?? ''
  const message = stack.indexOf(error.message)
  const lines = (message < 0 ? stack : stack.slice(message + error.message.length)).split('\n')
  const first = lines.findLastIndex((line) => !FRAME.test(line)) + 1
  return lines
    .slice(first, first + 8)
    .map((line) => line.trim())
    .join(' | ')
}
