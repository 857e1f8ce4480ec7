import { STORAGE_VERSION } from '#protocol'
import type { RpcMethod } from '../method.ts'

/** `info` (mailbox RPC §4.11): version and clock of the node. */
export const info: RpcMethod = (_params, { now }) => ({ version: STORAGE_VERSION, timestamp: now })
