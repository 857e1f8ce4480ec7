import { UseFilters } from '@nestjs/common'
import { EventPattern, MessagePattern } from '@nestjs/microservices'
import type { EventDefinition, RequestDefinition } from '../contract/definition.ts'
import { CodedErrorFilter } from './coded-error-filter.ts'

type HandlerOf<Value, Result> = (value: Value, ...rest: never[]) => Promise<Result>
type TypedDecorator<Handler> = (
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void

/**
 * Nest's `@MessagePattern` for a declared request: the compiler checks the method against the contract, and errors keep their
 * code across the bus.
 */
export function OnRequest<Request, Reply>(
  definition: RequestDefinition<Request, Reply>,
): TypedDecorator<HandlerOf<Request, Reply>> {
  return decorate(MessagePattern(definition.subject, { definition }))
}

/** Nest's `@EventPattern` for a declared event: a resolved promise acknowledges, a rejected one asks for the event again. */
export function OnEvent<Value>(definition: EventDefinition<Value>): TypedDecorator<HandlerOf<Value, void>> {
  return decorate(EventPattern<string>(definition.subject, { definition }))
}

function decorate<Handler>(pattern: MethodDecorator): TypedDecorator<Handler> {
  return (target, key, descriptor) => {
    pattern(target, key, descriptor)
    UseFilters(new CodedErrorFilter())(target, key, descriptor)
  }
}
