import { Controller, Get, Header, Inject } from '@nestjs/common'
import type { DiscoveryDocument } from './discovery-document.ts'

export const DISCOVERY = Symbol('Discovery')

/** Makes the discovery document as of now. */
export type Discovery = () => Promise<DiscoveryDocument>

/** `/.well-known/sotto.json`: the nodes and services of this network (RFC 8615). */
@Controller('.well-known')
export class DiscoveryController {
  constructor(@Inject(DISCOVERY) private readonly discovery: Discovery) {}

  @Get('sotto.json')
  @Header('content-type', 'application/json')
  @Header('cache-control', 'no-cache')
  async document(): Promise<Buffer> {
    return Buffer.from(JSON.stringify(await this.discovery()))
  }
}
