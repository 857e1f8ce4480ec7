import { METHODS } from 'node:http'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import type { Endpoint } from '../endpoint.ts'
import { targetPath } from '../request-target.ts'

export interface EndpointMatch {
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
}

/** Finds endpoints by the route patterns that the HTTP door uses too. */
export class EndpointRouter {
  private readonly routes = findMyWay()

  constructor(endpoints: readonly Endpoint[]) {
    for (const endpoint of endpoints) this.routes.on(endpoint.method, endpoint.route, noHandler, endpoint)
  }

  /** The endpoint of a method, in upper case, and a target; undefined when there is none. */
  find(method: string, target: string): EndpointMatch | undefined {
    const name = method === 'HEAD' ? 'GET' : method
    const found = isHttpMethod(name) ? this.routes.find(name, targetPath(target)) : null
    if (found === null) return undefined
    return { endpoint: found.store as Endpoint, params: found.params as Readonly<Record<string, string>> }
  }
}

function isHttpMethod(method: string): method is HTTPMethod {
  return METHODS.includes(method)
}

/** The router only finds; the sealed doors call. */
function noHandler(): void {}
