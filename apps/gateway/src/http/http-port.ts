import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Logger, nestLogger } from '#runtime'
import { GatewayModule, type GatewayModuleOptions } from '../gateway.module.ts'
import type { NodeDirectory } from '#nodes'
import type { Cors } from './cors.ts'
import type { NodeDoor } from './node-door.ts'
import { answerClientError, CHECK_INTERVAL_MS, limitServer, type ServerTimeouts } from './server-limits.ts'

/** Longest body, in bytes, that the seed reads. */
const SEED_BODY_LIMIT = 65_536

export interface HttpPortOptions extends GatewayModuleOptions {
  readonly directory: NodeDirectory
  readonly door: NodeDoor
  readonly cors: Cors
  readonly timeouts: ServerTimeouts
  readonly logger: Logger
}

/** The application behind the HTTP port: seed, discovery, and every own node below `/nodes/<ed25519>`. */
export async function createHttpPort(options: HttpPortOptions): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: SEED_BODY_LIMIT,
    clientErrorHandler: answerClientError,
    http: { connectionsCheckingInterval: CHECK_INTERVAL_MS },
  })
  const fastify = adapter.getInstance<FastifyInstance>()
  takeAnyContentType(fastify)
  allowOrigins(fastify, options.cors)
  mountNodes(fastify, options)
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.register(options), adapter, {
    bodyParser: false,
    logger: nestLogger(options.logger),
    abortOnError: false,
  })
  limitServer(app.getHttpServer(), options.timeouts)
  return app
}

/** Clients send JSON under any content type, and under none (real clients §3.1). */
function takeAnyContentType(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function allowOrigins(fastify: FastifyInstance, cors: Cors): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (cors.apply(request.raw, reply.raw)) reply.hijack()
    else done()
  })
}

/** The nodes answer in the `onRequest` hook, before Fastify would look at a body: the same door as on the TLS ports. */
function mountNodes(fastify: FastifyInstance, { directory, door }: HttpPortOptions): void {
  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { ed25519, '*': rest } = request.params as { readonly ed25519: string; readonly '*': string }
    const node = directory.findOwn(ed25519.toLowerCase())
    if (node === undefined) {
      done()
      return
    }
    reply.hijack()
    void door.exchange(node, `/${rest}`, request.raw, reply.raw)
  }
  fastify.route({
    method: ['GET', 'POST'],
    url: '/nodes/:ed25519/*',
    onRequest,
    handler: (request, reply) => reply.code(404).type('text/plain').send(`${request.method} ${request.url} Not Found`),
  })
}
