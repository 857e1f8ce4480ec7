import { type DynamicModule, Module } from '@nestjs/common'
import type { ServiceDescription } from '#bus'
import { EndpointsModule, type EndpointsOptions } from '#endpoints'
import { DescribeController, DESCRIPTION } from './describe.controller.ts'
import { MessageStoredController } from './message-stored.controller.ts'
import { NotifyDevices } from './notices/notify-devices.ts'

/** The push relay: its endpoints behind their doors, its word on the bus, and its ear for stored messages. */
@Module({})
export class PushModule {
  static register(endpoints: EndpointsOptions, description: ServiceDescription, notify: NotifyDevices): DynamicModule {
    return {
      module: PushModule,
      imports: [EndpointsModule.register(endpoints)],
      controllers: [DescribeController, MessageStoredController],
      providers: [
        { provide: DESCRIPTION, useValue: description },
        { provide: NotifyDevices, useValue: notify },
      ],
    }
  }
}
