/** Base of every error this library throws; `code` is listed in docs/errors.md. */
export abstract class RuntimeError extends Error {
  abstract readonly code: string
}
