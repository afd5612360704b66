/** Names that give a model away, by family: what it may call itself, and who made it. */
export const family = {
  qwen: [
    'Qwen',
    'QwQ',
    'Tongyi',
    'Tongyi Qianwen',
    '通义',
    '通义千问',
    '千问',
    'Alibaba',
    'Alibaba Cloud',
    '阿里巴巴',
    '阿里云',
  ],
  gpt: ['GPT', 'ChatGPT', 'OpenAI'],
  llama: ['Llama', 'Meta AI', 'by Meta', 'from Meta', 'von Meta'],
  deepseek: ['DeepSeek', '深度求索'],
  ernie: ['ERNIE', 'ERNIE Bot', 'Wenxin', 'Wenxin Yiyan', 'Yiyan', '文心', '文心一言', 'Baidu', '百度'],
  doubao: ['Doubao', '豆包', 'ByteDance', '字节跳动', 'Volcengine'],
  claude: ['Claude', 'Anthropic'],
  gemini: ['Gemini', 'Gemma', 'Google AI', 'Google DeepMind', 'by Google', 'from Google', 'von Google'],
  mistral: ['Mistral', 'Mixtral', 'Ministral', 'Codestral', 'Mistral AI'],
} as const satisfies Record<string, readonly string[]>

const marks: readonly { in: RegExp; aliases: readonly string[] }[] = [
  { in: /qwen|qwq/i, aliases: family.qwen },
  { in: /gpt|\bo[1-9]\b/i, aliases: family.gpt },
  { in: /llama/i, aliases: family.llama },
  { in: /deepseek/i, aliases: family.deepseek },
  { in: /ernie/i, aliases: family.ernie },
  { in: /doubao|\bseed-/i, aliases: family.doubao },
  { in: /claude/i, aliases: family.claude },
  { in: /gemini|gemma/i, aliases: family.gemini },
  { in: /[mx]istral|mixtral|codestral/i, aliases: family.mistral },
]

/** The aliases of a model that no catalogue describes, by what its name says. A distilled model has two families. */
export function aliasesFor(model: string): readonly string[] {
  return marks.filter(mark => mark.in.test(model)).flatMap(mark => mark.aliases)
}
