import { type Blake2bOptions, type IncrementalHash } from '../crypto.ts'
import { blake2bModule } from './blake2b-module.ts'

// Layout of the memory: parameter block, one state, input. All calls are synchronous, so one state serves every hash.
const PARAMETERS = 0
const PARAMETERS_LENGTH = 64
const STATE = 64
const STATE_LENGTH = 216
const INPUT = 512

const memory = new Uint8Array(blake2bModule.memory.buffer)
const PIECE_LENGTH = memory.length - INPUT

// Offsets in the parameter block (RFC 7693 §2.5) and in the state.
const SALT = 32
const PERSONALIZATION = 48
const DIGEST = 128
const BYTES_IN_BLOCK = 200
const BLOCK_LENGTH = 128

/** BLAKE2b (RFC 7693) of `message` in one go. */
export function blake2b(message: Uint8Array, options: Blake2bOptions): Uint8Array {
  begin(options)
  absorb(message)
  return end(options.length)
}

/** BLAKE2b fed piece by piece; its state lives in a JavaScript array between the calls and is collected with it. */
export function createBlake2b(options: Blake2bOptions): IncrementalHash {
  begin(options)
  const state = memory.slice(STATE, STATE + STATE_LENGTH)
  return {
    update(data) {
      memory.set(state, STATE)
      absorb(data)
      state.set(memory.subarray(STATE, STATE + STATE_LENGTH))
      return this
    },
    digest() {
      memory.set(state, STATE)
      return end(options.length)
    },
  }
}

function begin({ length, key, salt, personalization }: Blake2bOptions): void {
  memory.fill(0, PARAMETERS, PARAMETERS_LENGTH)
  memory[0] = length
  memory[1] = key?.length ?? 0
  memory[2] = 1
  memory[3] = 1
  if (salt !== undefined) memory.set(salt, SALT)
  if (personalization !== undefined) memory.set(personalization, PERSONALIZATION)
  blake2bModule.blake2b_init(STATE, length)
  if (key !== undefined) {
    absorb(key)
    memory.fill(0, INPUT, INPUT + key.length)
    // The key fills a whole block (RFC 7693 §2.9), of which `init` has zeroed the rest.
    memory[STATE + BYTES_IN_BLOCK] = BLOCK_LENGTH
  }
}

function absorb(data: Uint8Array): void {
  for (let offset = 0; offset < data.length; offset += PIECE_LENGTH) {
    const piece = data.length <= PIECE_LENGTH ? data : data.subarray(offset, offset + PIECE_LENGTH)
    memory.set(piece, INPUT)
    blake2bModule.blake2b_update(STATE, INPUT, INPUT + piece.length)
  }
}

function end(length: number): Uint8Array {
  blake2bModule.blake2b_final(STATE)
  const digest = memory.slice(STATE + DIGEST, STATE + DIGEST + length)
  memory.fill(0, STATE, STATE + STATE_LENGTH)
  return digest
}
