import { type Endpoint, jsonReply, statusReply } from '#endpoints'
import { asObject } from '../json/json-object.ts'
import type { JsonSource } from '../releases/json-source.ts'
import { RELEASE_NOT_KNOWN, RELEASE_UNKNOWN } from './codes.ts'

const PLATFORMS = new Set(['desktop', 'android', 'ios'])
const CHANNELS: Readonly<Record<string, string>> = {
  stable: 'stable',
  latest: 'stable',
  prerelease: 'prerelease',
  alpha: 'alpha',
}

/**
 * `GET /session_version`: the newest release of a client (files §3.1). The source is `{"<platform>": {"<channel>": {"result", "name"?, "notes"?,
 * "assets"?}}}`. A channel other than `stable` adds its release as `prerelease`.
 */
export function sessionVersion(releases: JsonSource): Endpoint {
  return {
    method: 'GET',
    route: '/session_version',
    async handle({ query }) {
      const platform = query.get('platform') ?? ''
      const channel = CHANNELS[query.get('release_channel') ?? 'stable']
      if (!PLATFORMS.has(platform) || channel === undefined) return statusReply(404, RELEASE_UNKNOWN)
      const document = await releases.current()
      const updated = (document?.refreshedAt ?? 0) / 1000
      const channels = asObject(document?.members[platform])
      const stable = release(channels?.['stable'], updated)
      const chosen = release(channels?.[channel], updated)
      const main = stable ?? chosen
      if (main === undefined) return statusReply(502, RELEASE_NOT_KNOWN)
      const extra = chosen !== undefined && channel !== 'stable' ? { prerelease: chosen } : {}
      return jsonReply(200, { status_code: 200, ...main, ...extra })
    },
  }
}

function release(value: unknown, updated: number): Record<string, unknown> | undefined {
  const members = asObject(value)
  if (members === undefined || typeof members['result'] !== 'string') return undefined
  const { result, name, notes, assets } = members
  return { updated, result, ...(name === undefined ? {} : { name }), notes, assets }
}
