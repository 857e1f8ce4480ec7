import type { DynamicModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { CustomTransportStrategy } from '@nestjs/microservices'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'

export interface ServiceAppOptions {
  /** A request that is not complete by then is cut off, however steadily it drips; in milliseconds. */
  readonly requestTimeoutMs: number
  /** The bus's end in this process; none = the service is not on a bus. */
  readonly busServer: CustomTransportStrategy | undefined
}

/** A service as Nest runs it on Fastify: its port is yet to be opened, its handlers on the bus hear from now on. */
export async function createServiceApp(
  module: DynamicModule,
  { requestTimeoutMs, busServer }: ServiceAppOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ requestTimeout: requestTimeoutMs })
  // The doors read bodies themselves, and what fails is thrown to whoever starts the service.
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  })
  if (busServer !== undefined) {
    app.connectMicroservice({ strategy: busServer })
    await app.startAllMicroservices()
  }
  return app
}
