/**
 * Two built-in contestants for an installation without keys. They say plainly what they are, answer in English or
 * German like the prompt, and differ enough that there is something to vote on. They never name themselves: the ballot
 * stays as blind as with real models.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { FaceoffError } from '../core/errors.ts'
import type { AnswerPart, AnswerRequest, Health, Provider } from '../core/ports.ts'

/** About forty words a second, as a quick model writes. */
const usualWordMs = 25

type Style = 'brief' | 'thorough'

const styles: ReadonlyMap<string, Style> = new Map([
  ['demo/ada', 'brief'],
  ['demo/alan', 'thorough'],
])

export class Demo implements Provider {
  readonly id = 'demo'
  readonly #wordMs: number

  /** `wordMs`: the pause before each word; 0 writes as fast as it is read. */
  constructor(options: { wordMs?: number } = {}) {
    this.#wordMs = options.wordMs ?? usualWordMs
  }

  async *answer({ model, prompt, signal }: AnswerRequest): AsyncGenerator<AnswerPart, void, undefined> {
    const style = styles.get(model.id)
    if (!style) throw new FaceoffError({ code: 'model_missing' }, { message: 'demo: no such model' })
    const words = wordsOf(demoAnswer(style, prompt))
    signal.throwIfAborted()
    for (const text of words) {
      if (this.#wordMs > 0) await this.#pause(signal)
      yield { type: 'text', text }
      signal.throwIfAborted()
    }
    yield { type: 'usage', promptTokens: wordsOf(prompt).length, completionTokens: words.length }
    yield { type: 'end', reason: 'stop' }
  }

  async health(): Promise<Health> {
    return { ok: true, offered: [...styles.keys()].map(id => id.slice('demo/'.length)) }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    try {
      await sleep(this.#wordMs, undefined, { signal })
    } catch {
      throw signal.reason
    }
  }
}

/** Words with the white space in front of them; put together again they are the text. */
function wordsOf(text: string): string[] {
  return text.match(/\s*\S+/g) ?? []
}

/** The same for the same prompt. */
function demoAnswer(style: Style, prompt: string): string {
  const text = looksGerman(prompt) ? german : english
  const quoted = quote(prompt)
  if (style === 'brief') return text.brief(quoted, pick(text.asides, prompt))
  return text.thorough(quoted, pick(snippets, prompt))
}

function looksGerman(prompt: string): boolean {
  if (/[äöüß]/i.test(prompt)) return true
  const words = prompt.toLowerCase().match(/\p{L}+/gu) ?? []
  const german = words.filter(word =>
    /^(der|die|das|und|ist|ein|eine|wie|warum|nicht|ich|mit|für|auf|zu|bitte)$/.test(word),
  )
  const english = words.filter(word => /^(the|and|is|a|an|how|why|not|i|with|for|on|to|please|what|of|in)$/.test(word))
  return german.length > english.length
}

/** The beginning of the prompt on one line, without what Markdown would read. */
function quote(prompt: string): string {
  const plain = prompt.replace(/[^\p{L}\p{N}.,;:!?'+/=-]+/gu, ' ').trim()
  const characters = [...plain]
  return characters.length > 80 ? `${characters.slice(0, 79).join('').trimEnd()}…` : plain || '…'
}

function pick<T>(choices: readonly [T, ...T[]], prompt: string): T {
  let sum = 0
  for (const character of prompt) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return choices[sum % choices.length] ?? choices[0]
}

type Snippet = readonly [language: string, ...lines: string[]]

const snippets: readonly [Snippet, ...Snippet[]] = [
  ['python', 'from collections import Counter', '', 'votes = Counter(["A", "B", "A"])', 'print(votes.most_common(1))'],
  [
    'typescript',
    "const votes = ['A', 'B', 'A']",
    'const forA = votes.filter(vote => vote === "A").length',
    'console.log(forA)',
  ],
  ['sql', 'SELECT label, count(*) AS votes', 'FROM vote', 'GROUP BY label', 'ORDER BY votes DESC;'],
]

function fenced([language, ...lines]: Snippet): string {
  return ['```', language, '\n', lines.join('\n'), '\n```'].join('')
}

const english = {
  asides: [
    'Short answers win more votes than one would think.',
    'A brief answer leaves less to disagree with.',
    'Brevity is a style too: vote for it if you like it.',
  ],
  brief: (quoted: string, aside: string) =>
    `This is Faceoff's built-in **demo**, not a language model, so there is no real answer to “${quoted}” here. ${aside}

To compare real models, set \`DASHSCOPE_API_KEY\` and \`OPENAI_API_KEY\` or start Ollama, then ask again.`,
  thorough: (quoted: string, snippet: Snippet) =>
    `### About “${quoted}”

This text comes from Faceoff's built-in **demo**. It is *not* a language model and has not understood the question. It shows what an answer looks like:

1. **It streams.** Words appear as they are written, in every answer at once.
2. **It is Markdown.** Lists, emphasis and code are rendered:

${fenced(snippet)}

3. **It is blind.** Who wrote which answer stays hidden until the reveal.

To compare real models:

- set \`DASHSCOPE_API_KEY\` and \`OPENAI_API_KEY\` (or any other provider's key) and restart, or
- start Ollama on this machine.`,
} as const

const german = {
  asides: [
    'Kurze Antworten gewinnen mehr Stimmen, als man denkt.',
    'Wer sich kurz fasst, bietet weniger Anlass zum Widerspruch.',
    'Auch Kürze ist ein Stil: Wer sie mag, stimmt dafür.',
  ],
  brief: (quoted: string, aside: string) =>
    `Das ist die eingebaute **Demo** von Faceoff, kein Sprachmodell; eine echte Antwort auf „${quoted}“ gibt es hier also nicht. ${aside}

Für echte Modelle \`DASHSCOPE_API_KEY\` und \`OPENAI_API_KEY\` setzen oder Ollama starten und noch einmal fragen.`,
  thorough: (quoted: string, snippet: Snippet) =>
    `### Zu „${quoted}“

Dieser Text kommt aus der eingebauten **Demo** von Faceoff. Sie ist *kein* Sprachmodell und hat die Frage nicht verstanden. Sie zeigt, wie eine Antwort aussieht:

1. **Sie erscheint nach und nach.** Die Wörter kommen, wie sie geschrieben werden, in allen Antworten zugleich.
2. **Sie ist Markdown.** Listen, Hervorhebungen und Code werden dargestellt:

${fenced(snippet)}

3. **Sie ist blind.** Wer was geschrieben hat, bleibt bis zur Enthüllung verborgen.

Für echte Modelle:

- \`DASHSCOPE_API_KEY\` und \`OPENAI_API_KEY\` (oder den Schlüssel eines anderen Anbieters) setzen und neu starten, oder
- Ollama auf diesem Rechner starten.`,
} as const
