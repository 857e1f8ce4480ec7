/**
 * The one catalogue of errors: stable code → what it means to whoever meets it. `docs/errors.md` is written from it (`npm run docs`), and a conformance test
 * proves that every code in the source is here and every code here is in the source.
 */
export interface CatalogueEntry {
  /** HTTP status under which the error leaves a service; 0 for errors that end a start or stay within a client. */
  readonly status: number
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  readonly meaning: string
}

export const ERROR_CATALOGUE: Readonly<Record<string, CatalogueEntry>> = {
  BUDGET_EXHAUSTED: { status: 503, retryable: true, meaning: 'Too many bytes are in flight; come back later.' },
  CONFIG_INVALID: {
    status: 0,
    retryable: false,
    meaning: 'A setting is missing or malformed; the message names each.',
  },
  DESTINATION_REFUSED: { status: 502, retryable: false, meaning: 'The exit does not serve this destination.' },
  DESTINATION_REPLY_TOO_LARGE: { status: 502, retryable: false, meaning: 'The outside server answered with too much.' },
  DESTINATION_TIMEOUT: { status: 504, retryable: true, meaning: 'The outside server did not answer in time.' },
  DESTINATION_UNREACHABLE: { status: 502, retryable: true, meaning: 'The outside server cannot be reached.' },
  PORT_UNAVAILABLE: {
    status: 0,
    retryable: false,
    meaning: 'A port is taken or may not be used; the message names the setting.',
  },
  SECRET_FILE_INVALID: { status: 0, retryable: false, meaning: 'A secret file cannot be read, made or understood.' },
}
