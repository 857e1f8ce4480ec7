/** What the event loop says to a hash worker. A worker answers every `update` and `digest`, in order for each hasher. */
export type HashRequest =
  | { readonly kind: 'update'; readonly hasher: number; readonly piece: Uint8Array; readonly length: number }
  | { readonly kind: 'digest'; readonly hasher: number }
  | { readonly kind: 'discard'; readonly hasher: number }

export interface HashAnswer {
  readonly hasher: number
  /** The content id, in answer to `digest`. */
  readonly id?: string
}
