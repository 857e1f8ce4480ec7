import { type BusClient, describeAttachments, describePush } from '#bus'
import type { DescribeService } from './service-directory.ts'

const CONTRACTS = { attachments: describeAttachments, push: describePush } as const

/** Asks the services over the bus, each within `timeoutMs`. */
export function describeOverBus(bus: BusClient, timeoutMs: number): DescribeService {
  return (service) => bus.request(CONTRACTS[service], undefined, { timeoutMs })
}
