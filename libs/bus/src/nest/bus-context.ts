import { BaseRpcContext } from '@nestjs/microservices'
import type { Delivery } from '../durable/durable-events.ts'

/** What a Nest handler gets with `@Ctx()`. */
export class BusContext extends BaseRpcContext<[string, Delivery | undefined]> {
  /** The declared subject. */
  get subject(): string {
    return this.getArgs()[0]
  }

  /** Attempt, partition and `inProgress` of a durable event; undefined for anything else. */
  get delivery(): Delivery | undefined {
    return this.getArgs()[1]
  }
}
