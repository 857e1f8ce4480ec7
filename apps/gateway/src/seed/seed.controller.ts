import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common'
import { answerJsonRpc, type SeedMethod } from './json-rpc.ts'

export const SEED_METHODS = Symbol('SeedMethods')

/** The seed: where clients that know nothing yet get the list of nodes (onion requests §10.1). */
@Controller()
export class SeedController {
  constructor(@Inject(SEED_METHODS) private readonly methods: ReadonlyMap<string, SeedMethod>) {}

  /** Bytes, not an object: a JSON body would get a charset behind its type, which makes desktop clients refuse it. */
  @Post('json_rpc')
  @HttpCode(200)
  @Header('content-type', 'application/json')
  jsonRpc(@Body() body: unknown): Buffer {
    const reply = answerJsonRpc(body instanceof Uint8Array ? body : new Uint8Array(0), this.methods)
    return Buffer.from(JSON.stringify(reply))
  }
}
