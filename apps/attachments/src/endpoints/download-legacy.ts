import { bytesReply, type Endpoint } from '#endpoints'
import { utf8 } from '#crypto'
import type { FilesContext } from '../files/context.ts'
import { fileBytes, openFile } from '../files/open-file.ts'

const PREFIX = utf8('{"status_code":200,"result":"')
const SUFFIX = utf8('"}')

/** `GET /files/<id>`: the file as base64 in JSON, for old clients (files §2.7); encoded as it streams. */
export function downloadLegacy(context: FilesContext): Endpoint {
  return {
    method: 'GET',
    route: '/files/:id',
    async handle({ params: { id } }) {
      const file = await openFile(context, id)
      const bytes = await fileBytes(context, file)
      const { size } = file.record
      context.events.downloaded(size)
      return bytesReply(200, 'application/json', {
        length: PREFIX.length + Math.ceil(size / 3) * 4 + SUFFIX.length,
        chunks: encodeReply(bytes instanceof Uint8Array ? [bytes] : bytes.chunks),
      })
    },
  }
}

async function* encodeReply(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield PREFIX
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    // Base64 of a part can be appended to only when the part is a multiple of three bytes.
    const part =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk])
    const whole = part.length - (part.length % 3)
    yield Buffer.from(part.toString('base64', 0, whole), 'latin1')
    rest = Buffer.from(part.subarray(whole))
  }
  yield Buffer.from(rest.toString('base64'), 'latin1')
  yield SUFFIX
}
