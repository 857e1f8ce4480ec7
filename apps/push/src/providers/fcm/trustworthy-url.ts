const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/

/**
 * The URL, or undefined when the text is none or credentials must not travel to it: `https:`, and `http:` only when it does not leave the machine.
 */
export function trustworthyUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:') return url
  return url?.protocol === 'http:' && LOOPBACK.test(url.hostname) ? url : undefined
}
