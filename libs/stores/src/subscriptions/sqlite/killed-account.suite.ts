import { digestOf } from '../suite/samples.suite.ts'

/** The account that a lane of the server that is killed subscribes for under a number. */
export function killedAccount(lane: number, number: number): Uint8Array {
  return digestOf(`${lane} ${number}`)
}
