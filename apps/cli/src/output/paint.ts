import { styleText } from 'node:util'
import type { Console } from '../context.ts'

export type Colour = 'red' | 'green' | 'cyan' | 'dim' | 'bold'

/** `text` in a colour, if the console shows colours. */
export function paint(console: Pick<Console, 'colours'>, colour: Colour, text: string): string {
  return console.colours ? styleText(colour, text, { validateStream: false }) : text
}
