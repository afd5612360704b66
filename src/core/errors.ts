/**
 * Every way in which Faceoff can fail, decided once, where the failure is first seen.
 *
 * - `retryable`: the same request may succeed later (a busy provider, a cut connection);
 * - `permanent`: it will not, until an operator changes something (a rejected key, a retired model);
 * - `user`: the person asked for something that cannot be done, and can ask for something else.
 *
 * Nobody looks at status codes or messages after that. The sentence a person reads is `text.problem[code]`.
 */
export type Problem =
  | UserProblem
  | { code: 'provider_busy' | 'provider_down' | 'provider_silent' | 'answer_cut' | 'bad_response' | 'empty_answer' }
  | {
      code: 'key_rejected' | 'no_credit' | 'model_missing' | 'prompt_refused' | 'context_exceeded' | 'request_rejected'
    }
  | { code: 'provider_off' | 'gave_up' | 'internal' }
  | ChatProblem

/**
 * What can be the matter with a platform. `chat_down`: it does not answer, or is busy; `chat_closed`: we may not do that
 * there, and `missing` names what would let us; `post_gone`: what was to be changed is not there any more.
 */
type ChatProblem = { code: 'chat_down' } | { code: 'chat_closed'; missing: string | null } | { code: 'post_gone' }

type UserProblem =
  | { code: 'prompt_empty' }
  | { code: 'prompt_too_long'; length: number; limit: number }
  | { code: 'model_unknown'; model: string; suggestion: string | null }
  | { code: 'model_twice'; model: string }
  | { code: 'too_few_models'; given: number }
  | { code: 'too_many_models'; given: number; limit: number }
  | { code: 'category_unknown'; category: string }
  | { code: 'option_bad'; option: string; value: string }
  | { code: 'command_unknown'; command: string; suggestion: string | null }
  | { code: 'comparison_missing' }
  | { code: 'ballot_closed' }
  | { code: 'choice_not_open'; choice: string }
  | { code: 'not_asker_nor_admin' }
  | { code: 'too_early_to_reveal' }
  | { code: 'name_bad'; limit: number }
  | { code: 'name_taken'; name: string }
  | { code: 'admins_only' }
  | { code: 'time_bad'; time: string }
  | { code: 'time_zone_unknown'; timeZone: string }
  | { code: 'summary_without_channel' }

export type ProblemCode = Problem['code']

/** What can be the matter with one contestant: the codes a provider's adapter may raise, and our own reasons to give up. */
export type FailureCode = Exclude<ProblemCode, UserProblem['code'] | ChatProblem['code']>

export type ErrorKind = 'retryable' | 'permanent' | 'user'

const retryable: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'provider_busy',
  'provider_down',
  'provider_silent',
  'answer_cut',
  'bad_response',
  'empty_answer',
  'chat_down',
  // A defect, or our own database gone for a moment: the latter is worth another try.
  'internal',
])

const permanent: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'key_rejected',
  'no_credit',
  'model_missing',
  'prompt_refused',
  'context_exceeded',
  'request_rejected',
  'provider_off',
  'gave_up',
  'chat_closed',
  'post_gone',
])

const ofChat: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['chat_down', 'chat_closed', 'post_gone'])

/** A provider that asks for more than an hour (a daily quota, say) has refused for people who wait in a chat. */
const longestWaitMs = 3_600_000

/** The one error class that crosses a port. Its `message` is for logs; people read `text.problem[code]`. */
export class FaceoffError extends Error {
  override readonly name = 'FaceoffError'
  readonly problem: Problem
  /** Milliseconds to wait before the next try, where the other side said so. */
  readonly retryAfterMs: number | undefined

  constructor(problem: Problem, options: { retryAfterMs?: number; cause?: unknown; message?: string } = {}) {
    super(options.message ?? problem.code, { cause: options.cause })
    this.problem = problem
    this.retryAfterMs = options.retryAfterMs
  }

  get kind(): ErrorKind {
    if (retryable.has(this.problem.code)) return 'retryable'
    if (permanent.has(this.problem.code)) return 'permanent'
    return 'user'
  }

  /** The same request may succeed, and soon enough for somebody who waits. */
  get isWorthRepeating(): boolean {
    return this.kind === 'retryable' && (this.retryAfterMs ?? 0) <= longestWaitMs
  }
}

/** True for the codes a contestant can fail with; a user's mistake never becomes a contestant's failure. */
export function isFailureCode(code: ProblemCode): code is FailureCode {
  return (retryable.has(code) || permanent.has(code)) && !ofChat.has(code)
}

/** Whatever was thrown, as one of our errors; what is not ours is a defect and counts as `internal`. */
export function asFaceoffError(thrown: unknown): FaceoffError {
  if (thrown instanceof FaceoffError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new FaceoffError({ code: 'internal' }, { cause: thrown, message })
}
