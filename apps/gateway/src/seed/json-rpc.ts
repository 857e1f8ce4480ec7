import { fromUtf8 } from '#crypto'
import { GatewayError } from '../errors.ts'
import { isObject, type Members } from './json-object.ts'

/** A JSON-RPC 2.0 answer (https://www.jsonrpc.org/specification §5). */
export type JsonRpcReply = { readonly jsonrpc: '2.0'; readonly id: JsonRpcId } & (
  { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } }
)

/** What a client names its request; echoed. */
export type JsonRpcId = string | number | null

/** One method of the seed. Throws `JsonRpcError`. */
export type SeedMethod = (params: unknown) => unknown

/** A request that JSON-RPC has an error code for. */
export class JsonRpcError extends GatewayError {
  override readonly name = 'JsonRpcError'
  readonly code = 'GATEWAY_JSON_RPC_REFUSED'
  constructor(
    readonly number: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  /** The parameters have the wrong types. */
  static invalidParams(message: string, options?: ErrorOptions): JsonRpcError {
    return new JsonRpcError(-32_602, `Invalid params: ${message}`, options)
  }
}

/** Runs the request in `body`, whatever its content type said, and answers it; what is wrong with it becomes a JSON-RPC error. */
export function answerJsonRpc(body: Uint8Array, methods: ReadonlyMap<string, SeedMethod>): JsonRpcReply {
  let id: JsonRpcId = null
  try {
    const request = parseRequest(body)
    id = idOf(request)
    return { jsonrpc: '2.0', id, result: run(request, methods) }
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error
    return { jsonrpc: '2.0', id, error: { code: error.number, message: error.message } }
  }
}

function parseRequest(body: Uint8Array): Members {
  const text = fromUtf8(body)
  let value: unknown
  try {
    value = text === undefined ? undefined : JSON.parse(text)
  } catch (cause) {
    throw new JsonRpcError(-32_700, 'Parse error', { cause })
  }
  if (value === undefined) throw new JsonRpcError(-32_700, 'Parse error')
  if (!isObject(value)) throw new JsonRpcError(-32_600, 'Invalid request')
  return value
}

function idOf({ id }: Members): JsonRpcId {
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

function run({ method, params }: Members, methods: ReadonlyMap<string, SeedMethod>): unknown {
  if (typeof method !== 'string') throw new JsonRpcError(-32_600, 'Invalid request')
  const handle = methods.get(method)
  if (handle === undefined) throw new JsonRpcError(-32_601, 'Method not found')
  return handle(params)
}
