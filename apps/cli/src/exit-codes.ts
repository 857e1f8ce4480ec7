/** What the shell learns. */
export const ExitCode = {
  Success: 0,
  Failure: 1,
  Usage: 2,
  /** The network or a server did not do its part; trying again may help. */
  Network: 3,
  /** No such file, here or there. */
  NotFound: 4,
  /** The key does not fit, or the bytes are not those that the URL promises. */
  Unreadable: 5,
  Interrupted: 130,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
