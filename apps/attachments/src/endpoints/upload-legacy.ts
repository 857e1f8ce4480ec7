import {
  collectBody,
  type Endpoint,
  type EndpointReply,
  type EndpointRequest,
  jsonReply,
  MemoryBody,
  type RequestBody,
  type SealedMemory,
} from '#endpoints'
import { fromUtf8 } from '#crypto'
import type { FilesContext } from '../files/context.ts'
import { FileSizeError, LegacyUploadError } from '../files/errors.ts'
import { parseObject } from '../json/json-object.ts'
import { storeFile } from '../files/store-file.ts'
import { timeToLive } from '../files/time-to-live.ts'

/** Longest base64 text of a legacy upload, in characters (files §2.7). */
export const MAX_LEGACY_TEXT = 8_000_000
/** Longest JSON around it: some writers escape every `/` of base64, one character in 64. */
const MAX_LEGACY_BODY = 8_500_000

/** The JSON, the text in it and the bytes of that are in memory side by side. */
const COPIES = 3

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** `POST /files`: stores the base64 text in a JSON body, for old clients (files §2.7). The whole of it is in memory, within the bounds of `memory`. */
export function uploadLegacy(context: FilesContext, memory: SealedMemory): Endpoint {
  return {
    method: 'POST',
    route: '/files',
    async handle({ headers, body, door }) {
      const length = body.length ?? MAX_LEGACY_BODY
      if (length > MAX_LEGACY_BODY) throw new FileSizeError()
      // A sealed request has its place in memory already.
      const release = door === 'http' ? await memory.reserve(COPIES * length) : undefined
      try {
        return await store(headers, body)
      } finally {
        release?.()
      }
    },
  }

  async function store(headers: EndpointRequest['headers'], body: RequestBody): Promise<EndpointReply> {
    const bytes = decodeFile(await readText(body))
    const record = await storeFile(context, new MemoryBody(bytes), timeToLive(headers['x-fs-ttl'], context.rules))
    const result = context.rules.idMode === 'numeric' ? Number(record.id) : record.id
    return jsonReply(200, { status_code: 200, result })
  }
}

async function readText(body: RequestBody): Promise<string> {
  const json = fromUtf8(await collectBody(body, MAX_LEGACY_BODY))
  const file = json === undefined ? undefined : parseObject(json)?.['file']
  if (typeof file !== 'string') throw new LegacyUploadError()
  return file
}

function decodeFile(text: string): Uint8Array {
  if (text.length > MAX_LEGACY_TEXT) throw new FileSizeError()
  const digits = text.replace(/={1,2}$/, '').length
  if (!BASE64.test(text) || digits % 4 === 1) throw new LegacyUploadError()
  return Buffer.from(text, 'base64')
}
