import { fromHex, toHex } from '#crypto'
import { FileUrlError } from './errors.ts'
import { isWellFormedFileId } from './file-id.ts'

/** What the URL of a file says (files §5.6). */
export interface FileUrl {
  readonly protocol: 'http' | 'https'
  /** Name or address of the file server, without port. */
  readonly host: string
  readonly port: number
  readonly id: string
  /** Ed25519 key of the server, 64 hex characters in lower case; undefined means the default server's. */
  readonly pubkeyEd25519: string | undefined
  /** Whether the file is encrypted with the stream scheme. */
  readonly deterministic: boolean
  /** Profile key that desktop clients carry along, in hex. */
  readonly profileKey: string | undefined
  /** Address, with port if it has one, under which Session Router reaches the server. */
  readonly sessionRouter: string | undefined
}

/** What `formatFileUrl` needs: `server` is the public URL of the file server, without path. */
export interface FileUrlParts {
  readonly server: string
  readonly id: string
  readonly pubkeyEd25519?: string | undefined
  readonly deterministic?: boolean
  readonly profileKey?: string | undefined
  readonly sessionRouter?: string | undefined
}

/**
 * Reads the URL of a file (files §5.6). The path must be exactly `/file/<id>` or the old `/files/<id>`, so that the files of communities are
 * not taken for those of a file server. Throws `FileUrlError`.
 */
export function parseFileUrl(text: string): FileUrl {
  const url = parseUrl(text)
  const id = /^\/files?\/([^/]+)$/.exec(url.pathname)?.[1]
  if (id === undefined || !isWellFormedFileId(id)) throw new FileUrlError('the path of a file URL must be /file/<id>')
  if (url.search !== '') throw new FileUrlError('a file URL has no query')
  if (url.username !== '' || url.password !== '') throw new FileUrlError('a file URL has no user name')
  const protocol = url.protocol === 'https:' ? 'https' : 'http'
  const fragment = parseFragment(url.hash.slice(1))
  return {
    protocol,
    host: url.hostname,
    port: url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port),
    id,
    pubkeyEd25519: hexPart(fragment, 'p', 32),
    deterministic: fragment.has('d'),
    profileKey: hexPart(fragment, 'e'),
    sessionRouter: fragment.get('sr'),
  }
}

/** The URL of a file as it is put into messages; the fragment is left out when there is nothing to say (files §5.6). */
export function formatFileUrl(parts: FileUrlParts): string {
  if (!isWellFormedFileId(parts.id)) throw new FileUrlError('the file id is not well formed')
  const fragment: string[] = []
  if (parts.pubkeyEd25519 !== undefined) fragment.push(`p=${parts.pubkeyEd25519}`)
  if (parts.deterministic === true) fragment.push('d')
  if (parts.profileKey !== undefined) fragment.push(`e=${parts.profileKey}`)
  if (parts.sessionRouter !== undefined) fragment.push(`sr=${parts.sessionRouter}`)
  const tail = fragment.length > 0 ? `#${fragment.join('&')}` : ''
  return `${parts.server.replace(/\/$/, '')}/file/${parts.id}${tail}`
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new FileUrlError('a file URL begins with http:// or https://')
  }
  return url
}

function parseFragment(fragment: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>()
  for (const part of fragment.split('&')) {
    const equals = part.indexOf('=')
    if (equals < 0) parts.set(part, '')
    else parts.set(part.slice(0, equals), part.slice(equals + 1))
  }
  return parts
}

function hexPart(fragment: ReadonlyMap<string, string>, name: string, length?: number): string | undefined {
  const text = fragment.get(name)
  if (text === undefined) return undefined
  const bytes = fromHex(text, length)
  if (bytes === undefined) throw new FileUrlError(`the part ${name} of the fragment is not the hex text it must be`)
  return toHex(bytes)
}
