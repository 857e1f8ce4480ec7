/** Codes of answers that no error class stands behind; each is in docs/errors.md. */

/** The platform or the release channel of a version query is none that exists. */
export const RELEASE_UNKNOWN = 'RELEASE_UNKNOWN'
/** The operator has named no source of releases, or it holds none yet. */
export const RELEASE_NOT_KNOWN = 'RELEASE_NOT_KNOWN'
/** The operator has named no source of token figures, or it holds none yet. */
export const TOKEN_INFO_NOT_KNOWN = 'TOKEN_INFO_NOT_KNOWN'
/** The operator has named no source of network figures, or it holds none yet. */
export const NETWORK_INFO_NOT_KNOWN = 'NETWORK_INFO_NOT_KNOWN'
