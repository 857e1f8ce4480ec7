export * from './faults.ts'
export * from './fcm-fake.ts'
export * from './service-account.ts'
export type { ReceivedMessage } from './read-request.ts'
