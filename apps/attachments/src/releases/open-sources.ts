import type { SourcesConfig } from '../config/attachments-config.ts'
import type { Sources } from '../endpoints/index.ts'
import { FileJsonSource } from './file-json-source.ts'
import { FirstJsonSource } from './first-json-source.ts'
import type { JsonSource } from './json-source.ts'
import { UrlJsonSource } from './url-json-source.ts'

/** The sources that the operator has named; a file goes before a URL. `report` hears of what cannot be read. */
export function openSources(config: SourcesConfig, now: () => number, report: (error: unknown) => void): Sources {
  const file = (path: string | undefined): readonly JsonSource[] =>
    path === undefined ? [] : [new FileJsonSource(path, report)]
  const { releasesUrl } = config
  const remote = releasesUrl === undefined ? [] : [new UrlJsonSource(releasesUrl, now, report)]
  return {
    releases: new FirstJsonSource([...file(config.releasesFile), ...remote]),
    tokenInfo: new FirstJsonSource(file(config.tokenInfoFile)),
    networkInfo: new FirstJsonSource(file(config.networkInfoFile)),
  }
}
