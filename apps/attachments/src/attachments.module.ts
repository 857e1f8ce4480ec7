import { type DynamicModule, Module } from '@nestjs/common'
import type { ServiceDescription } from '#bus'
import { EndpointsModule, type EndpointsOptions } from '#endpoints'
import { DescribeController, DESCRIPTION } from './describe.controller.ts'

/** The attachment service: its endpoints behind three doors, and its word on the bus. */
@Module({})
export class AttachmentsModule {
  static register(endpoints: EndpointsOptions, description: ServiceDescription): DynamicModule {
    return {
      module: AttachmentsModule,
      imports: [EndpointsModule.register(endpoints)],
      controllers: [DescribeController],
      providers: [{ provide: DESCRIPTION, useValue: description }],
    }
  }
}
