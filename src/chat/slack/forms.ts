/** The form for a comparison, and the way back from what somebody filled in. */
import type { types } from '@slack/bolt'
import { z } from 'zod'
import type { Input } from '../../core/command.ts'
import { categories } from '../../core/comparison.ts'
import type { Problem } from '../../core/errors.ts'
import type { Catalogue } from '../../core/ports.ts'
import { formatPrice } from '../../core/text/format.ts'
import type { Text } from '../../core/text/index.ts'
import { sectionLimit } from './limits.ts'

/** Slack's limits of a select: its options, and the characters of each. */
const mostOptions = 100
const optionLimit = 75
const valueLimit = 150

const origin = z.object({
  channel: z.string(),
  thread: z.string().nullable(),
  responseUrl: z.string().nullable(),
})

/** Where the form was opened from: there the ballot goes. */
export type Origin = z.infer<typeof origin>

export function originOf(metadata: string): Origin {
  return origin.parse(JSON.parse(metadata))
}

export function compareForm(
  from: Origin,
  catalogue: Pick<Catalogue, 'models' | 'defaults'>,
  text: Text,
  prompt = '',
): types.ModalView {
  const { form } = text.slack
  const defaults = catalogue.defaults().join(', ')
  const models = catalogue.models().filter(({ id }) => id.length <= valueLimit)
  const hint = plain(form.modelsHint(defaults), 2_000)
  return {
    type: 'modal',
    callback_id: 'compare',
    private_metadata: JSON.stringify(from),
    title: plain(form.title, 24),
    submit: plain(form.submit, 24),
    close: plain(form.cancel, 24),
    blocks: [
      {
        type: 'input',
        block_id: 'prompt',
        label: plain(form.prompt),
        element: {
          type: 'plain_text_input',
          action_id: 'value',
          multiline: true,
          max_length: sectionLimit,
          ...(prompt !== '' && { initial_value: prompt }),
        },
      },
      {
        type: 'input',
        block_id: 'models',
        optional: true,
        label: plain(form.models),
        hint,
        element: {
          type: 'multi_static_select',
          action_id: 'value',
          max_selected_items: 6,
          options: models.slice(0, mostOptions).map(model => ({
            text: plain(`${model.name} · ${formatPrice(model.price, text)}`, optionLimit),
            value: model.id,
            description: plain(
              model.region === null ? text.console.unknownPlace : text.models.regions[model.region],
              optionLimit,
            ),
          })),
        },
      },
      {
        type: 'input',
        block_id: 'category',
        optional: true,
        label: plain(form.category),
        element: {
          type: 'static_select',
          action_id: 'value',
          placeholder: plain(form.noCategory),
          options: categories.map(category => ({ text: plain(text.categories[category]), value: category })),
        },
      },
      {
        type: 'input',
        block_id: 'blind',
        optional: true,
        label: plain(form.names),
        element: {
          type: 'checkboxes',
          action_id: 'value',
          options: [blindOption(text)],
          initial_options: [blindOption(text)],
        },
      },
    ],
  }
}

const values = z.record(
  z.string(),
  z.record(
    z.string(),
    z.looseObject({
      value: z.string().nullish(),
      selected_option: z.looseObject({ value: z.string() }).nullish(),
      selected_options: z.array(z.looseObject({ value: z.string() })).nullish(),
    }),
  ),
)

/** What was filled in, as a command takes it. */
export function inputOf(state: unknown): Input {
  const of = (name: string) => values.parse(state)[name]?.value
  return {
    prompt: of('prompt')?.value ?? '',
    models: (of('models')?.selected_options ?? []).map(({ value }) => value).join(','),
    category: of('category')?.selected_option?.value ?? '',
    blind: (of('blind')?.selected_options ?? []).length > 0 ? 'yes' : 'no',
  }
}

/** The field beside which a problem is shown. */
export function fieldOf({ code }: Problem): 'prompt' | 'models' | 'category' {
  if (code === 'category_unknown') return 'category'
  return code.startsWith('model_') || code.endsWith('_models') ? 'models' : 'prompt'
}

/** A text that is too long for a message. */
export function readingView(title: string, content: string, text: Text): types.ModalView {
  const most = 90
  const pieces = Array.from({ length: Math.ceil(content.length / sectionLimit) }, (_, index) =>
    content.slice(index * sectionLimit, (index + 1) * sectionLimit),
  )
  const blocks: types.KnownBlock[] = pieces
    .slice(0, most)
    .filter(piece => piece.trim() !== '')
    .map(piece => ({ type: 'section', text: { type: 'plain_text', text: piece, emoji: false } }))
  return {
    type: 'modal',
    title: plain(title, 24),
    close: plain(text.console.close, 24),
    blocks: pieces.length > most ? [...blocks, { type: 'section', text: plain(text.slack.cutHere) }] : blocks,
  }
}

export function plain(text: string, most = 150): types.PlainTextElement {
  return { type: 'plain_text', text: text.length > most ? `${text.slice(0, most - 1)}…` : text }
}

function blindOption(text: Text) {
  return { text: plain(text.slack.form.blind, optionLimit), value: 'yes' }
}
