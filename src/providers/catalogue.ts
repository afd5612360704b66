/**
 * Every provider that Faceoff knows, as data. Ids and prices age: each price says when and where it was read, and an
 * operator overrides any of them in `models.json`.
 *
 * Where prompts go. An address in mainland China (`cn`) sends them there; `various` routes on to hosts of its own
 * choice; null means that the vendor promises no region at that address.
 */
import type { Currency, Price } from '../core/model.ts'
import { family } from './families.ts'
import type { ProviderRow } from './row.ts'

/** Currency, then units per million tokens in and out. */
type Amounts = [currency: Currency, input: number, output: number]

// Where prices were read, and when.
const pi = priced('2026-11-10', '@earendil-works/pi-ai 1.5.2')
const llmGateway = priced('2026-09-23', '@llmgateway/models 1.324.0')
const genaiPrices = priced('2026-09-23', '@pydantic/genai-prices 0.1.8')
const modelsDev = priced('2026-07-02', 'models.dev')

function priced(asOf: string, source: string): (...amounts: Amounts) => Price {
  return (currency, input, output) => ({ input, output, currency, asOf, source })
}

const usual = {
  kind: 'openai-compatible',
  moved: false,
  tokenLimitField: 'max_tokens',
  maxAnswerTokens: null,
  thinkTags: false,
  failures: [],
  concurrency: 8,
  rateLimit: null,
} as const satisfies Partial<ProviderRow>

// Hidden reasoning would be neither seen nor compared, only waited and paid for: each vendor's documented switch keeps
// it off, or low where it cannot be switched off (GPT-6.1 Sol, Qwen3.8 Max). Other models keep their own default.
const lowEffort = { reasoning_effort: 'low' }
const qwenThinkingOff = { enable_thinking: false }
const thinkingDisabled = { thinking: { type: 'disabled' } }

export const builtInRows: readonly ProviderRow[] = [
  {
    ...usual,
    id: 'qwen',
    name: 'Alibaba Cloud Model Studio',
    keyVariable: 'DASHSCOPE_API_KEY',
    baseUrlVariable: 'DASHSCOPE_BASE_URL',
    // A key is valid in its own region only.
    baseUrls: [
      {
        url: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
        region: 'sg',
        hosts: ['.ap-southeast-1.maas.aliyuncs.com'],
      },
      {
        url: 'https://dashscope-us.aliyuncs.com/compatible-mode/v1',
        region: 'us',
        hosts: ['.us-east-1.maas.aliyuncs.com'],
      },
      { url: 'https://dashscope.aliyuncs.com/compatible-mode/v1', region: 'cn' },
      {
        url: 'https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1',
        region: 'hk',
        hosts: ['.cn-hongkong.maas.aliyuncs.com'],
      },
    ],
    tokenLimitField: 'max_completion_tokens',
    // Bursts are refused by the second, whatever the limit by the minute.
    rateLimit: { max: 10, perMs: 1_000 },
    failures: [
      // The word that means "no money" at OpenAI means "too many tokens this minute" here, unless the text says more.
      { code: /^insufficient_quota$/i, message: /free (tier|quota|allocated)|arrear|overdue/i, means: 'no_credit' },
      { code: /^insufficient_quota$/i, means: 'provider_busy' },
    ],
    models: [
      {
        id: 'qwen3.8-max',
        name: 'Qwen3.8 Max',
        aliases: family.qwen,
        contextTokens: 1_000_000,
        price: llmGateway('USD', 2, 6),
        priceIn: { cn: null },
        body: lowEffort,
      },
      {
        id: 'qwen-max-2025-01-25',
        name: 'Qwen2.5-Max',
        aliases: family.qwen,
        contextTokens: 32_768,
        price: modelsDev('USD', 1.6, 6.4),
        priceIn: { cn: modelsDev('USD', 0.345, 1.377) },
        retirement: { on: '2026-07-13', source: 'alibabacloud.com/zh/notice, mainline_models_731' },
      },
      {
        id: 'qwen3.8-flash',
        name: 'Qwen3.8 Flash',
        aliases: family.qwen,
        contextTokens: 1_000_000,
        price: null,
        body: lowEffort,
      },
      {
        id: 'qwen3.7-max',
        name: 'Qwen3.7 Max',
        aliases: family.qwen,
        contextTokens: 1_000_000,
        price: llmGateway('USD', 2.5, 7.5),
        priceIn: { cn: null },
        body: qwenThinkingOff,
      },
      {
        id: 'qwen3.7-plus',
        name: 'Qwen3.7 Plus',
        aliases: family.qwen,
        contextTokens: 1_000_000,
        price: llmGateway('USD', 0.4, 1.6),
        priceIn: { cn: null },
        body: qwenThinkingOff,
      },
    ],
  },
  {
    ...usual,
    id: 'openai',
    name: 'OpenAI',
    keyVariable: 'OPENAI_API_KEY',
    baseUrlVariable: 'OPENAI_BASE_URL',
    baseUrls: [
      { url: 'https://api.openai.com/v1', region: null },
      { url: 'https://us.api.openai.com/v1', region: 'us' },
      { url: 'https://eu.api.openai.com/v1', region: 'eu' },
      { url: 'https://jp.api.openai.com/v1', region: 'jp' },
    ],
    tokenLimitField: 'max_completion_tokens',
    models: [
      {
        id: 'gpt-6.1-sol',
        name: 'GPT-6.1 Sol',
        aliases: family.gpt,
        contextTokens: 272_000,
        price: pi('USD', 2, 10),
        body: lowEffort,
      },
      {
        id: 'gpt-6.1-terra',
        name: 'GPT-6.1 Terra',
        aliases: family.gpt,
        contextTokens: 272_000,
        price: pi('USD', 1, 5),
        body: lowEffort,
      },
      {
        id: 'gpt-6-luna',
        name: 'GPT-6 Luna',
        aliases: family.gpt,
        contextTokens: 272_000,
        price: pi('USD', 0.1, 0.5),
        body: lowEffort,
      },
      {
        id: 'gpt-6-astra',
        name: 'GPT-6 Astra',
        aliases: family.gpt,
        contextTokens: 272_000,
        price: pi('USD', 10, 50),
        body: lowEffort,
      },
      {
        id: 'gpt-4o',
        name: 'GPT-4o',
        aliases: family.gpt,
        contextTokens: 128_000,
        price: pi('USD', 2.5, 10),
        retirement: { on: '2027-01-14', source: 'developers.openai.com/docs/deprecations' },
      },
    ],
  },
  {
    ...usual,
    id: 'groq',
    name: 'Groq',
    keyVariable: 'GROQ_API_KEY',
    baseUrlVariable: 'GROQ_BASE_URL',
    baseUrls: [{ url: 'https://api.groq.com/openai/v1', region: null }],
    thinkTags: true,
    models: [
      {
        id: 'llama-3.3-70b-versatile',
        name: 'Llama 3.3 70B',
        aliases: family.llama,
        contextTokens: 131_072,
        price: pi('USD', 0.59, 0.79),
      },
      {
        id: 'llama-3.1-8b-instant',
        name: 'Llama 3.1 8B',
        aliases: family.llama,
        contextTokens: 131_072,
        price: pi('USD', 0.05, 0.08),
      },
    ],
  },
  {
    ...usual,
    id: 'together',
    name: 'Together AI',
    keyVariable: 'TOGETHER_API_KEY',
    baseUrlVariable: 'TOGETHER_BASE_URL',
    baseUrls: [
      { url: 'https://api.together.ai/v1', region: null },
      { url: 'https://api.together.xyz/v1', region: null },
    ],
    thinkTags: true,
    models: [
      {
        id: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
        name: 'Llama 3.3 70B',
        aliases: family.llama,
        contextTokens: 131_072,
        price: genaiPrices('USD', 0.88, 0.88),
      },
      {
        id: 'meta-llama/Meta-Llama-3-8B-Instruct-Lite',
        name: 'Llama 3 8B Lite',
        aliases: family.llama,
        contextTokens: 8_192,
        price: genaiPrices('USD', 0.1, 0.1),
      },
    ],
  },
  {
    ...usual,
    id: 'huggingface',
    name: 'Hugging Face',
    keyVariable: 'HF_TOKEN',
    baseUrlVariable: 'HF_BASE_URL',
    baseUrls: [{ url: 'https://router.huggingface.co/v1', region: 'various' }],
    thinkTags: true,
    models: [
      {
        id: 'meta-llama/Llama-3.3-70B-Instruct',
        name: 'Llama 3.3 70B',
        aliases: family.llama,
        contextTokens: 131_072,
        price: pi('USD', 0.59, 0.79),
      },
      {
        id: 'meta-llama/Llama-3.1-8B-Instruct',
        name: 'Llama 3.1 8B',
        aliases: family.llama,
        contextTokens: 131_072,
        price: pi('USD', 0.06, 0.06),
      },
    ],
  },
  {
    ...usual,
    id: 'deepseek',
    name: 'DeepSeek',
    keyVariable: 'DEEPSEEK_API_KEY',
    baseUrlVariable: 'DEEPSEEK_BASE_URL',
    baseUrls: [{ url: 'https://api.deepseek.com', region: 'cn' }],
    // Prices at peak hours; at other hours DeepSeek takes about half.
    models: [
      {
        id: 'deepseek-v4-pro',
        name: 'DeepSeek V4 Pro',
        aliases: family.deepseek,
        contextTokens: 1_000_000,
        price: pi('USD', 1.32, 3.96),
        body: thinkingDisabled,
      },
      {
        id: 'deepseek-flash',
        name: 'DeepSeek Flash',
        aliases: family.deepseek,
        contextTokens: 1_000_000,
        price: pi('USD', 0.3, 1.2),
        body: thinkingDisabled,
      },
    ],
  },
  {
    ...usual,
    id: 'ernie',
    name: 'Baidu Qianfan',
    keyVariable: 'QIANFAN_API_KEY',
    baseUrlVariable: 'QIANFAN_BASE_URL',
    baseUrls: [{ url: 'https://qianfan.baidubce.com/v2', region: 'cn' }],
    failures: [{ status: 401, code: /^invalid_model$/i, means: 'model_missing' }],
    models: [
      { id: 'ernie-5.1', name: 'ERNIE 5.1', aliases: family.ernie, contextTokens: 131_072, price: null },
      {
        id: 'ernie-4.5-turbo-128k',
        name: 'ERNIE 4.5 Turbo',
        aliases: family.ernie,
        contextTokens: 131_072,
        price: priced('2026-11-23', 'LobeHub model-bank, undated copy')('CNY', 0.8, 3.2),
      },
    ],
  },
  {
    ...usual,
    id: 'doubao',
    name: 'Volcengine Ark',
    keyVariable: 'ARK_API_KEY',
    baseUrlVariable: 'ARK_BASE_URL',
    // The international sister (BytePlus) has other accounts, keys and model ids.
    baseUrls: [
      { url: 'https://ark.cn-beijing.volces.com/api/v3', region: 'cn' },
      { url: 'https://ark.ap-southeast.bytepluses.com/api/v3', region: null },
    ],
    failures: [
      // A model must be switched on in Ark's own pages first.
      { code: /^ModelNotOpen|^InvalidEndpointOrModel/i, means: 'model_missing' },
      { code: /RiskDetection|SensitiveContentDetected/i, means: 'prompt_refused' },
    ],
    models: [
      {
        id: 'doubao-seed-2-1-pro-260628',
        name: 'Doubao Seed 2.1 Pro',
        aliases: family.doubao,
        contextTokens: 262_144,
        price: priced('2026-11-23', 'volcengine.com/article/2605349')('CNY', 6, 30),
        body: thinkingDisabled,
      },
      {
        id: 'doubao-seed-2-1-turbo-260628',
        name: 'Doubao Seed 2.1 Turbo',
        aliases: family.doubao,
        contextTokens: 262_144,
        price: null,
        body: thinkingDisabled,
      },
    ],
  },
  {
    ...usual,
    id: 'anthropic',
    name: 'Anthropic',
    keyVariable: 'ANTHROPIC_API_KEY',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    baseUrls: [{ url: 'https://api.anthropic.com/v1', region: null }],
    models: [
      {
        id: 'claude-opus-5-5',
        name: 'Claude Opus 5.5',
        aliases: family.claude,
        contextTokens: 1_000_000,
        price: pi('USD', 4, 20),
      },
      {
        id: 'claude-sonnet-5',
        name: 'Claude Sonnet 5',
        aliases: family.claude,
        contextTokens: 1_000_000,
        price: pi('USD', 2, 10),
      },
      {
        id: 'claude-haiku-4-5',
        name: 'Claude Haiku 4.5',
        aliases: family.claude,
        contextTokens: 200_000,
        price: pi('USD', 1, 5),
      },
    ],
  },
  {
    ...usual,
    id: 'gemini',
    name: 'Google Gemini',
    keyVariable: 'GEMINI_API_KEY',
    baseUrlVariable: 'GEMINI_BASE_URL',
    baseUrls: [{ url: 'https://generativelanguage.googleapis.com/v1beta/openai', region: null }],
    failures: [{ status: 400, message: /api key (not valid|expired)/i, means: 'key_rejected' }],
    models: [
      {
        id: 'gemini-3.8-flash',
        name: 'Gemini 3.8 Flash',
        aliases: family.gemini,
        contextTokens: 1_048_576,
        price: pi('USD', 0.75, 3.75),
      },
      {
        id: 'gemini-3.1-pro-preview',
        name: 'Gemini 3.1 Pro Preview',
        aliases: family.gemini,
        contextTokens: 1_048_576,
        price: pi('USD', 2, 12),
      },
    ],
  },
  {
    ...usual,
    id: 'openrouter',
    name: 'OpenRouter',
    keyVariable: 'OPENROUTER_API_KEY',
    baseUrlVariable: 'OPENROUTER_BASE_URL',
    baseUrls: [{ url: 'https://openrouter.ai/api/v1', region: 'various' }],
    thinkTags: true,
    failures: [{ status: 403, message: /moderation|flagged/i, means: 'prompt_refused' }],
    models: [
      {
        id: 'qwen/qwen3.8-max-0902',
        name: 'Qwen3.8 Max',
        aliases: family.qwen,
        contextTokens: 1_000_000,
        price: pi('USD', 2, 6),
        body: lowEffort,
      },
      {
        id: 'meta-llama/llama-4-maverick',
        name: 'Llama 4 Maverick',
        aliases: family.llama,
        contextTokens: 524_288,
        price: pi('USD', 0.35, 1),
      },
      {
        id: 'meta-llama/llama-3.3-70b-instruct',
        name: 'Llama 3.3 70B',
        aliases: family.llama,
        contextTokens: 128_000,
        price: pi('USD', 0.71, 0.71),
      },
      {
        id: 'bytedance-seed/seed-2-1-turbo',
        name: 'Seed 2.1 Turbo',
        aliases: family.doubao,
        contextTokens: 262_144,
        price: pi('USD', 0.5, 2.5),
      },
    ],
  },
  {
    ...usual,
    id: 'azure',
    name: 'Azure OpenAI',
    keyVariable: 'AZURE_OPENAI_API_KEY',
    baseUrlVariable: 'AZURE_OPENAI_BASE_URL',
    // Every customer has an address (https://<resource>.openai.azure.com/openai/v1) and deployment names of their own.
    baseUrls: [],
    tokenLimitField: 'max_completion_tokens',
    models: [],
  },
  {
    ...usual,
    id: 'ollama',
    name: 'Ollama',
    kind: 'listed',
    keyVariable: null,
    baseUrlVariable: 'OLLAMA_BASE_URL',
    baseUrls: [{ url: 'http://127.0.0.1:11434/v1', region: 'local' }],
    thinkTags: true,
    // One machine answers one after the other faster than both at half the speed, and its clock stays fair.
    concurrency: 1,
    models: [],
  },
  {
    ...usual,
    id: 'demo',
    name: 'Faceoff demo',
    kind: 'demo',
    keyVariable: null,
    baseUrlVariable: null,
    baseUrls: [],
    concurrency: 64,
    models: [
      { id: 'ada', name: 'Demo Ada', aliases: [], contextTokens: null, price: free() },
      { id: 'alan', name: 'Demo Alan', aliases: [], contextTokens: null, price: free() },
    ],
  },
]

function free(): Price {
  return priced('2026-11-23', 'built in, nothing is billed')('USD', 0, 0)
}
