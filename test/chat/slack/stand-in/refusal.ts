import type { Json } from './json.ts'

/** A method's way to say no: becomes `{ ok: false, error, … }`. */
export class Refusal extends Error {
  readonly error: string
  readonly more: Json

  constructor(error: string, more: Json = {}) {
    super(error)
    this.error = error
    this.more = more
  }
}

/** As Slack words what is wrong with blocks, views and arguments. */
export function refusal(error: string, problems: readonly string[]): Refusal {
  return new Refusal(error, {
    errors: problems,
    response_metadata: { messages: problems.map(each => `[ERROR] ${each}`) },
  })
}
