import { type PushServiceName, type TokenRule, tokenRules, webPushTokenRule } from '#protocol'

/**
 * The rule for the tokens of each service that is served. Endpoints of Web Push may use http where the operator has listed some, as on the own
 * machine.
 */
export function servedTokenRules(
  services: readonly string[],
  listedEndpoints: readonly string[],
): Map<string, TokenRule> {
  const rules: ReadonlyMap<string, TokenRule> = new Map(Object.entries<PushServiceRule>(tokenRules))
  const webPush = webPushTokenRule({ allowsHttp: listedEndpoints.length > 0 })
  return new Map(
    services.flatMap((service) => {
      const rule = service === 'webpush' ? webPush : rules.get(service)
      return rule === undefined ? [] : [[service, rule] as const]
    }),
  )
}

type PushServiceRule = (typeof tokenRules)[PushServiceName]
