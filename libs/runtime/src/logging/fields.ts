/**
 * The allow-list of log fields. Whatever is not here does not reach a log line, so that an address, id, token or hash cannot get there by
 * accident: a new field is a deliberate change of this file.
 */
export const LOG_FIELDS = [
  'attempt',
  'bytes',
  'code',
  'count',
  'door',
  'durationMs',
  'kind',
  'method',
  'mode',
  'name',
  'nodes',
  'port',
  'provider',
  'reason',
  'route',
  'signal',
  'stage',
  'status',
  'store',
  'version',
] as const

export type LogField = (typeof LOG_FIELDS)[number]
export type LogFields = { readonly [F in LogField]?: string | number | boolean | undefined }

const MAX_TEXT_LENGTH = 200
/** Session ids, keys, hashes and file ids have this form; no name, route or reason of ours does. */
const IDENTIFIER = /[0-9a-f]{32,}|[\w-]{43,}/i
const allowed: ReadonlySet<string> = new Set(LOG_FIELDS)

/** Only the allowed fields with scalar values, texts cut to 200 characters and without ids, keys or hashes in them; `dropped` counts the rest. */
export function allowedFields(fields: object): { readonly kept: Record<string, unknown>; readonly dropped: number } {
  const kept: Record<string, unknown> = {}
  let dropped = 0
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (value === undefined) continue
    if (!allowed.has(name)) dropped++
    else if (typeof value === 'string' && !IDENTIFIER.test(value)) kept[name] = value.slice(0, MAX_TEXT_LENGTH)
    else if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value
    else dropped++
  }
  return { kept, dropped }
}
