export * from './apns-options.ts'
export * from './apns-provider.ts'
