import { BadContractError } from '../errors.ts'

const TOKEN = /^[a-z]+(-[a-z]+)*$/
const MAX_TOKEN_LENGTH = 32
const MAX_TOKENS = 6

/**
 * Returns `subject` when it is two to six dot-separated words of lower-case letters and hyphens, each at most 32 long.
 * Digits, capitals and wildcards are refused: an id, key or hash cannot be part of a subject. Throws `BadContractError`.
 */
export function assertSubject(subject: string): string {
  const tokens = subject.split('.')
  const fits = tokens.every((token) => token.length <= MAX_TOKEN_LENGTH && TOKEN.test(token))
  if (!fits || tokens.length < 2 || tokens.length > MAX_TOKENS) {
    throw new BadContractError(
      'a subject is two to six dot-separated words of lower-case letters, such as sotto.push.describe',
    )
  }
  return subject
}
