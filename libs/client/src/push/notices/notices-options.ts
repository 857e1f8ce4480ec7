import type { PushDevice } from '#protocol'
import type { Cursors } from '../../mailbox/cursors.ts'
import type { NoticeSource } from './message-notice.ts'
import type { SeenMessages } from './seen-messages.ts'

/** What both modes may be given. */
export interface NoticesOptions {
  readonly sources: readonly NoticeSource[]
  /** Told of everything that did not work and is tried again: a `ClientError`, or what the handler threw. */
  readonly onProblem: (problem: unknown) => void
  /** How far mailboxes were handed over; not to be shared with other readers. In memory if none are given. */
  readonly cursors?: Cursors
  /** In memory if none are given. */
  readonly seen?: SeenMessages
}

export interface SlowModeOptions extends NoticesOptions {
  /** From one request to the next, in milliseconds. */
  readonly intervalMs: number
  /**
   * How long a node that can may hold a request while there is nothing new, in milliseconds, at most 20,000; then messages come as soon as they are stored. 0 (the
   * default) does not hold. Nodes that cannot answer at once, and are asked at the interval.
   */
  readonly waitMs?: number
}

export interface FastModeOptions extends NoticesOptions {
  readonly device: PushDevice
  /** 32 bytes, made once for an installation and used for all its accounts. */
  readonly encryptionKey: Uint8Array
  /** Whether notifications carry the message if it is short enough; default true. Without, every one has the mailbox read. */
  readonly wantsData?: boolean
  /**
   * Whether a notification may stand for several messages, since the push service keeps only the last one; the mailboxes are then read after each. Default: for
   * the services of Apple.
   */
  readonly isLastOnly?: boolean
  /** Age at which subscriptions are renewed, in milliseconds; default 24 hours. */
  readonly renewEveryMs?: number
}
