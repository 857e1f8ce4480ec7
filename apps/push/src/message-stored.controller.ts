import { Controller, Inject } from '@nestjs/common'
import { messageStored, type MessageStored, OnEvent } from '#bus'
import { NotifyDevices } from './notices/notify-devices.ts'

/** Hears of every message that the core has stored. */
@Controller()
export class MessageStoredController {
  constructor(@Inject(NotifyDevices) private readonly notify: NotifyDevices) {}

  /** Resolves, and so acknowledges the event, once the notification of every device is durably queued. */
  @OnEvent(messageStored)
  handle(message: MessageStored): Promise<void> {
    return this.notify.handle(message)
  }
}
