import { TOKEN_LENGTH } from '../authentication/token.ts'
import { MAX_REVOKED_TOKENS } from '../limits.ts'
import { invalidRequest } from '../rpc-error.ts'
import { readBinaries, required } from './fields.ts'
import { type Params } from './params.ts'
import { toToken } from './read-authentication.ts'

/** The tokens to revoke or to allow again: one or a list of at most 50, each 36 bytes. Throws `RpcError` 400 (mailbox RPC §4.9). */
export function readTokens(params: Params, name: 'revoke' | 'unrevoke'): readonly Uint8Array[] {
  const values = required(readBinaries(params, name), name)
  if (values.length > MAX_REVOKED_TOKENS) {
    throw invalidRequest(`invalid ${name}: cannot ${name} more than ${MAX_REVOKED_TOKENS} subaccounts at once`)
  }
  return values.map((value) => {
    const token = toToken(value)
    if (token?.length !== TOKEN_LENGTH) {
      throw invalidRequest(`invalid ${name}: expected base64 or hex-encoded subaccount tag`)
    }
    return token
  })
}
