import { Demo } from '../../src/providers/demo.ts'
import { describeProvider } from '../contract/provider.ts'
import { aModel, aProvider } from './a-provider.ts'
import { refuses, says, startStandIn } from './stand-in.ts'

describeProvider('the OpenAI-compatible provider', async () => {
  const standIn = await startStandIn()
  standIn.always(says(['A vote 👩‍🚀 ', 'is one ', 'choice.']))
  standIn.alwaysFor('retired', refuses(404, { error: { code: 'model_not_found', message: 'gone' } }))
  standIn.lists(['good'])
  return {
    provider: aProvider(standIn),
    model: aModel('lab/good'),
    failing: aModel('lab/retired'),
    [Symbol.asyncDispose]: standIn.close,
  }
})

for (const id of ['demo/ada', 'demo/alan'] as const) {
  describeProvider(id, async () => ({
    provider: new Demo({ wordMs: 1 }),
    model: aModel(id),
    failing: aModel('demo/nobody'),
    [Symbol.asyncDispose]: async () => undefined,
  }))
}
