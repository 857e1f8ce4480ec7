import { describe, expect, it } from '@jest/globals'
import { ConfigError, readEnvironment } from '#runtime'
import { gatewayConfig, type GatewayConfig } from './gateway-config.ts'
import { gatewayVariables } from './variables.ts'

function read(environment: Readonly<Record<string, string>>): GatewayConfig {
  return gatewayConfig(readEnvironment(environment, gatewayVariables))
}

function problems(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('gatewayConfig', () => {
  it('suits a laptop when nothing is set', () => {
    expect(read({})).toEqual({
      bindHost: '127.0.0.1',
      publicIp: '127.0.0.1',
      httpPort: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      nodePortBase: 22_100,
      swarmSize: 3,
      nodesFile: undefined,
      certificatesFile: 'data/gateway/node-certificates.json',
      corsOrigins: [],
      exitHosts: [],
      exitAllow: [],
      serviceUrls: { attachments: new URL('http://127.0.0.1:3001'), push: new URL('http://127.0.0.1:3002') },
      bodyLimit: 10_485_760,
      inFlight: { requests: 16_384, bytes: 1_073_741_824 },
      requestTimeoutMs: 60_000,
      relayTimeoutMs: 30_000,
      storageRpcTimeoutMs: 25_000,
      rpcLimits: { perSecond: 300, burst: 600, tracked: 10_000 },
      exitTimeoutMs: 25_000,
      outsideReplyLimit: 16_777_216,
      drainMs: 20_000,
    })
  })

  it('reads names of services and outside servers', () => {
    const config = read({
      SOTTO_EXIT_HOSTS: 'files.example.org=attachments,push.example.org:8443=push',
      SOTTO_EXIT_ALLOW: 'open.example.org, 10.0.0.1:8080',
      SOTTO_PUBLIC_URL: 'https://sotto.example.org/',
    })
    expect(config.exitHosts).toEqual([
      { pattern: { host: 'files.example.org', port: undefined }, service: 'attachments' },
      { pattern: { host: 'push.example.org', port: 8443 }, service: 'push' },
    ])
    expect(config.exitAllow).toEqual([
      { host: 'open.example.org', port: undefined },
      { host: '10.0.0.1', port: 8080 },
    ])
    expect(config.publicUrl).toBe('https://sotto.example.org')
  })

  it('reports every problem at once', () => {
    expect(
      problems({
        SOTTO_NODE_PORT_BASE: '65530',
        SOTTO_ONION_IN_FLIGHT_BYTES: '1mb',
        SOTTO_EXIT_HOSTS: 'a.org=mail',
        SOTTO_EXIT_ALLOW: 'http://a.org',
      }),
    ).toEqual([
      'SOTTO_NODE_PORT_BASE must leave room for SOTTO_NODE_COUNT ports.',
      'SOTTO_ONION_IN_FLIGHT_BYTES must not be less than SOTTO_ONION_MAX_BODY.',
      'SOTTO_EXIT_HOSTS must pair host names with one of attachments, push.',
      'SOTTO_EXIT_ALLOW must list hosts as host or host:port.',
    ])
  })

  it.each([
    ['22099', 0],
    ['22100', 1],
    ['22111', 1],
    ['22112', 0],
  ])('finds the HTTP port %s among the nodes: %d', (httpPort, count) => {
    expect(problems({ SOTTO_HTTP_PORT: httpPort })).toHaveLength(count)
  })

  it.each([
    ['19999ms', 1],
    ['20000ms', 1],
    ['20001ms', 0],
  ])('lets the core take %s, so that clients may wait: %d problems', (timeout, count) => {
    expect(problems({ SOTTO_STORAGE_RPC_TIMEOUT: timeout })).toHaveLength(count)
  })

  it('leaves room for exactly the last port', () => {
    expect(problems({ SOTTO_NODE_PORT_BASE: '65524' })).toEqual([])
    expect(problems({ SOTTO_NODE_PORT_BASE: '65525' })).toHaveLength(1)
  })
})
