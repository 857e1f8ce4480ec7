import type { TakenNotification } from '#stores'
import type { OutgoingNotification } from '../providers/provider.ts'

/** What the queue keeps of a notification, read: all that a provider gets but its time. */
export type OpenedContent = Omit<OutgoingNotification, 'expiresAt'>

/** What becomes one request to a provider: one notification, or several for the same device of which only the newest is sent. */
export class WakeUp {
  /** Keyed digest of service and token, 16 bytes. */
  readonly device: Uint8Array
  #notifications: TakenNotification[]

  constructor(first: TakenNotification) {
    this.device = first.device
    this.#notifications = [first]
  }

  get notifications(): readonly TakenNotification[] {
    return this.#notifications
  }

  add(notification: TakenNotification): void {
    this.#notifications.push(notification)
  }

  /** Removes those for which `isGone` holds and returns them. */
  remove(isGone: (notification: TakenNotification) => boolean): readonly TakenNotification[] {
    const kept: TakenNotification[] = []
    const gone: TakenNotification[] = []
    for (const notification of this.#notifications) (isGone(notification) ? gone : kept).push(notification)
    if (gone.length > 0) this.#notifications = kept
    return gone
  }

  /**
   * The newest with the urgency of the most urgent, and what each says. Those that `open` throws for are told to `unreadable` and removed;
   * undefined when none is left.
   */
  compose(
    open: (content: Uint8Array) => OpenedContent,
    unreadable: (notification: TakenNotification, error: unknown) => void,
  ): ComposedWakeUp | undefined {
    let composed: ComposedWakeUp | undefined
    let isUrgent = false
    this.remove((notification) => {
      try {
        const outgoing = { ...open(notification.content), expiresAt: notification.expiresAt }
        isUrgent ||= outgoing.isUrgent
        // Of those accepted in the same millisecond the one that was taken last is the newest.
        if (composed === undefined || notification.acceptedAt >= composed.newest.acceptedAt) {
          composed = { newest: notification, outgoing }
        }
        return false
      } catch (error) {
        unreadable(notification, error)
        return true
      }
    })
    if (composed === undefined || composed.outgoing.isUrgent === isUrgent) return composed
    return { newest: composed.newest, outgoing: { ...composed.outgoing, isUrgent } }
  }
}

export interface ComposedWakeUp {
  readonly newest: TakenNotification
  readonly outgoing: OutgoingNotification
}
