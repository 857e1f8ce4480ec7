export * from './apns-fake.ts'
export * from './mute-server.ts'
export * from './start-apns-fake-process.ts'
