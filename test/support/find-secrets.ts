/**
 * Those of the secrets that appear in a text. Message hashes are looked for among the words of their form, because there are too many to
 * search for each.
 */
export function findSecrets(
  text: string,
  { names, hashes }: { readonly names: readonly string[]; readonly hashes: ReadonlySet<string> },
): readonly string[] {
  const found = names.filter((name) => text.includes(name))
  for (const [word] of text.matchAll(/[A-Za-z0-9+/]{43}/g)) if (hashes.has(word)) found.push(word)
  return found
}
