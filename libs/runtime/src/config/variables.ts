import type { z } from 'zod'

/** A schema that turns a variable's text into its value. */
export type TextParser = z.ZodType<unknown, string>

/** The declaration of one environment variable: the single place that knows its name, form, default and meaning. */
export interface Variable<P extends TextParser = TextParser> {
  readonly name: string
  readonly parse: P
  /** Text to parse when the variable is not set; without it `optional` decides. */
  readonly fallback?: string
  /** Not set and no fallback: the value is undefined instead of a problem. */
  readonly optional?: boolean
  /** May also come from the file named by `<name>_FILE`; its value appears nowhere. */
  readonly secret?: boolean
  /** One line for the documentation. */
  readonly meaning: string
}

export type Variables = Readonly<Record<string, Variable>>

/** Typed values of a set of declarations. */
export type Values<V extends Variables> = {
  readonly [K in keyof V]: V[K] extends { readonly optional: true }
    ? z.output<V[K]['parse']> | undefined
    : z.output<V[K]['parse']>
}

type Details = Omit<Variable, 'name' | 'parse' | 'meaning' | 'optional'>

/** Declares a variable that has a default or has to be set. */
export function variable<P extends TextParser>(
  name: string,
  parse: P,
  meaning: string,
  details: Details = {},
): Variable<P> {
  return { name, parse, meaning, ...details }
}

/** Declares a variable that may be missing. */
export function optionalVariable<P extends TextParser>(
  name: string,
  parse: P,
  meaning: string,
  details: Omit<Details, 'fallback'> = {},
): Variable<P> & { readonly optional: true } {
  return { name, parse, meaning, ...details, optional: true }
}
