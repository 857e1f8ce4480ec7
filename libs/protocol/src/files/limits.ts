/** Largest body a compatible file server must accept, in bytes: a full-size stream attachment (files §5.5). */
export const MAX_UPLOAD_SIZE = 10_223_616

/** Largest file a client offers to send, in bytes before encryption (files §5.5). */
export const MAX_PLAINTEXT = 10_000_000

/** Largest plaintext whose stream encryption still fits into `MAX_UPLOAD_SIZE`, in bytes (files §5.4). */
export const MAX_STREAM_PLAINTEXT = 10_218_286
