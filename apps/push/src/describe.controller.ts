import { Controller, Inject } from '@nestjs/common'
import { describePush, OnRequest, type ServiceDescription } from '#bus'

export const DESCRIPTION = Symbol('ServiceDescription')

/** Tells the other services where this one is and which keys it has. */
@Controller()
export class DescribeController {
  constructor(@Inject(DESCRIPTION) private readonly description: ServiceDescription) {}

  @OnRequest(describePush)
  async describe(_nothing: undefined): Promise<ServiceDescription> {
    return this.description
  }
}
