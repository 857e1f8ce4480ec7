export { busInFlight, coreConfig, type CoreConfig } from './config/core-config.ts'
export { CORE_VARIABLES } from './config/variables.ts'
export { type Core, createCore, type CoreDependencies } from './create-core.ts'
export { WHOLE_PAGE_LIMIT } from './rpc/rpc-executor.ts'
