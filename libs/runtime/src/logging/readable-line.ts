/**
 * A log line for a person at a terminal, out of the JSON line that a machine would get: time, level, service and event, then the other fields as
 * `name=value`. Members of an object are named `object.member`; texts with blanks or quotes are quoted, so that one line stays one line.
 */
export function readableLine(json: string): string {
  const { time, level, service, event, ...fields } = JSON.parse(json) as Record<string, unknown>
  const clock = new Date(Number(time)).toISOString().slice(11, 23)
  const head = [clock, String(level).toUpperCase().padEnd(5), service, event]
  return `${[...head, ...pairs('', fields)].join(' ')}\n`
}

function pairs(prefix: string, fields: object): readonly string[] {
  return Object.entries(fields).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return pairs(`${prefix}${name}.`, value)
    const text = String(value)
    return `${prefix}${name}=${/^[^\s"]+$/.test(text) ? text : JSON.stringify(text)}`
  })
}
