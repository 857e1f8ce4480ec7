import type { Endpoint, SealedMemory } from '#endpoints'
import type { FilesContext } from '../files/context.ts'
import type { JsonSource } from '../releases/json-source.ts'
import { authenticated } from './authenticated.ts'
import { downloadFile } from './download-file.ts'
import { downloadLegacy } from './download-legacy.ts'
import { extendFile } from './extend-file.ts'
import { fileInfo } from './file-info.ts'
import { networkInfo } from './network-info.ts'
import { sessionVersion } from './session-version.ts'
import { tokenInfo } from './token-info.ts'
import { uploadFile } from './upload-file.ts'
import { uploadLegacy } from './upload-legacy.ts'

/** What the operator says of releases, token and network. */
export interface Sources {
  readonly releases: JsonSource
  readonly tokenInfo: JsonSource
  readonly networkInfo: JsonSource
}

/** Every operation of this service. */
export function attachmentsEndpoints(
  context: FilesContext,
  sources: Sources,
  memory: SealedMemory,
): readonly Endpoint[] {
  const { crypto, now } = context
  return [
    uploadFile(context),
    downloadFile(context),
    fileInfo(context),
    extendFile(context),
    uploadLegacy(context, memory),
    downloadLegacy(context),
    authenticated(crypto, now, sessionVersion(sources.releases)),
    authenticated(crypto, now, tokenInfo(sources.tokenInfo, now)),
    authenticated(crypto, now, networkInfo(sources.networkInfo, now)),
  ]
}
