import { type Crypto } from '#crypto'
import {
  BencodeError,
  type BencodeInput,
  type BencodeValue,
  decodeBencode,
  encodeBencode,
} from '../../bencode/index.ts'
import { type RequestSigner } from '../client/request-signer.ts'
import { checkMonitorRequest, monitorSignedBytes } from './check-monitor-request.ts'
import { invalidArguments, MonitorError } from './monitor-error.ts'
import { type MonitorRequest, parseMonitorRequest } from './monitor-request.ts'

type Dict = ReadonlyMap<string, BencodeValue>

/** What a message asks for: the subscriptions to make, and what to answer. */
export interface MonitorAnswer {
  readonly accepted: readonly MonitorRequest[]
  /** One dict, or a list of them for a list. */
  readonly reply: Uint8Array
}

/**
 * Reads and judges the one part of a `monitor.messages` message at server time `now` (milliseconds): a dict or a list of dicts, of
 * which good ones count although others are refused (mailbox RPC §8).
 */
export function answerMonitorMessage(crypto: Crypto, bytes: Uint8Array, now: number): MonitorAnswer {
  const accepted: MonitorRequest[] = []
  const answer = (dict: Dict): BencodeInput => {
    try {
      const request = parseMonitorRequest(crypto, dict)
      checkMonitorRequest(crypto, request, now)
      accepted.push(request)
      return { success: 1 }
    } catch (error) {
      if (error instanceof MonitorError) return refusal(error)
      throw error
    }
  }
  try {
    const dicts = readDicts(bytes)
    return { reply: encodeBencode(Array.isArray(dicts) ? dicts.map(answer) : answer(dicts as Dict)), accepted }
  } catch (error) {
    if (error instanceof MonitorError) return { reply: encodeBencode(refusal(error)), accepted: [] }
    throw error
  }
}

/** A signed subscription, ready to be sent alone or in a list; `timestamp` in seconds (mailbox RPC §8). */
export function buildMonitorRequest(
  signer: RequestSigner,
  request: Pick<MonitorRequest, 'timestamp' | 'withData' | 'namespaces'>,
): BencodeInput {
  const { account } = signer
  const { signature, pubkeyEd25519, subaccount } = signer.authenticate(monitorSignedBytes(account, request))
  return {
    ...(pubkeyEd25519 ? { P: pubkeyEd25519 } : { p: account.bytes }),
    ...(subaccount && { S: subaccount.signature, T: subaccount.token }),
    d: request.withData ? 1 : 0,
    n: request.namespaces,
    s: signature,
    t: request.timestamp,
  }
}

function readDicts(bytes: Uint8Array): Dict | readonly Dict[] {
  const value = decode(bytes)
  const items: readonly BencodeValue[] = Array.isArray(value) ? value : [value]
  if (!items.every(isDict)) {
    throw invalidArguments('monitor request takes a single bencoded dict or list parameter')
  }
  return Array.isArray(value) ? items : (items[0] as Dict)
}

function decode(bytes: Uint8Array): BencodeValue {
  try {
    return decodeBencode(bytes)
  } catch (cause) {
    if (cause instanceof BencodeError) {
      throw invalidArguments('Failed to parse monitor.messages data value', { cause })
    }
    throw cause
  }
}

function isDict(value: BencodeValue): value is Dict {
  return value instanceof Map
}

function refusal({ errcode, text }: MonitorError): BencodeInput {
  return { errcode, error: text }
}
