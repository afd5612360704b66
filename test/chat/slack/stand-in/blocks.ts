/** Block Kit's rules as Slack's reference gives them. Every function adds what is wrong to a list, with a JSON pointer. */
import { flag, inner, isJson, type Json, objects, string } from './json.ts'

type Where = 'message' | 'modal' | 'home'
type Problems = { add(problem: string, pointer: string): void }

/** Of one message's blocks all together. The reference gives 12,000 for markdown; people were refused from 11,000 on. */
const mostText = 11_000

export function problemsOfBlocks(blocks: unknown, where: Where, pointer = '/blocks'): string[] {
  const list: string[] = []
  const problems: Problems = { add: (problem, at) => void list.push(`${problem} [json-pointer:${at}]`) }
  if (!Array.isArray(blocks)) return [`must be an array [json-pointer:${pointer}]`]
  const most = where === 'message' ? 50 : 100
  if (blocks.length > most) problems.add(`no more than ${most} items allowed`, pointer)
  const ids = new Set<string>()
  for (const [index, block] of blocks.entries()) {
    const at = `${pointer}/${index}`
    if (!isJson(block)) problems.add('must be an object', at)
    else checkBlock(block, where, at, ids, problems)
  }
  const markdown = objects(blocks).filter(block => block.type === 'markdown')
  const characters = markdown.reduce((sum, block) => sum + string(block.text).length, 0)
  if (characters > 12_000) problems.add('must be less than 12001 characters in all markdown blocks', pointer)
  if (objects(blocks).filter(block => block.type === 'table').length > 1)
    problems.add('only one table allowed', pointer)
  return list
}

/** Whether Slack would answer `msg_blocks_too_long`. */
export function isTooMuchText(blocks: readonly Json[]): boolean {
  return blocks.reduce((sum, block) => sum + lengthOf(block), 0) > mostText
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + lengthOf(each), 0)
  if (!isJson(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + (key === 'text' && typeof each === 'string' ? each.length : lengthOf(each)),
    0,
  )
}

export function problemsOfView(view: Json): string[] {
  const list: string[] = []
  const problems: Problems = { add: (problem, at) => void list.push(`${problem} [json-pointer:/view${at}]`) }
  const home = view.type === 'home'
  if (!home && view.type !== 'modal') problems.add('must be modal or home', '/type')
  if (!home) checkText(view.title, 24, '/title', problems, 'plain')
  for (const key of ['submit', 'close'])
    if (view[key] !== undefined) checkText(view[key], 24, `/${key}`, problems, 'plain')
  checkLength(view.private_metadata, 3000, '/private_metadata', problems)
  checkLength(view.callback_id, 255, '/callback_id', problems)
  checkLength(view.external_id, 255, '/external_id', problems)
  list.push(...problemsOfBlocks(view.blocks, home ? 'home' : 'modal', '/view/blocks'))
  const hasInput = objects(view.blocks).some(block => block.type === 'input')
  if (!home && hasInput && view.submit === undefined) problems.add('a view with input blocks needs submit', '/submit')
  return list
}

function checkBlock(block: Json, where: Where, at: string, ids: Set<string>, problems: Problems): void {
  checkLength(block.block_id, 255, `${at}/block_id`, problems)
  const id = string(block.block_id)
  if (id !== '' && ids.has(id)) problems.add(`\`block_id\` ${id} already exists`, `${at}/block_id`)
  ids.add(id)
  const elements = objects(block.elements)
  const actionIds = new Set<string>()
  const element = (value: unknown, pointer: string) => checkElement(inner(value), pointer, actionIds, problems)
  switch (block.type) {
    case 'section': {
      if (block.text === undefined && block.fields === undefined) problems.add('missing required field: text', at)
      if (block.text !== undefined) checkText(block.text, 3000, `${at}/text`, problems)
      const fields = objects(block.fields)
      if (fields.length > 10) problems.add('no more than 10 items allowed', `${at}/fields`)
      for (const [index, field] of fields.entries()) checkText(field, 2000, `${at}/fields/${index}`, problems)
      if (block.accessory !== undefined) element(block.accessory, `${at}/accessory`)
      return
    }
    case 'header':
      checkText(block.text, 150, `${at}/text`, problems, 'plain')
      return
    case 'divider':
      return
    case 'markdown':
      if (where !== 'message') problems.add('unsupported type: markdown', `${at}/type`)
      checkLength(block.text, 12_000, `${at}/text`, problems, 1)
      return
    case 'image':
      checkImage(block, at, problems)
      return
    case 'context':
      if (elements.length < 1 || elements.length > 10) problems.add('must have 1 to 10 items', `${at}/elements`)
      for (const [index, each] of elements.entries()) {
        const pointer = `${at}/elements/${index}`
        if (each.type === 'image') checkImage(each, pointer, problems)
        else checkText(each, 3000, pointer, problems)
      }
      return
    case 'actions':
    case 'context_actions':
      if (elements.length < 1 || elements.length > 25) problems.add('must have 1 to 25 items', `${at}/elements`)
      for (const [index, each] of elements.entries()) element(each, `${at}/elements/${index}`)
      return
    case 'input':
      checkText(block.label, 2000, `${at}/label`, problems, 'plain')
      if (block.hint !== undefined) checkText(block.hint, 2000, `${at}/hint`, problems, 'plain')
      element(block.element, `${at}/element`)
      return
    case 'table':
      checkTable(block, at, problems)
      return
    case 'rich_text':
      if (!Array.isArray(block.elements)) problems.add('missing required field: elements', at)
      return
    case 'video':
    case 'file':
      return
    default:
      problems.add(`unsupported type: ${string(block.type)}`, `${at}/type`)
  }
}

function checkTable(block: Json, at: string, problems: Problems): void {
  const rows = Array.isArray(block.rows) ? block.rows : []
  if (rows.length < 1 || rows.length > 100) problems.add('must have 1 to 100 rows', `${at}/rows`)
  for (const [index, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length < 1 || row.length > 20) {
      problems.add('must have 1 to 20 cells', `${at}/rows/${index}`)
    }
  }
}

function checkImage(image: Json, at: string, problems: Problems): void {
  if (image.image_url === undefined && image.slack_file === undefined)
    problems.add('missing required field: image_url', at)
  if (image.slack_file !== undefined && !/^F[A-Z0-9]{8,}$/.test(string(inner(image.slack_file).id)))
    problems.add('input must match regex pattern: ^[F][A-Z0-9]{8,}$', `${at}/slack_file/id`)
  checkLength(image.image_url, 3000, `${at}/image_url`, problems)
  checkLength(image.alt_text ?? '', 2000, `${at}/alt_text`, problems, 1)
}

const known = new Set(
  (
    'button static_select external_select users_select conversations_select channels_select multi_static_select ' +
    'multi_external_select multi_users_select multi_conversations_select multi_channels_select overflow checkboxes ' +
    'radio_buttons plain_text_input number_input email_text_input url_text_input rich_text_input datepicker timepicker ' +
    'datetimepicker file_input image feedback_buttons icon_button workflow_button'
  ).split(' '),
)

function checkElement(element: Json, at: string, actionIds: Set<string>, problems: Problems): void {
  const type = string(element.type)
  if (!known.has(type)) {
    problems.add(`unsupported type: ${type}`, `${at}/type`)
    return
  }
  if (type === 'image') {
    checkImage(element, at, problems)
    return
  }
  checkLength(element.action_id, 255, `${at}/action_id`, problems)
  const id = string(element.action_id)
  if (id !== '' && actionIds.has(id)) problems.add(`\`action_id\` ${id} already exists`, `${at}/action_id`)
  actionIds.add(id)
  if (element.placeholder !== undefined) checkText(element.placeholder, 150, `${at}/placeholder`, problems, 'plain')
  if (element.confirm !== undefined) checkConfirm(inner(element.confirm), `${at}/confirm`, problems)
  if (type === 'button') {
    checkText(element.text, 75, `${at}/text`, problems, 'plain')
    checkLength(element.value, 2000, `${at}/value`, problems)
    checkLength(element.url, 3000, `${at}/url`, problems)
    if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger') {
      problems.add('must be primary or danger', `${at}/style`)
    }
  }
  if (type === 'plain_text_input') checkLength(element.initial_value, 3000, `${at}/initial_value`, problems)
  const most = type === 'overflow' ? 5 : type === 'checkboxes' || type === 'radio_buttons' ? 10 : 100
  if (/static_select|overflow|checkboxes|radio_buttons/.test(type)) checkOptions(element, most, at, problems)
}

function checkOptions(element: Json, most: number, at: string, problems: Problems): void {
  const groups = objects(element.option_groups)
  if (groups.length > 100) problems.add('no more than 100 items allowed', `${at}/option_groups`)
  if (element.options === undefined && groups.length === 0) problems.add('missing required field: options', at)
  for (const [index, group] of groups.entries()) {
    checkText(group.label, 75, `${at}/option_groups/${index}/label`, problems, 'plain')
    checkOptionList(group.options, most, `${at}/option_groups/${index}/options`, problems)
  }
  if (element.options !== undefined) checkOptionList(element.options, most, `${at}/options`, problems)
  const offered = [...objects(element.options), ...groups.flatMap(group => objects(group.options))]
  const chosen = [element.initial_option, ...objects(element.initial_options)].filter(isJson)
  for (const initial of chosen) {
    if (!offered.some(option => JSON.stringify(option) === JSON.stringify(initial))) {
      problems.add('initial option must be one of the options', `${at}/initial_option`)
    }
  }
}

/** Also the options that an app answers a `block_suggestion` with. */
export function problemsOfOptions(options: unknown): string[] {
  const list: string[] = []
  checkOptionList(options, 100, '/options', { add: (problem, at) => void list.push(`${problem} [json-pointer:${at}]`) })
  return list
}

function checkOptionList(value: unknown, most: number, at: string, problems: Problems): void {
  const options = objects(value)
  if (options.length < 1 || options.length > most) problems.add(`must have 1 to ${most} items`, at)
  for (const [index, option] of options.entries()) {
    checkText(option.text, 75, `${at}/${index}/text`, problems)
    checkLength(option.value, 150, `${at}/${index}/value`, problems)
    if (option.description !== undefined) checkText(option.description, 75, `${at}/${index}/description`, problems)
  }
}

function checkConfirm(confirm: Json, at: string, problems: Problems): void {
  checkText(confirm.title, 100, `${at}/title`, problems, 'plain')
  checkText(confirm.text, 300, `${at}/text`, problems)
  checkText(confirm.confirm, 30, `${at}/confirm`, problems, 'plain')
  checkText(confirm.deny, 30, `${at}/deny`, problems, 'plain')
}

function checkText(value: unknown, most: number, at: string, problems: Problems, kind: 'any' | 'plain' = 'any'): void {
  if (!isJson(value)) {
    problems.add('missing required field: text', at)
    return
  }
  const plain = value.type === 'plain_text'
  if (!plain && (kind === 'plain' || value.type !== 'mrkdwn')) problems.add('must be a valid text type', `${at}/type`)
  if (!plain && value.emoji !== undefined) problems.add('no more than allowed: emoji is for plain_text', `${at}/emoji`)
  if (plain && flag(value.verbatim) !== undefined) problems.add('verbatim is for mrkdwn', `${at}/verbatim`)
  for (const key of Object.keys(value)) {
    if (!['type', 'text', 'emoji', 'verbatim'].includes(key)) problems.add(`additional property: ${key}`, at)
  }
  checkLength(value.text ?? '', most, `${at}/text`, problems, 1)
}

function checkLength(value: unknown, most: number, at: string, problems: Problems, least = 0): void {
  if (value === undefined) return
  if (typeof value !== 'string') {
    problems.add('must be a string', at)
    return
  }
  if (value.length > most) problems.add(`must be less than ${most + 1} characters`, at)
  if (value.length < least) problems.add('must be more than 0 characters', at)
}
