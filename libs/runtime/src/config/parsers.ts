/**
 * Parsers of one variable's text. Each is a zod schema from string to value, whose message completes the sentence
 * "SOTTO_X must be …".
 */
import { z } from 'zod'

const BYTES = /^(\d+)\s*(b|kb|mb|gb|kib|mib|gib)?$/i
const BYTE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
}
const DURATION = /^(\d+)\s*(ms|s|m|h|d)$/i
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function parser<T>(expected: string, parse: (text: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = parse(text.trim())
    if (value === undefined) {
      context.addIssue({ code: 'custom', message: expected })
      return z.NEVER
    }
    return value
  })
}

/** A number with a unit, in the smallest unit; undefined for an unknown form and for more than can be counted exactly. */
function quantity(match: RegExpExecArray | null, units: Readonly<Record<string, number>>): number | undefined {
  if (!match) return undefined
  const amount = Number(match[1]) * (units[(match[2] ?? 'b').toLowerCase()] ?? 1)
  return Number.isSafeInteger(amount) ? amount : undefined
}

function integer(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** A non-empty text. */
export const text = (): z.ZodType<string, string> => parser('a text that is not empty', (value) => value || undefined)

/** A whole number from `minimum` to `maximum`. */
export const wholeNumber = (minimum: number, maximum: number): z.ZodType<number, string> =>
  parser(`a whole number from ${minimum} to ${maximum}`, (value) => {
    const number = integer(value)
    return number !== undefined && number >= minimum && number <= maximum ? number : undefined
  })

/** A TCP port; 0 asks the system for a free one. */
export const port = (): z.ZodType<number, string> => wholeNumber(0, 65535)

/** A number of bytes: digits alone or with a unit (`10mb` = 10,000,000; `10mib` = 10,485,760). */
export const byteSize = (): z.ZodType<number, string> =>
  parser('a number of bytes, such as 65536, 10mb or 16mib', (value) => quantity(BYTES.exec(value), BYTE_UNITS))

/** A duration in milliseconds, from `250ms`, `15s`, `10m`, `2h` or `14d`. */
export const duration = (): z.ZodType<number, string> =>
  parser('a duration, such as 250ms, 15s, 10m, 2h or 14d', (value) => quantity(DURATION.exec(value), DURATION_UNITS))

/** `true`, `false`, `1`, `0`, `yes`, `no`, `on` or `off`. */
export const flag = (): z.ZodType<boolean, string> =>
  parser('true or false', (value) => {
    if (/^(true|1|yes|on)$/i.test(value)) return true
    return /^(false|0|no|off)$/i.test(value) ? false : undefined
  })

/** One of `values`. */
export const oneOf = <const T extends readonly string[]>(...values: T): z.ZodType<T[number], string> =>
  parser(`one of ${values.join(', ')}`, (value) => values.find((candidate) => candidate === value))

/** An absolute http or https URL without a trailing slash. */
export const url = (...protocols: readonly string[]): z.ZodType<string, string> => {
  const allowed = protocols.length > 0 ? protocols : ['http', 'https']
  return parser(`a URL that begins with ${allowed.map((name) => `${name}://`).join(' or ')}`, (value) => {
    const parsed = URL.parse(value)
    if (!parsed || !allowed.includes(parsed.protocol.slice(0, -1))) return undefined
    // The URL parser would also take `http:host`, and for other protocols no host at all.
    if (!value.toLowerCase().startsWith(`${parsed.protocol}//`) || parsed.hostname === '') return undefined
    return value.replace(/\/+$/, '')
  })
}

/** Texts separated by commas; blanks around them and empty ones fall away. */
export const list = (): z.ZodType<readonly string[], string> =>
  parser('a list separated by commas', (value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )

/** `name=value` pairs separated by commas, each name once. */
export const pairs = (): z.ZodType<ReadonlyMap<string, string>, string> =>
  parser('a list of name=value separated by commas', (value) => {
    const map = new Map<string, string>()
    for (const part of value.split(',')) {
      if (part.trim() === '') continue
      const [name, target, ...rest] = part.split('=').map((piece) => piece.trim())
      if (!name || !target || rest.length > 0 || map.has(name)) return undefined
      map.set(name, target)
    }
    return map
  })

/** `length` bytes as hex. */
export const hexBytes = (length: number): z.ZodType<Uint8Array, string> =>
  parser(`${2 * length} hex digits`, (value) =>
    value.length === 2 * length && /^[0-9a-f]*$/i.test(value) ? Uint8Array.from(Buffer.from(value, 'hex')) : undefined,
  )

/** An IPv4 or IPv6 literal. */
export const ipAddress = (): z.ZodType<string, string> =>
  parser('an IPv4 or IPv6 address', (value) =>
    z.ipv4().safeParse(value).success || z.ipv6().safeParse(value).success ? value : undefined,
  )
