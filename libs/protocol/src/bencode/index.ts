export * from './decode.ts'
export * from './encode.ts'
export * from './errors.ts'
export * from './value.ts'
