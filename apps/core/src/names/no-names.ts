import { RpcError } from '#protocol'
import type { NameResolver } from './name-resolver.ts'

/** For a network without a name service: every question is refused, as by a daemon that has no names. */
export const noNames: NameResolver = {
  async resolve() {
    throw new RpcError(400, 'Unknown oxend error')
  },
}
