import { type Endpoint, jsonReply } from '#endpoints'

/**
 * `GET /application_server_key`: the public VAPID key (RFC 8292), which a browser or UnifiedPush distributor is told when it makes an endpoint, so that nobody
 * else can use it. An extension; clients of Google's and Apple's services need none.
 *
 * @param key base64url without padding, as browsers take it
 */
export function applicationServerKey(key: string): Endpoint {
  return {
    method: 'GET',
    route: '/application_server_key',
    handle: async () => jsonReply(200, { application_server_key: key }),
  }
}
