import { fromUtf8 } from '#crypto'
import { inBytes } from '../../output/words.ts'

/** Longest text that is shown, in characters. */
const LONGEST_TEXT = 200

/** A message as a person may look at it: its text if it is one, which messages of real clients are not. */
export function describeBody(body: Uint8Array): string {
  const text = fromUtf8(body)
  if (text === undefined || text === '' || text.length > LONGEST_TEXT || /\p{C}/u.test(text)) {
    return `${inBytes(body.length)}, not readable without the app`
  }
  return `${inBytes(body.length)}: ${text}`
}
