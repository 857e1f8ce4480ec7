import { type Endpoint, jsonReply } from '#endpoints'
import { isExtendable, isWellFormedFileId } from '#protocol'
import type { FilesContext } from '../files/context.ts'
import { FileNotFoundError } from '../files/errors.ts'
import { fileJson } from '../files/file-json.ts'
import { timeToLive } from '../files/time-to-live.ts'

/** `POST /file/<id>/extend`: moves the expiry to the later of the present one and now + ttl (files §2.6). */
export function extendFile(context: FilesContext): Endpoint {
  return {
    method: 'POST',
    route: '/file/:id/extend',
    async handle({ params: { id }, headers }) {
      if (id === undefined || !isWellFormedFileId(id) || !isExtendable(id)) throw new FileNotFoundError()
      const now = context.now()
      const record = await context.records.extend(id, now + timeToLive(headers['x-fs-ttl'], context.rules), now)
      if (record === undefined) throw new FileNotFoundError()
      return jsonReply(200, fileJson(record))
    },
  }
}
