import type { OnionNode } from './onion-node.ts'

/** A server behind the exit, as the discovery document names it. */
export interface ServiceRecord {
  /** Public URL without trailing slash; that of the attachment service is also the beginning of the URLs of its files. */
  readonly url: string
  readonly ed25519: string
  readonly x25519: string
}

export interface NetworkDescription {
  readonly nodes: readonly OnionNode[]
  readonly services: { readonly attachments?: ServiceRecord; readonly push?: ServiceRecord }
}

/** Where the node list comes from. Throws `DirectoryUnavailableError`, `TransportError`. */
export interface NodeSource {
  load(): Promise<NetworkDescription>
}

/** Time one try to fetch the list may take, in milliseconds (onion requests §10.1). */
export const SOURCE_TIMEOUT_MS = 5_000
