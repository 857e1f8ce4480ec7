import { type Endpoint, jsonReply } from '#endpoints'
import { isWellFormedFileId } from '#protocol'
import type { FilesContext } from '../files/context.ts'
import { FileNotFoundError } from '../files/errors.ts'
import { fileJson } from '../files/file-json.ts'

/** `GET /file/<id>/info`: size and times (files §2.5). */
export function fileInfo(context: FilesContext): Endpoint {
  return {
    method: 'GET',
    route: '/file/:id/info',
    async handle({ params: { id } }) {
      const known = id !== undefined && isWellFormedFileId(id)
      const record = known ? await context.records.get(id, context.now()) : undefined
      if (record === undefined) throw new FileNotFoundError()
      return jsonReply(200, fileJson(record))
    },
  }
}
