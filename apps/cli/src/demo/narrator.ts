import type { OnionPath, SendEvent } from '#client'
import type { Console } from '../context.ts'
import { paint } from '../output/paint.ts'
import { abbreviated, inBytes, inSeconds } from '../output/words.ts'

/** Tells what happens to a request while it happens. */
export interface Narrator {
  readonly tell: (event: SendEvent) => void
}

/** A narrator for the requests of `person`. */
export function createNarrator(console: Console, person: string): Narrator {
  return {
    tell: (event) => {
      for (const line of inWords(event, person)) console.print(`   ${line}`)
      if (event.kind !== 'answered') return
      for (const line of whoSawWhat(event.path, person)) console.print(paint(console, 'dim', `     ${line}`))
    },
  }
}

function inWords(event: SendEvent, person: string): readonly string[] {
  switch (event.kind) {
    case 'sent': {
      const hops = event.path.nodes.map((node) => abbreviated(node.ed25519)).join(' → ')
      return [`${person} → ${hops} → file server, ${inBytes(event.bytes)} in four layers of encryption.`]
    }
    case 'answered':
      return [`Answer of ${inBytes(event.bytes)} after ${inSeconds(event.elapsedMs)}. What each could see:`]
    case 'retrying':
      return [`That failed: ${event.error.message}. Another try in ${inSeconds(event.pauseMs)}.`]
  }
}

function whoSawWhat(path: OnionPath, person: string): readonly string[] {
  return path.nodes
    .map((node, index) => {
      const before = path.nodes[index - 1]
      const after = path.nodes[index + 1]
      const from = before === undefined ? `${person}'s address` : abbreviated(before.ed25519)
      const to = after === undefined ? 'the host of the file server' : abbreviated(after.ed25519)
      return `${abbreviated(node.ed25519)}  from ${from}, to ${to}; the rest is noise to it`
    })
    .concat(`file server  the exit's address, the file id and encrypted bytes; neither ${person} nor the file`)
}
