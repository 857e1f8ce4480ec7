export { InProcessBus, type InProcessBusOptions } from './in-process-bus.ts'
export { InProcessClient, type InProcessClientOptions } from './in-process-client.ts'
export { InProcessServer, type InProcessServerOptions } from './in-process-server.ts'
export { SqliteEvents, type SqliteEventsOptions } from './sqlite-events.ts'
