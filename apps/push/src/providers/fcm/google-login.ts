import { Agent } from 'node:https'
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { Credential } from 'firebase-admin/app'
import { ProviderLoginError, ProviderTimeoutError, ProviderUnreachableError, reasonWord } from '../errors.ts'
import { type ServiceAccount, unusable } from './service-account.ts'

/** An access token and how long it is good for. */
export interface FreshToken {
  readonly token: string
  readonly lifetimeMs: number
}

/** Asks for a new access token, whatever tokens were had before. */
export type Login = () => Promise<FreshToken>

export interface LoginOptions {
  readonly deadlineMs: number
  /** Certificates to trust in place of the usual ones, as PEM. */
  readonly ca?: string
}

type CredentialClass = new (file: string, agent: Agent) => Credential

/**
 * Login with the service account by the credential of `firebase-admin`, which signs the RS256 grant (push §7.2). The library is loaded by
 * this call and not before, since a relay without FCM need not carry it.
 *
 * @throws ProviderCredentialsError when the library does not take the account, for example because its key is none
 */
export async function prepareLogin(account: ServiceAccount, options: LoginOptions): Promise<Login> {
  const { cert } = await import('firebase-admin/app')
  let shared: Credential
  try {
    shared = cert(account.file)
  } catch (error) {
    throw unusable(account.file, 'its member "private_key" is no key', { cause: error })
  }
  // A credential keeps its token until five minutes are left, and `cert` keeps the credential for ever. Neither can be told that a token was refused, but
  // another credential of the same class begins without one.
  const FreshCredential = shared.constructor as CredentialClass
  return () => logIn(FreshCredential, account, options)
}

async function logIn(Credential: CredentialClass, account: ServiceAccount, options: LoginOptions): Promise<FreshToken> {
  const agent = new TokenAgent(account.tokenUrl, options.ca)
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProviderTimeoutError()), options.deadlineMs)
  })
  try {
    const answer = await Promise.race([startLogin(new Credential(account.file, agent)), timeout])
    return { token: answer.access_token, lifetimeMs: answer.expires_in * 1000 }
  } catch (error) {
    throw loginError(error)
  } finally {
    clearTimeout(timer)
    // Whatever still waits on a connection ends with it, so that a login past its deadline leaves nothing behind.
    agent.end()
  }
}

/** The library warns its own authors on the console each time, before it does anything else; an operator can do nothing about it. */
function startLogin(credential: Credential): ReturnType<Credential['getAccessToken']> {
  const silenced = Object.getOwnPropertyDescriptor(console, 'warn') ?? {}
  Object.defineProperty(console, 'warn', { ...silenced, value: () => undefined })
  try {
    return credential.getAccessToken()
  } finally {
    Object.defineProperty(console, 'warn', silenced)
  }
}

function loginError(error: unknown): Error {
  if (error instanceof ProviderTimeoutError) return error
  const answer = (error as { readonly response?: LoginAnswer }).response
  if (answer === undefined || answer.status >= 500) return new ProviderUnreachableError({ cause: error })
  return new ProviderLoginError(reasonWord(answer.data?.error), { cause: error })
}

/** What the library's errors say of an answer of the token endpoint. */
interface LoginAnswer {
  readonly status: number
  readonly data?: { readonly error?: unknown }
}

/** Connects to the token endpoint that the account names: the library asks Google's, whatever the account says. */
class TokenAgent extends Agent {
  readonly #url: URL
  readonly #ca: string | undefined
  #hasEnded = false

  constructor(url: URL, ca: string | undefined) {
    super({ keepAlive: false })
    this.#url = url
    this.#ca = ca
  }

  override createConnection(): Duplex {
    const host = this.#url.hostname.replace(/^\[|\]$/g, '')
    const { protocol, port } = this.#url
    const socket =
      protocol === 'http:'
        ? connectTcp(Number(port || 80), host)
        : connectTls({
            host,
            port: Number(port || 443),
            servername: /^[\d.]+$|:/.test(host) ? '' : host,
            ...(this.#ca === undefined ? {} : { ca: this.#ca }),
          })
    // The library tries again by itself, also when nobody waits for it any more.
    return this.#hasEnded ? socket.destroy() : socket
  }

  end(): void {
    this.#hasEnded = true
    this.destroy()
  }
}
