import { NOTIFICATION_ENDS, type NotificationBooks } from '#stores'

/** The books of a service as the metrics of a relay show them; undefined while there are none. */
export function shownBooks(metrics: string, service: string): NotificationBooks | undefined {
  const read = (entry: string): number | undefined => {
    const pattern = new RegExp(`^sotto_push_books\\{service="${service}",entry="${entry}"\\} (\\d+)$`, 'm')
    const [, value] = pattern.exec(metrics) ?? []
    return value === undefined ? undefined : Number(value)
  }
  const [accepted, waiting] = [read('accepted'), read('waiting')]
  if (accepted === undefined || waiting === undefined) return undefined
  const [handedOver = NaN, expired = NaN, tokenDead = NaN, givenUp = NaN] = NOTIFICATION_ENDS.map(read)
  const ends = { 'handed-over': handedOver, expired, 'token-dead': tokenDead, 'given-up': givenUp }
  return { accepted, waiting, ends }
}

/** How many notifications are in the four ends. */
export function ended({ ends }: NotificationBooks): number {
  return NOTIFICATION_ENDS.reduce((sum, end) => sum + ends[end], 0)
}
