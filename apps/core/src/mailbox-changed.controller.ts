import { Controller, Inject } from '@nestjs/common'
import { mailboxChanged, type MailboxChanged, OnEvent } from '#bus'
import { toHex } from '#crypto'
import { WaitingRoom } from './waiting/waiting-room.ts'

/** Wakes clients that wait here for a message that another replica has stored. */
@Controller()
export class MailboxChangedController {
  constructor(@Inject(WaitingRoom) private readonly room: WaitingRoom) {}

  @OnEvent(mailboxChanged)
  async changed({ account, namespace }: MailboxChanged): Promise<void> {
    this.room.notify({ account: toHex(account), namespace })
  }
}
