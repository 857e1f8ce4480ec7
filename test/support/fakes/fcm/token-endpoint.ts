import { createPublicKey, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { jwtVerify } from 'jose'
import type { TokenFault } from './faults.ts'
import type { FakeServiceAccount } from './service-account.ts'

const AUDIENCE = 'https://oauth2.googleapis.com/token'
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging'

/** Google's OAuth2 token endpoint: a token for a grant that the service account has really signed. */
export class TokenEndpoint {
  /** How long new tokens say they are good for. */
  lifetimeSeconds = 3_600
  /** Makes every login take that long. */
  delayMs = 0
  /** Done to every login while it is set. */
  fault: TokenFault | undefined
  #issued = 0
  #asked = 0
  readonly #account: FakeServiceAccount
  readonly #valid = new Set<string>()

  constructor(account: FakeServiceAccount) {
    this.#account = account
  }

  /** How many tokens were given out. */
  get issued(): number {
    return this.#issued
  }

  /** How many requests came, refused ones too. */
  get asked(): number {
    return this.#asked
  }

  isValid(token: string): boolean {
    return this.#valid.has(token)
  }

  /** From now on no token given out so far is good. */
  revokeAll(): void {
    this.#valid.clear()
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => (body += text))
    request.on('end', () => {
      this.#asked++
      setTimeout(() => void this.#answer(request, body, response), this.delayMs)
    })
  }

  async #answer(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const { fault } = this
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'disconnect') return void request.socket.destroy()
    if (fault?.kind === 'error') return reply(response, fault.status, { error: fault.error })
    const problem = request.url === '/token' ? await this.#problemOf(new URLSearchParams(body)) : 'invalid_request'
    if (problem !== undefined) return reply(response, 400, { error: problem, error_description: 'Invalid JWT.' })
    const token = `ya29.${randomBytes(120).toString('base64url')}`
    this.#valid.add(token)
    this.#issued++
    reply(response, 200, { access_token: token, expires_in: this.lifetimeSeconds, token_type: 'Bearer' })
  }

  async #problemOf(form: URLSearchParams): Promise<string | undefined> {
    if (form.get('grant_type') !== GRANT_TYPE) return 'unsupported_grant_type'
    try {
      const { payload } = await jwtVerify(form.get('assertion') ?? '', createPublicKey(this.#account.private_key), {
        algorithms: ['RS256'],
        issuer: this.#account.client_email,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'iat'],
        maxTokenAge: 3_600,
      })
      return [payload['scope']].flat().join(' ').split(' ').includes(SCOPE) ? undefined : 'invalid_scope'
    } catch {
      return 'invalid_grant'
    }
  }
}

function reply(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(json))
}
