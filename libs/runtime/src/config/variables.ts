import type { z } from 'zod'

/** The declaration of one environment variable: the single place that knows its name, form, default and meaning. */
export interface Variable<T> {
  readonly name: string
  readonly parse: z.ZodType<T, string>
  /** Text to parse when the variable is not set; without it `optional` decides. */
  readonly fallback?: string
  /** Not set and no fallback: the value is undefined instead of a problem. */
  readonly optional?: boolean
  /** May also come from the file named by `<name>_FILE`; its value appears nowhere. */
  readonly secret?: boolean
  /** One line for the documentation. */
  readonly meaning: string
}

export type Variables = Readonly<Record<string, Variable<unknown>>>

/** Typed values of a set of declarations. */
export type Values<V extends Variables> = {
  readonly [K in keyof V]: V[K] extends Variable<infer T>
    ? V[K] extends { readonly optional: true }
      ? T | undefined
      : T
    : never
}

type Details = Omit<Variable<unknown>, 'name' | 'parse' | 'meaning' | 'optional'>

/** Declares a variable that has a default or has to be set. */
export function variable<T>(
  name: string,
  parse: z.ZodType<T, string>,
  meaning: string,
  details: Details = {},
): Variable<T> {
  return { name, parse, meaning, ...details }
}

/** Declares a variable that may be missing. */
export function optionalVariable<T>(
  name: string,
  parse: z.ZodType<T, string>,
  meaning: string,
  details: Omit<Details, 'fallback'> = {},
): Variable<T> & { readonly optional: true } {
  return { name, parse, meaning, ...details, optional: true }
}
