import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is expected of one answer; `newest_version` is that of the newer generation where it differs. */
export interface PushExpectation {
  readonly response: unknown
  readonly message_exact: boolean
  readonly newest_version?: unknown
}

export interface PushRequestCase {
  readonly name: string
  readonly endpoint: string
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly body_text?: string
  readonly expect: PushExpectation
}

export interface PushSequence {
  readonly name: string
  readonly steps: readonly {
    readonly now: number
    readonly endpoint: string
    readonly body: unknown
    readonly expect: PushExpectation
    readonly rows_after: number
  }[]
}

export interface PushOnionCase {
  readonly name: string
  readonly http_path: string
  readonly server_x25519_priv: string
  readonly enc_type: 'xchacha20' | 'aes-gcm'
  readonly shared_key: string
  readonly request_body_b64: string
  readonly reply_http_body_b64: string
}

/** The vectors of the push service; times in seconds. */
export const pushVectors = JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/push.json'), 'utf8')) as {
  readonly now: number
  readonly services: readonly string[]
  readonly requests: readonly PushRequestCase[]
  readonly sequences: readonly PushSequence[]
  readonly onion: readonly PushOnionCase[]
}

/** What an answer is compared by: everything, or without its texts where the vectors do not fix them. */
export function comparable(answer: unknown, isExact: boolean): unknown {
  if (Array.isArray(answer)) return answer.map((one) => comparable(one, isExact))
  if (isExact || typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(Object.entries(answer).filter(([member]) => member !== 'message'))
}
