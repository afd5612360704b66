import type { Model, ModelId } from '../../src/core/model.ts'
import { providerOf } from '../../src/core/model.ts'
import { OpenAiCompatible, type OpenAiCompatibleOptions } from '../../src/providers/openai-compatible.ts'
import type { StandIn } from './stand-in.ts'

/** The provider `lab`, at a stand-in. */
export function aProvider(standIn: Pick<StandIn, 'url'>, changes: Partial<OpenAiCompatibleOptions> = {}) {
  return new OpenAiCompatible({
    id: 'lab',
    baseUrl: standIn.url,
    key: 'sk-lab-secret',
    tokenLimitField: 'max_tokens',
    maxAnswerTokens: null,
    thinkTags: false,
    failures: [],
    models: [],
    clock: { now: () => new Date() },
    ...changes,
  })
}

export function aModel(id: ModelId): Model {
  return { id, provider: providerOf(id), name: id, aliases: [], contextTokens: null, price: null, region: null }
}
