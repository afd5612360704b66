/** models.json, each provider that is on, its models, and what /compare makes of them. */
import { type Config, ConfigError } from '../config.ts'
import { connectProviders } from '../connect-providers.ts'
import { contestantsNeeded } from '../core/comparison.ts'
import type { FailureCode } from '../core/errors.ts'
import type { Model } from '../core/model.ts'
import { providerOf } from '../core/model.ts'
import type { Health } from '../core/ports.ts'
import { formatDay } from '../core/text/format.ts'
import type { Text } from '../core/text/index.ts'
import { createLog } from '../log.ts'
import type { ProviderCatalogue } from '../providers/index.ts'
import { type Check, ok, problem, warning } from './check.ts'

type Info = ReturnType<ProviderCatalogue['providers']>[number]

export async function checkProviders(config: Config, text: Text): Promise<Check[]> {
  const catalogue = await connected(config, text)
  if (Array.isArray(catalogue)) {
    return catalogue.map(sentence => problem('models', sentence, text.doctor.settings.remedy))
  }
  // What has no host is built in.
  const on = catalogue.providers().filter(({ on, host }) => on && host !== null)
  const checks = await Promise.all(on.map(info => checkProvider(info, catalogue, text)))
  return [compared(catalogue, text), ...checks.flat(), ...retirements(catalogue, text), ...off(catalogue, text)]
}

async function connected(config: Config, text: Text): Promise<ProviderCatalogue | string[]> {
  try {
    return await connectProviders(config, { text, log: createLog('silent') })
  } catch (thrown) {
    if (thrown instanceof ConfigError) return [...thrown.sentences]
    throw thrown
  }
}

function compared(catalogue: ProviderCatalogue, { start, doctor }: Text): Check {
  const defaults = catalogue.defaults()
  const { demo, demoRemedy, nothing } = doctor.models
  if (defaults.length < contestantsNeeded) return warning('models', nothing, demoRemedy)
  if (defaults.some(id => providerOf(id) === 'demo')) return warning('models', demo, demoRemedy)
  return ok('models', `${start.comparing(defaults.join(', '))}.`)
}

async function checkProvider(info: Info, catalogue: ProviderCatalogue, text: Text): Promise<Check[]> {
  const health = await catalogue.provider(info.id)?.health()
  const models = catalogue.models().filter(({ provider }) => provider === info.id)
  return health === undefined ? [] : [healthOf(info, health, models, text)]
}

function healthOf(info: Info, health: Health, models: readonly Model[], { doctor, locale }: Text): Check {
  const words = doctor.provider
  const name = `provider:${info.id}`
  const who = `${info.name} (${info.host})`
  if (!health.ok) return failureOf(name, who, info, health.failure, words)
  const { offered } = health
  if (offered === null) return warning(name, words.noList(who), words.noListRemedy(settingsOf(info)))
  const missing = models.map(({ id }) => id.slice(info.id.length + 1)).filter(id => !offered.includes(id))
  if (missing.length === 0) return ok(name, info.keyVariable === null ? words.answers(who) : words.acceptsKey(who))
  return warning(name, words.notListed(who, new Intl.ListFormat(locale).format(missing)), words.notListedRemedy)
}

function failureOf(
  name: string,
  who: string,
  info: Info,
  failure: FailureCode,
  words: Text['doctor']['provider'],
): Check {
  const { keyVariable, host } = info
  const place = info.baseUrlVariable ?? 'models.json'
  switch (failure) {
    case 'key_rejected':
      return keyVariable === null
        ? problem(name, words.needsKey(who), words.needsKeyRemedy(info.id))
        : problem(name, words.rejectsKey(who), words.rejectsKeyRemedy(keyVariable, place))
    case 'no_credit':
      return problem(name, words.noCredit(who), words.noCreditRemedy(keyVariable ?? place))
    case 'provider_busy':
      return warning(name, words.busy(who), words.busyRemedy)
    case 'provider_down':
    case 'provider_silent': {
      const message = failure === 'provider_down' ? words.down(who) : words.silent(who)
      const isOwn = keyVariable === null
      return problem(name, message, isOwn ? words.startRemedy(info.name, place) : words.reachRemedy(host ?? '', place))
    }
    default:
      return problem(name, words.strange(who), words.strangeRemedy(place))
  }
}

function settingsOf({ keyVariable, baseUrlVariable }: Info): string {
  return [keyVariable, baseUrlVariable].filter(variable => variable !== null).join(', ') || 'models.json'
}

function retirements(catalogue: ProviderCatalogue, text: Text): Check[] {
  const words = text.doctor.models
  const today = new Date().toISOString().slice(0, 10)
  return catalogue.models().flatMap(({ id, name }) => {
    const retirement = catalogue.retirement(id)
    if (retirement === undefined) return []
    const day = formatDay(retirement.on, text)
    const said = retirement.on < today ? words.retired(name, id, day) : words.retires(name, id, day)
    return [warning(`model:${id}`, said, words.retiresRemedy(id))]
  })
}

function off(catalogue: ProviderCatalogue, { doctor }: Text): Check[] {
  const names = catalogue
    .providers()
    .filter(({ on }) => !on)
    .map(({ name, keyVariable, baseUrlVariable }) => `${name} (${keyVariable ?? baseUrlVariable})`)
  return names.length === 0 ? [] : [ok('off', doctor.models.off(names.join(', ')))]
}
