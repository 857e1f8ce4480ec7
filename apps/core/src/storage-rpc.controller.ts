import { Controller, Inject } from '@nestjs/common'
import { OnRequest, storageRpc, type StorageRpcReply, type StorageRpcRequest } from '#bus'
import { StorageRpcService } from './rpc/storage-rpc-service.ts'

/** Takes storage requests that nodes got, from the bus. */
@Controller()
export class StorageRpcController {
  constructor(@Inject(StorageRpcService) private readonly service: StorageRpcService) {}

  @OnRequest(storageRpc)
  handle(request: StorageRpcRequest): Promise<StorageRpcReply> {
    return this.service.handle(request)
  }
}
