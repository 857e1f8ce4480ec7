import { type DynamicModule, Module } from '@nestjs/common'
import { MailboxChangedController } from './mailbox-changed.controller.ts'
import { StorageRpcService } from './rpc/storage-rpc-service.ts'
import { StorageRpcController } from './storage-rpc.controller.ts'
import { WaitingRoom } from './waiting/waiting-room.ts'

/** The message core on the bus. */
@Module({})
export class CoreModule {
  static register(service: StorageRpcService, room: WaitingRoom): DynamicModule {
    return {
      module: CoreModule,
      controllers: [StorageRpcController, MailboxChangedController],
      providers: [
        { provide: StorageRpcService, useValue: service },
        { provide: WaitingRoom, useValue: room },
      ],
    }
  }
}
