import { type Endpoint, jsonReply, statusReply } from '#endpoints'
import { asObject } from '../json/json-object.ts'
import type { JsonSource } from '../releases/json-source.ts'
import { TOKEN_INFO_NOT_KNOWN } from './codes.ts'

const DEFAULT_DAYS = 7
const MAX_DAYS = 30
const DAY_SECONDS = 86_400

/** `GET /token_info`: what the operator's file says of the token, its history cut to the last days (files §3.2). */
export function tokenInfo(source: JsonSource, now: () => number): Endpoint {
  return {
    method: 'GET',
    route: '/token_info',
    async handle({ query }) {
      const members = (await source.current())?.members
      if (members === undefined) return statusReply(502, TOKEN_INFO_NOT_KNOWN)
      const since = now() / 1000 - wantedDays(query.get('days')) * DAY_SECONDS
      const { history, ...rest } = members
      const recent = Array.isArray(history) ? history.filter((entry) => isSince(entry, since)) : []
      return jsonReply(200, { status_code: 200, info: { ...rest, history: recent } })
    },
  }
}

function wantedDays(text: string | null): number {
  const days = /^[0-9]{1,2}$/.test(text ?? '') ? Number(text) : DEFAULT_DAYS
  return days >= 1 && days <= MAX_DAYS ? days : DEFAULT_DAYS
}

function isSince(entry: unknown, since: number): boolean {
  const updated = asObject(entry)?.['updated']
  return typeof updated === 'number' && updated >= since
}
