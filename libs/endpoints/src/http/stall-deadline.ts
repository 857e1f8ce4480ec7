/** How long a peer may stay silent, on a clock that all exchanges share. */
export interface StallDeadline {
  /** Calls `expire` after the deadline unless the function it returns is called before. */
  start(expire: () => void): () => void
}
