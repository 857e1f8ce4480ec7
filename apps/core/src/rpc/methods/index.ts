import type { AccountRequest, RpcReply } from '#protocol'
import type { AccountCall, AccountMethod, MethodContext } from '../account-method.ts'
import { deleteMessages } from './delete.ts'
import { deleteAll } from './delete-all.ts'
import { deleteBefore } from './delete-before.ts'
import { expire } from './expire.ts'
import { expireAll } from './expire-all.ts'
import { getExpiries } from './get-expiries.ts'
import { retrieve } from './retrieve.ts'
import { revokeSubaccount } from './revoke-subaccount.ts'
import { revokedSubaccounts } from './revoked-subaccounts.ts'
import { store } from './store.ts'
import { unrevokeSubaccount } from './unrevoke-subaccount.ts'

type AccountMethods = {
  readonly [Name in AccountRequest['method']]: AccountMethod<Extract<AccountRequest, { method: Name }>>
}

const METHODS: AccountMethods = {
  store,
  retrieve,
  delete: deleteMessages,
  delete_all: deleteAll,
  delete_before: deleteBefore,
  expire_all: expireAll,
  expire,
  get_expiries: getExpiries,
  revoke_subaccount: revokeSubaccount,
  unrevoke_subaccount: unrevokeSubaccount,
  revoked_subaccounts: revokedSubaccounts,
}

/** Carries out a permitted request of an account. Throws as `AccountMethod` does. */
export function runAccountMethod(
  context: MethodContext,
  request: AccountRequest,
  call: AccountCall,
): Promise<RpcReply> {
  // The table pairs each request with its method, which the compiler cannot follow through a look-up.
  const method = METHODS[request.method] as AccountMethod<AccountRequest>
  return method(context, request, call)
}
