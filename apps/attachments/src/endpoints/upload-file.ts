import { type Endpoint, jsonReply } from '#endpoints'
import type { FilesContext } from '../files/context.ts'
import { fileJson } from '../files/file-json.ts'
import { storeFile } from '../files/store-file.ts'
import { timeToLive } from '../files/time-to-live.ts'

/** `POST /file`: stores the raw body (files §2.1). */
export function uploadFile(context: FilesContext): Endpoint {
  return {
    method: 'POST',
    route: '/file',
    async handle({ headers, body }) {
      const record = await storeFile(context, body, timeToLive(headers['x-fs-ttl'], context.rules))
      return jsonReply(200, { id: record.id, ...fileJson(record) })
    },
  }
}
