/** What Slack's client does with the elements of a message or a view: who may choose what, and how it is written down. */
import { flag, inner, type Json, objects, string } from './json.ts'
import { withBlockIds } from './methods/request.ts'
import { Message, type View } from './model.ts'

export type Choice = string | readonly string[]

export type Found = {
  element: Json
  blockId: string
  actionId: string
  input: boolean
  label: string
  optional: boolean
}

export function elementsOf(target: Message | View): Found[] {
  const blocks = target instanceof Message ? target.blocks : target.given.blocks
  return withBlockIds(blocks).flatMap(block => {
    const input = block.type === 'input'
    const elements = input ? [inner(block.element)] : [...objects(block.elements), ...objects([block.accessory])]
    return elements
      .filter(element => element.type !== 'image' && block.type !== 'rich_text')
      .map((element, at) => ({
        element,
        blockId: string(block.block_id),
        actionId: string(element.action_id) || `a${at}`,
        input,
        label: string(inner(block.label).text),
        optional: flag(block.optional) ?? false,
      }))
  })
}

/** The element that a person means; of several under one action id the one with this value. */
export function elementOf(target: Message | View, actionId: string, choice?: Choice): Found {
  const all = elementsOf(target)
  const named = all.filter(each => each.actionId === actionId)
  const found = named.find(each => each.element.type === 'button' && each.element.value === choice) ?? named[0]
  if (found !== undefined) return found
  throw new Error(`nothing to press under ${actionId}: ${all.map(each => each.actionId).join(', ') || 'no elements'}`)
}

/** How Slack writes a choice; `offered` are the options that a `block_suggestion` brought. */
export function written({ element, actionId }: Found, choice: Choice, offered: readonly Json[] = []): Json {
  const type = string(element.type)
  const values = typeof choice === 'string' ? [choice] : [...choice]
  const options = [
    ...objects(element.options),
    ...objects(element.option_groups).flatMap(each => objects(each.options)),
    ...offered,
  ]
  const picked = () =>
    values.map(value => {
      const option = options.find(each => each.value === value)
      if (option === undefined)
        throw new Error(`${actionId} does not offer ${value}: ${options.map(each => each.value)}`)
      return option
    })
  switch (type) {
    case 'button':
      return { type, text: element.text, value: element.value }
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
    case 'overflow':
      return { type, selected_option: picked()[0] ?? null }
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes': {
      const most = Number(element.max_selected_items) || Number.POSITIVE_INFINITY
      if (values.length > most) throw new Error(`${actionId} takes at most ${most}`)
      return { type, selected_options: picked() }
    }
    case 'users_select':
      return { type, selected_user: values[0] ?? null }
    case 'multi_users_select':
      return { type, selected_users: values }
    case 'conversations_select':
      return { type, selected_conversation: values[0] ?? null }
    case 'channels_select':
      return { type, selected_channel: values[0] ?? null }
    case 'datepicker':
      return { type, selected_date: values[0] ?? null }
    case 'timepicker':
      return { type, selected_time: values[0] ?? null }
    default: {
      const text = values[0] ?? ''
      const [least, most] = [Number(element.min_length) || 0, Number(element.max_length) || 3000]
      if (text.length < least || text.length > most) throw new Error(`${actionId} takes ${least} to ${most} characters`)
      return { type, value: text === '' ? null : text }
    }
  }
}

/** What an element holds before anybody touched it. */
export function initial({ element }: Found): Json {
  const type = string(element.type)
  if (/^multi_(static|external)_select$|^checkboxes$/.test(type)) {
    return { type, selected_options: objects(element.initial_options) }
  }
  if (/^(static_select|external_select|radio_buttons)$/.test(type)) {
    return { type, selected_option: element.initial_option ?? null }
  }
  if (type === 'users_select') return { type, selected_user: element.initial_user ?? null }
  if (type === 'multi_users_select') return { type, selected_users: element.initial_users ?? [] }
  if (type === 'conversations_select') return { type, selected_conversation: element.initial_conversation ?? null }
  if (type === 'channels_select') return { type, selected_channel: element.initial_channel ?? null }
  if (type === 'datepicker') return { type, selected_date: element.initial_date ?? null }
  if (type === 'timepicker') return { type, selected_time: element.initial_time ?? null }
  return { type, value: element.initial_value ?? null }
}

export function isEmpty(value: Json): boolean {
  const { type, ...held } = value
  return Object.values(held).every(each => each === null || each === '' || (Array.isArray(each) && each.length === 0))
}
