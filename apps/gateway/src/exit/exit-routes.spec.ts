import { describe, expect, it } from '@jest/globals'
import type { ServerControl } from '#protocol'
import { ExitRoutes } from './exit-routes.ts'

const routes = new ExitRoutes({
  hosts: [{ pattern: { host: 'push.example.org', port: undefined }, service: 'push' }],
  allowed: [
    { host: 'outside.example.org', port: undefined },
    { host: '127.0.0.1', port: 3001 },
  ],
  publicUrls: async () => [
    ['attachments', new URL('http://127.0.0.1:3001')],
    ['push', new URL('https://push.public.example')],
  ],
})

function find(host: string, port: number, protocol: 'http' | 'https' = 'http'): Promise<unknown> {
  const control: ServerControl = { kind: 'server', host, port, protocol, target: '/oxen/v4/lsrpc' }
  return routes.find(control)
}

describe('ExitRoutes', () => {
  it('knows the own services by their configured names', async () => {
    expect(await find('Push.Example.org', 443, 'https')).toEqual({ kind: 'service', service: 'push' })
  })

  it('knows the own services by their public URLs, before any list of outside servers', async () => {
    expect(await find('127.0.0.1', 3001)).toEqual({ kind: 'service', service: 'attachments' })
    expect(await find('push.public.example', 443, 'https')).toEqual({ kind: 'service', service: 'push' })
  })

  it('knows the outside servers that are listed', async () => {
    expect(await find('outside.example.org', 443, 'https')).toEqual({ kind: 'outside' })
  })

  it.each([
    ['127.0.0.1', 3009],
    ['localhost', 3001],
    ['169.254.169.254', 80],
    ['outside.example.org', 22],
    ['open.getsession.org', 443],
  ])('refuses %s:%d', async (host, port) => {
    expect(await find(host, port)).toEqual({ kind: 'refused' })
  })
})
