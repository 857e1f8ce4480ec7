import { createRequire } from 'node:module'

/** Exports of the WebAssembly module in blake2b-wasm: pointers into `memory`, which starts with 640 KiB. */
export interface Blake2bModule {
  readonly memory: { readonly buffer: ArrayBuffer }
  /** Sets up the state at `state` from the 64-byte parameter block at address 0. */
  blake2b_init(state: number, length: number): void
  blake2b_update(state: number, start: number, end: number): void
  /** Leaves the digest 128 bytes into the state. */
  blake2b_final(state: number): void
}

/**
 * The bare module and not the class around it: that class keeps its state in WebAssembly memory until `digest`, so each hash
 * that is given up leaks, and hashes that run side by side detach each other's view when the memory grows.
 */
const instantiate = createRequire(import.meta.url)('blake2b-wasm/blake2b.js') as () => Promise<Blake2bModule>

/** Ready when this file has been imported. */
export const blake2bModule = await instantiate()
