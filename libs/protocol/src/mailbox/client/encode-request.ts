import { toHex, utf8 } from '#crypto'
import { type Authentication } from '../authentication/authentication.ts'
import { toBase64 } from '../base64.ts'
import { type IfElseConditions } from '../methods/ifelse.ts'
import { type WireInteger } from '../params/fields.ts'
import { type RpcCall } from '../parse-request.ts'
import { type AccountRequest, isAccountRequest, type MailboxRequest } from '../request.ts'

type Members = Record<string, unknown>

/** The bytes of a request with its envelope, in UTF-8 JSON, as every node and onion layer takes them (mailbox RPC §1). */
export function encodeMailboxRequest(request: MailboxRequest): Uint8Array {
  return utf8(JSON.stringify(encodeRequest(request)))
}

/** A request as JSON values: what `parseRequest` reads back (mailbox RPC §4). */
export function encodeRequest(request: MailboxRequest): RpcCall {
  if (isAccountRequest(request)) {
    return { method: request.method, params: { pubkey: request.account.hex, ...encodeFields(request) } }
  }
  switch (request.method) {
    case 'info':
    case 'active_nodes_bin':
      return { method: request.method, params: {} }
    case 'get_swarm':
      return { method: request.method, params: { pubkey: request.account.hex } }
    case 'oxend_request':
      return { method: request.method, params: { endpoint: request.endpoint, params: request.params } }
    case 'batch':
    case 'sequence':
      return { method: request.method, params: { requests: request.requests.map(encodeRequest) } }
    case 'ifelse':
      return {
        method: request.method,
        params: {
          if: encodeConditions(request.conditions),
          ...(request.then && { then: encodeRequest(request.then) }),
          ...(request.else && { else: encodeRequest(request.else) }),
        },
      }
  }
}

function encodeFields(request: AccountRequest): Members {
  switch (request.method) {
    case 'store':
      return {
        namespace: request.namespace,
        timestamp: request.timestamp,
        ttl: request.expiry - request.timestamp,
        data: toBase64(request.data),
        ...(request.signatureTimestamp !== request.timestamp && { sig_timestamp: request.signatureTimestamp }),
        ...(request.authentication && encodeAuthentication(request.authentication)),
      }
    case 'retrieve':
      return {
        // Namespace 0 by name, without signature, is refused in other words than no namespace at all.
        ...((request.namespace !== 0 || request.signed !== undefined) && { namespace: request.namespace }),
        ...(request.lastHash !== undefined && { last_hash: request.lastHash }),
        ...(request.maxCount !== undefined && { max_count: request.maxCount }),
        ...(request.maxSize !== undefined && { max_size: request.maxSize }),
        ...(request.wait > 0 && { wait: request.wait }),
        ...(request.signed && {
          timestamp: request.signed.timestamp,
          ...encodeAuthentication(request.signed.authentication),
        }),
      }
    case 'delete':
      return {
        messages: request.hashes,
        ...(request.isRequired && { required: true }),
        ...encodeAuthentication(request.authentication),
      }
    case 'delete_all':
      return {
        namespace: request.namespace,
        timestamp: request.timestamp,
        ...encodeAuthentication(request.authentication),
      }
    case 'delete_before':
      return { namespace: request.namespace, before: request.before, ...encodeAuthentication(request.authentication) }
    case 'expire_all':
      return {
        namespace: request.namespace,
        expiry: encodeInteger(request.expiry),
        ...encodeAuthentication(request.authentication),
      }
    case 'expire': {
      const expiries = request.expiries.map(encodeInteger)
      return {
        messages: request.hashes,
        expiry: expiries.length === 1 ? expiries[0] : expiries,
        ...(request.mode && { [request.mode]: true }),
        ...encodeAuthentication(request.authentication),
      }
    }
    case 'get_expiries':
      return {
        messages: request.hashes,
        timestamp: request.timestamp,
        ...encodeAuthentication(request.authentication),
      }
    case 'revoke_subaccount':
      return {
        revoke: request.tokens.map(toHex),
        timestamp: request.timestamp,
        ...encodeAuthentication(request.authentication),
      }
    case 'unrevoke_subaccount':
      return {
        unrevoke: request.tokens.map(toHex),
        timestamp: request.timestamp,
        ...encodeAuthentication(request.authentication),
      }
    case 'revoked_subaccounts':
      return { timestamp: request.timestamp, ...encodeAuthentication(request.authentication) }
  }
}

function encodeAuthentication({ signature, pubkeyEd25519, subaccount }: Authentication): Members {
  return {
    signature: toBase64(signature),
    ...(pubkeyEd25519 && { pubkey_ed25519: toHex(pubkeyEd25519) }),
    ...(subaccount && { subaccount: toBase64(subaccount.token), subaccount_sig: toBase64(subaccount.signature) }),
  }
}

/** Numbers beyond 2^53 cannot be said here and lose digits; no time is that large. */
function encodeInteger(value: WireInteger): number {
  return Number(value)
}

function encodeConditions(conditions: IfElseConditions): Members {
  return {
    hf_at_least: conditions.hardForkAtLeast,
    hf_before: conditions.hardForkBefore,
    v_at_least: conditions.versionAtLeast,
    v_before: conditions.versionBefore,
    height_at_least: conditions.heightAtLeast,
    height_before: conditions.heightBefore,
  }
}
