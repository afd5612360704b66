import type { Model, Region } from '../core/model.ts'
import type { Provider } from '../core/ports.ts'
import { aliasesFor } from './families.ts'

/** Models that turn text into numbers or order lists; they cannot answer a prompt. */
const cannotChat = /embed|rerank|minilm|\bbge\b/i

/** Ollama passes these on to its makers' servers: neither local nor free. */
const runsElsewhere = /[:-]cloud$/i

const nothingBilled = {
  input: 0,
  output: 0,
  currency: 'USD',
  asOf: '2026-11-23',
  source: 'runs on your own machine',
} as const

/**
 * The models of a provider that lists its own, such as Ollama. Whoever asks gets the newest list that is known, and the
 * asking itself brings it up to date in the background; the provider remembers its list for a minute. When the provider
 * stops answering, the last list stands: a job that runs then says that it cannot be reached.
 */
export class ListedModels {
  readonly #id: string
  readonly #provider: Provider
  readonly #region: Region | null
  readonly #wanted: boolean
  #names: readonly string[] | undefined

  /** `wanted`: the operator asked for it, so that it is on even when it does not answer. */
  constructor(id: string, provider: Provider, options: { region: Region | null; wanted: boolean }) {
    this.#id = id
    this.#provider = provider
    this.#region = options.region
    this.#wanted = options.wanted
  }

  isOn(): boolean {
    return this.#wanted || this.#names !== undefined
  }

  models(): Model[] {
    void this.look()
    return (this.#names ?? []).filter(name => !cannotChat.test(name)).map(name => this.#model(name))
  }

  /** Never throws. */
  async look(): Promise<void> {
    const health = await this.#provider.health()
    if (health.ok && health.offered !== null) this.#names = health.offered
  }

  #model(name: string): Model {
    const isHere = this.#region === 'local' && !runsElsewhere.test(name)
    return {
      id: `${this.#id}/${name}`,
      provider: this.#id,
      name,
      aliases: aliasesFor(name),
      contextTokens: null,
      price: isHere ? nothingBilled : null,
      region: isHere ? 'local' : null,
    }
  }
}
