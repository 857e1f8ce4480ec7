import { bytesReply, type Endpoint, type EndpointReply, type EndpointRequest } from '#endpoints'
import { isContentId } from '#protocol'
import type { FileRecord } from '#stores'
import type { FilesContext } from '../files/context.ts'
import { fileBytes, openFile, type OpenFile } from '../files/open-file.ts'
import { matchesAny, matchesStrongly } from '../http/entity-tag.ts'
import { parseRange } from '../http/range.ts'

const NOTHING = new Uint8Array(0)
const OCTETS = 'application/octet-stream'

/** `GET /file/<id>`: the raw bytes (files §2.4), with ranges and validators (RFC 9110 §13, §14). */
export function downloadFile(context: FilesContext): Endpoint {
  return {
    method: 'GET',
    route: '/file/:id',
    async handle(request) {
      const file = await openFile(context, request.params['id'])
      return download(context, request, file)
    },
  }
}

async function download(context: FilesContext, request: EndpointRequest, file: OpenFile): Promise<EndpointReply> {
  const { record } = file
  const tag = entityTag(record)
  const headers = fileHeaders(record, tag, context.now())
  const noneMatch = request.headers['if-none-match']
  if (noneMatch !== undefined && matchesAny(noneMatch, tag)) return { status: 304, headers, body: NOTHING }
  // Ranges are defined for GET only (RFC 9110 §14.2).
  if (request.method === 'HEAD') {
    return bytesReply(200, OCTETS, { length: record.size, chunks: nothing() }, headers)
  }
  const wanted = request.headers['range']
  const ifRange = request.headers['if-range']
  const applies = wanted !== undefined && (ifRange === undefined || matchesStrongly(ifRange, tag))
  const range = applies ? parseRange(wanted, record.size) : 'whole'
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: { 'content-range': `bytes */${record.size}`, 'accept-ranges': 'bytes' },
      body: NOTHING,
    }
  }
  if (range === 'whole') {
    const body = await fileBytes(context, file)
    context.events.downloaded(record.size)
    return bytesReply(200, OCTETS, body, headers)
  }
  const body = await fileBytes(context, file, range)
  context.events.downloaded(range.end - range.start + 1)
  const contentRange = `bytes ${range.start}-${range.end}/${record.size}`
  return bytesReply(206, OCTETS, body, { ...headers, 'content-range': contentRange })
}

/** A content id names its bytes for ever; a numeric id may come back after its file has expired, but never at the same moment. */
function entityTag(record: FileRecord): string {
  return isContentId(record.id) ? `"${record.id}"` : `"${record.uploadedAt.toString(36)}-${record.size.toString(36)}"`
}

function fileHeaders(record: FileRecord, tag: string, now: number): Record<string, string> {
  const seconds = Math.max(0, Math.floor((record.expiresAt - now) / 1000))
  return {
    etag: tag,
    expires: new Date(record.expiresAt).toUTCString(),
    'accept-ranges': 'bytes',
    'cache-control': isContentId(record.id) ? `private, max-age=${seconds}, immutable` : 'private, no-cache',
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
