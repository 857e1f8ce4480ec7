/** What a node did with a layer: handed it on, answered itself, posted it to a server, or refused it. */
export type LayerKind = 'relay' | 'destination' | 'server' | 'error'

/** Where the onion path tells what happens; nothing that identifies anybody is ever passed. */
export interface OnionObserver {
  layerAnswered(kind: LayerKind, status: number): void
  /** Something failed that the client sees as a plain answer of the path; `error` carries a code and no contents. */
  failed(where: 'storage-rpc' | 'service' | 'outside' | 'foreign-node' | 'door', error: unknown): void
}
