import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import type { FastifyInstance } from 'fastify'
import type { Crypto, KeyPair } from '#crypto'
import type { Endpoint } from './endpoint.ts'
import { type ErrorReply, errorReply } from './error-reply.ts'
import type { ExchangeObserver } from './exchange-observer.ts'
import { mountHttpDoor } from './http/http-door.ts'
import type { StallDeadline } from './http/stall-deadline.ts'
import { EndpointRouter } from './sealed/endpoint-router.ts'
import type { SealedContext } from './sealed/sealed-context.ts'
import type { SealedMemory } from './sealed/sealed-memory.ts'
import { v3Doors } from './sealed/v3-door.ts'
import { v4Door } from './sealed/v4-door.ts'

export interface EndpointsOptions {
  readonly endpoints: readonly Endpoint[]
  readonly crypto: Crypto
  /** X25519 pairs that requests may be sealed to, the newest first; at least one. */
  readonly keys: readonly KeyPair[]
  readonly memory: SealedMemory
  readonly deadline: StallDeadline
  readonly observer: ExchangeObserver
  /** Answers for the errors of the app; default: those of this library, everything else 500. */
  readonly errorReply?: ErrorReply
}

const OPTIONS = Symbol('EndpointsOptions')

/** Opens the three doors to a set of endpoints on the Fastify instance under Nest: plain HTTP, sealed v4, sealed v3. */
@Module({})
export class EndpointsModule implements OnModuleInit {
  constructor(
    @Inject(OPTIONS) private readonly options: EndpointsOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  static register(options: EndpointsOptions): DynamicModule {
    return { module: EndpointsModule, providers: [{ provide: OPTIONS, useValue: options }] }
  }

  onModuleInit(): void {
    mountDoors(this.host.httpAdapter.getInstance<FastifyInstance>(), this.options)
  }
}

/** The same without Nest. */
export function mountDoors(fastify: FastifyInstance, options: EndpointsOptions): void {
  const { endpoints, deadline, observer } = options
  const reply = options.errorReply ?? errorReply
  const router = new EndpointRouter(endpoints)
  const sealed: SealedContext = { ...options, router, errorReply: reply }
  const all = [...endpoints, v4Door(sealed), ...v3Doors(sealed)]
  mountHttpDoor(fastify, { endpoints: all, deadline, errorReply: reply, observer })
}
