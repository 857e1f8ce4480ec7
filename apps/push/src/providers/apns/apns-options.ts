/** The p8 key that Apple gives out: a file, or its text. */
export type ApnsKeySource = { readonly keyFile: string } | { readonly key: string }

export type ApnsProviderOptions = ApnsKeySource & {
  /** Ten characters that name the key at Apple. */
  readonly keyId: string
  /** Ten characters that name the developer account at Apple. */
  readonly teamId: string
  /** Bundle id of the app that is woken; that of the official app if left out. */
  readonly topic?: string
  /** Origin of the service, one of `APNS_ENDPOINTS` or a test's. */
  readonly endpoint: string
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string
  /** Milliseconds for one request, waiting for a connection included; 10,000 if left out. */
  readonly deadlineMs?: number
  /** Connections at most; 2 if left out. */
  readonly sessions?: number
  /** Requests under way on one connection at most, if the peer allows more; 1,000 if left out. */
  readonly streams?: number
  /** Requests that may wait for a connection or for room on one; 4,096 if left out. */
  readonly waiting?: number
  /** Milliseconds without traffic after which a connection is asked whether it lives; 60,000 if left out. */
  readonly pingAfterMs?: number
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

/** Where the two services of Apple live (push §7.1). */
export const APNS_ENDPOINTS = {
  apns: 'https://api.push.apple.com',
  'apns-sandbox': 'https://api.sandbox.push.apple.com',
} as const

/** The official app (push §7.1). */
export const OFFICIAL_TOPIC = 'com.loki-project.loki-messenger'
