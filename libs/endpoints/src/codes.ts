/** Codes of answers that no error class stands behind; each is in docs/errors.md. */

/** No endpoint has this method and path. */
export const ROUTE_UNKNOWN = 'ROUTE_UNKNOWN'
/** The service failed for a reason that has no code of its own. */
export const INTERNAL_ERROR = 'INTERNAL_ERROR'
