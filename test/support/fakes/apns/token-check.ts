import { type KeyObject, verify } from 'node:crypto'

export interface TokenCheckOptions {
  readonly publicKey: KeyObject
  readonly keyId: string
  readonly teamId: string
  readonly now: () => number
}

export type TokenVerdict = 'MissingProviderToken' | 'InvalidProviderToken' | 'ExpiredProviderToken' | undefined

const HOUR_S = 3600

/** Checks the `authorization` header as APNs does: ES256, our key and team, issued within the last hour. Undefined means that it is good. */
export function createTokenCheck(options: TokenCheckOptions): (authorization: string | undefined) => TokenVerdict {
  let known: { readonly authorization: string; readonly issuedAt: number } | undefined
  return (authorization) => {
    const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1]
    if (authorization === undefined || token === undefined) return 'MissingProviderToken'
    if (known?.authorization !== authorization) {
      const issuedAt = issueTime(token, options)
      if (issuedAt === undefined) return 'InvalidProviderToken'
      known = { authorization, issuedAt }
    }
    const ageS = options.now() / 1000 - known.issuedAt
    return ageS > HOUR_S || ageS < -HOUR_S ? 'ExpiredProviderToken' : undefined
  }
}

/** Seconds since the Unix epoch; undefined when the token is not ours. */
function issueTime(token: string, { publicKey, keyId, teamId }: TokenCheckOptions): number | undefined {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!isSigned) return undefined
  const { alg, kid } = parse(header)
  const { iss, iat } = parse(claims)
  return alg === 'ES256' && kid === keyId && iss === teamId && typeof iat === 'number' ? iat : undefined
}

function parse(part: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
}
