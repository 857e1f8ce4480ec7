import type { ZodType } from 'zod'
import { BadMessageError } from '../errors.ts'
import { json, type Codec } from './codec.ts'

/** A small described part and bytes that belong to it. */
export interface HeadAndBody<Head> {
  readonly head: Head
  readonly body: Uint8Array
}

const LENGTH_BYTES = 4

/**
 * A JSON head and a raw body in one message: the head's length (4 bytes, big-endian), the head, the body. The body costs one
 * copy when it is encoded and none when it is decoded: it is a view into the message.
 */
export function jsonWithBody<Head>(schema: ZodType<Head>): Codec<HeadAndBody<Head>> {
  const headCodec = json(schema)
  return {
    encode: ({ head, body }) => {
      const encoded = headCodec.encode(head)
      const message = new Uint8Array(LENGTH_BYTES + encoded.length + body.length)
      new DataView(message.buffer).setUint32(0, encoded.length)
      message.set(encoded, LENGTH_BYTES)
      message.set(body, LENGTH_BYTES + encoded.length)
      return message
    },
    decode: (message) => {
      if (message.length < LENGTH_BYTES) throw new BadMessageError('a message ends within the length of its head')
      const length = new DataView(message.buffer, message.byteOffset, LENGTH_BYTES).getUint32(0)
      if (length > message.length - LENGTH_BYTES) throw new BadMessageError('a message ends within its head')
      return {
        head: headCodec.decode(message.subarray(LENGTH_BYTES, LENGTH_BYTES + length)),
        body: message.subarray(LENGTH_BYTES + length),
      }
    },
  }
}
